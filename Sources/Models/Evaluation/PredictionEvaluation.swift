import Faults
import Modeling
import Resources
import TaskRuntime

/// Measures of predictions, and their curves with at least 20 rows between two points and in every band.
struct PredictionEvaluation {
    let json: [String: JSONValue]

    private static let leastRows = 20

    /// Whether labels are of two classes, rather than numbers.
    static func isBinary(_ labels: [Double]) -> Bool { labels.allSatisfy { $0 == 0 || $0 == 1 } }

    /// - Returns: nil where nothing can be measured: fewer than 20 rows, or labels all of one kind.
    init?(_ predictions: [Double], labels: [Double]) {
        let isBinary = Self.isBinary(labels)
        guard labels.count >= Self.leastRows,
            let report = EvaluationReport(predictions, labels, isBinary ? .binary : .squared)
        else { return nil }
        var members: [String: JSONValue] = [
            "objective": .string(isBinary ? Objective.binary.rawValue : Objective.squared.rawValue),
            "rows": .integer(Int64(labels.count)), "measures": .object(report.figures.mapValues { .number($0) }),
        ]
        if isBinary {
            do throws(Fault) {
                members.merge(try Self.curves(predictions, labels)) { $1 }
            } catch {
                return nil
            }
        }
        json = members
    }

    /// - Throws: `ModelingFaults.evaluation`.
    private static func curves(_ predictions: [Double], _ labels: [Double]) throws(Fault) -> [String: JSONValue] {
        let evaluation = try BinaryEvaluation(scores: predictions, labels: labels)
        let curve = try evaluation.sparseCurve(leastRows: leastRows)
        let bands = try evaluation.bands(max(1, min(10, labels.count / leastRows)))
        let calibration = try evaluation.calibration().filter { $0.rows >= leastRows }
        return [
            "curve": .array(
                curve.map {
                    [
                        "score": .number($0.score), "rows": .number($0.rows), "events": .number($0.events),
                        "others": .number($0.others),
                    ]
                }),
            "bands": .array(
                bands.map {
                    [
                        "rows": .integer(Int64($0.rows)), "rate": .number($0.rate), "lift": .number($0.lift),
                        "capture": .number($0.capture), "gain": .number($0.gain),
                    ]
                }),
            "calibration": .array(
                calibration.map {
                    [
                        "rows": .integer(Int64($0.rows)), "predicted": .number($0.predicted),
                        "observed": .number($0.observed),
                    ]
                }),
        ]
    }
}
