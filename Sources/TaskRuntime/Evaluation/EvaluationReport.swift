import Faults
public import Modeling

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How good predictions are, as one JSON document with rising names.
public struct EvaluationReport: Sendable {
    /// The measures by dotted name.
    public let figures: [String: Double]
    /// Bands of equal numbers of rows, highest predictions first, and of equal width; empty for numbers.
    public let bands: [ScoreBand]
    public let calibration: [CalibrationBand]

    /// - Returns: nil where nothing can be measured: no rows, or labels all of one kind.
    public init?(_ predictions: [Double], _ labels: [Double], _ objective: Objective) {
        do throws(Fault) {
            switch objective {
            case .binary: self = try Self.binary(predictions, labels)
            case .squared: self = try Self.numbers(predictions, labels)
            }
        } catch {
            return nil
        }
    }

    private init(figures: [String: Double], bands: [ScoreBand], calibration: [CalibrationBand]) {
        self.figures = figures
        self.bands = bands
        self.calibration = calibration
    }

    /// - Throws: `ModelingFaults.evaluation`.
    static func binary(_ predictions: [Double], _ labels: [Double]) throws(Fault) -> EvaluationReport {
        let evaluation = try BinaryEvaluation(scores: predictions, labels: labels)
        let auc = try evaluation.auc()
        let ks = try evaluation.kolmogorovSmirnov()
        let confusion = evaluation.confusion(at: 0.5)
        let parts = try evaluation.brierParts()
        return EvaluationReport(
            figures: [
                "auc": auc.value, "auc.standard_error": auc.standardError, "auc.low": auc.interval.lowerBound,
                "auc.high": auc.interval.upperBound, "gini": try evaluation.gini(), "ks": ks.value,
                "ks.location": ks.location, "average_precision": try evaluation.averagePrecision(),
                "brier": try evaluation.brier(), "brier.reliability": parts.reliability,
                "brier.resolution": parts.resolution, "brier.uncertainty": parts.uncertainty,
                "log_loss": try evaluation.logLoss(), "calibration_error": try evaluation.calibrationError(),
                "accuracy": confusion.accuracy, "precision": confusion.precision, "recall": confusion.recall,
                "events": Double(evaluation.events), "rows": Double(evaluation.rows),
            ], bands: try evaluation.bands(), calibration: try evaluation.calibration())
    }

    /// - Throws: `ModelingFaults.evaluation`.
    static func numbers(_ predictions: [Double], _ labels: [Double]) throws(Fault) -> EvaluationReport {
        let evaluation = try RegressionEvaluation(predictions: predictions, labels: labels)
        var figures = [
            "rmse": evaluation.rmse, "mae": evaluation.mae, "bias": evaluation.bias, "rows": Double(evaluation.rows),
        ]
        if let r2 = evaluation.r2 { figures["r2"] = r2 }
        return EvaluationReport(figures: figures, bands: [], calibration: [])
    }

    /// JSON with rising names.
    public var json: [UInt8] {
        let document = Document(
            measures: figures,
            bands: bands.map {
                .init(
                    rows: $0.rows, events: $0.events, rate: $0.rate, lift: $0.lift, capture: $0.capture, gain: $0.gain)
            },
            calibration: calibration.map { .init(rows: $0.rows, predicted: $0.predicted, observed: $0.observed) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return (try? encoder.encode(document)).map(Array.init) ?? []
    }

    private struct Document: Encodable {
        struct Band: Encodable {
            let rows: Int
            let events: Double
            let rate: Double
            let lift: Double
            let capture: Double
            let gain: Double
        }

        struct Calibration: Encodable {
            let rows: Int
            let predicted: Double
            let observed: Double
        }

        let measures: [String: Double]
        let bands: [Band]
        let calibration: [Calibration]
    }
}
