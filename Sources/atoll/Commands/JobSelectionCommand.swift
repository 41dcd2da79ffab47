import ArgumentParser
import Resources

/// `atoll job selection`.
struct JobSelectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selection",
        abstract: "Show every decision about this site's columns that a job made.",
        usage: "atoll job selection <name> [<options>]",
        discussion: """
            One line for each rule that looked at a column, with its figure and limit; a column is kept where no rule drops it.

            EXAMPLES:
              atoll job selection choose --tenant risk --project cards
              atoll job selection choose --tenant risk --project cards --dropped
            """
    )

    @OptionGroup var job: JobOptions

    @Flag(help: "Only the decisions that dropped a column.")
    var dropped = false

    @Option(name: .shortAndLong, help: "How to write the decisions.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try job.path("selection")
        let all = try await job.connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        let decisions = dropped ? all.filter { $0["kept"]?.bool == false } : all
        guard output == .table else { return try output.print(decisions, columns: []) }
        try output.print(
            decisions.map(Self.line),
            columns: [
                ("TASK", "task"), ("COLUMN", "column"), ("RULE", "rule"), ("FIGURE", "figure"), ("LIMIT", "limit"),
                ("DECISION", "decision"), ("REASON", "reason"),
            ])
    }

    static func line(_ decision: JSONValue) -> JSONValue {
        [
            "task": decision["task"] ?? .null, "column": decision["column"] ?? .null, "rule": decision["rule"] ?? .null,
            "figure": rounded(decision["figure"]), "limit": rounded(decision["limit"]),
            "decision": decision["kept"]?.bool == true ? "keep" : "drop", "reason": decision["reason"] ?? .null,
        ]
    }

    private static func rounded(_ value: JSONValue?) -> JSONValue {
        guard let number = value?.number else { return .string("-") }
        return .number((number * 10_000).rounded() / 10_000)
    }
}
