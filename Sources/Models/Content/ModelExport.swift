import Faults
import Modeling
import TaskRuntime

/// The forms in which a version leaves the program.
public enum ModelExport: String, Sendable, CaseIterable {
    /// What is kept here, to the byte.
    case native
    /// Lines for a person: settings, trees, nodes; splits of parties whose part is not here show their owner alone.
    case dump
    /// XGBoost's JSON; only of a model that is whole here.
    case xgboost

    public var mediaType: String {
        switch self {
        case .native: "application/octet-stream"
        case .dump: "text/plain; charset=utf-8"
        case .xgboost: "application/json"
        }
    }

    /// - Throws: `ModelFaults.notWhole`.
    func bytes(of content: ModelContent) throws(Fault) -> [UInt8] {
        switch self {
        case .native: return content.bytes
        case .dump:
            if let model = content.model { return Array(model.dump.utf8) }
            return Array(Self.dump(content).utf8)
        case .xgboost:
            guard case .whole(let joined) = content else { throw Fault(ModelFaults.notWhole) }
            return Array(try joined.model.xgboostJSON().utf8)
        }
    }

    /// What a host can say: its own splits.
    private static func dump(_ content: ModelContent) -> String {
        let part = content.part
        var lines = ["boosted trees, the part of host\(part.party), \(content.partDigest)"]
        for condition in part.conditions {
            lines.append(
                "tree \(condition.tree), node \(condition.node): \(part.columns[condition.column]) < \(condition.edge), "
                    + "missing \(condition.missingLeft ? "left" : "right")")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
