public import Faults
import Modeling
import TaskRuntime

/// The forms in which a party's part of a scorecard leaves the program.
public enum ScorecardExport: String, Sendable, CaseIterable {
    /// With its digest; read back to the bit.
    case json
    /// A line for each part of a bin.
    case csv
    /// One SELECT.
    case sql
    case pmml

    public var mediaType: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv; charset=utf-8"
        case .sql: "text/plain; charset=utf-8"
        case .pmml: "application/xml"
        }
    }

    /// Whether a task's result is that of `train.logistic`.
    public func isRegression(_ result: [UInt8]) -> Bool {
        guard let output = try? TaskResult(decoding: result).output else { return false }
        return (try? LogisticGuestResult(bytes: output)) != nil || (try? LogisticHostResult(bytes: output)) != nil
    }

    /// - Parameters:
    ///   - result: what the worker of `train.logistic` handed over at this site.
    ///   - name: of table and model.
    ///   - scale: PDO, base, odds and decimals.
    /// - Throws: `LogisticFaults.modelUnusable` for anything else, `ModelingFaults.scorecard`, `.scorecardName`.
    public func text(
        of result: [UInt8], name: String, scale: (pdo: Double, base: Double, odds: Double, decimals: Int)
    ) throws(Fault) -> String {
        let scale = try ScorecardScale(pdo: scale.pdo, base: scale.base, odds: scale.odds, decimals: scale.decimals)
        let output = try TaskResult(decoding: result).output
        let card: Scorecard
        if let guest = try? LogisticGuestResult(bytes: output) {
            card = try Scorecard(guest.part, guest.woe, scale: scale)
        } else {
            let host = try LogisticHostResult(bytes: output)
            card = try Scorecard(host.part, host.woe, scale: scale)
        }
        return switch self {
        case .json: card.json
        case .csv: card.csv
        case .sql: try card.sql(table: name)
        case .pmml: try card.pmml(name: name)
        }
    }
}
