import Modeling
public import Resources
import TaskRuntime

/// The decisions about its own columns that a task `select` or `select.signs` has left at this site, in their order.
public struct SelectionListing: Sendable {
    /// One per decision; empty for results of other tasks.
    public let decisions: [JSONValue]

    /// - Parameter output: `TaskResult.output`.
    public init(task: String, output: [UInt8]) {
        guard let result = try? SelectionResult(bytes: output) else {
            decisions = []
            return
        }
        let kept = Set(result.selection.kept)
        decisions = result.selection.decisions.map { decision in
            [
                "task": .string(task), "column": .string(decision.column), "rule": .string(decision.rule.rawValue),
                "figure": decision.figure.map { .number($0) } ?? .null,
                "limit": decision.limit.map { .number($0) } ?? .null, "kept": .bool(decision.isKept),
                "reason": .string(decision.reason), "columnKept": .bool(kept.contains(decision.column)),
            ]
        }
    }
}
