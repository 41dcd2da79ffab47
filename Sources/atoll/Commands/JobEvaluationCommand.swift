import ArgumentParser
import Resources

/// `atoll job evaluation`.
struct JobEvaluationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluation",
        abstract: "Show how good the predictions are that a job left at this site.",
        usage: "atoll job evaluation <name> [<options>]",
        discussion: """
            Measures of each table of predictions with labels, and with --against what they gain over another job's on the same \
            rows, with its 95 % interval. Curves are in the JSON form.

            EXAMPLES:
              atoll job evaluation train --tenant risk --project cards --against train-alone
            """
    )

    @OptionGroup var job: JobOptions

    @Option(help: "Another job to compare with.")
    var against: String?

    @Option(name: .shortAndLong, help: "How to write the measures.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try job.path("evaluation", [("against", against)])
        let found = try await job.connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        guard output == .table else { return try output.print(found, columns: []) }
        try output.print(
            found.flatMap(Self.lines), columns: [("TASK", "task"), ("MEASURE", "measure"), ("VALUE", "value")])
    }

    static func lines(_ evaluation: JSONValue) -> [JSONValue] {
        func line(_ measure: String, _ value: Double) -> JSONValue {
            [
                "task": evaluation["task"] ?? .null, "measure": .string(measure),
                "value": .number((value * 10_000).rounded() / 10_000),
            ]
        }
        var lines = (evaluation["measures"]?.object ?? [:]).sorted { $0.key < $1.key }.compactMap { name, value in
            value.number.map { line(name, $0) }
        }
        if let uplift = evaluation["uplift"], let measure = uplift["measure"]?.string {
            for (name, key) in [("", "value"), (".low", "low"), (".high", "high")] {
                if let value = uplift[key]?.number { lines.append(line("uplift.\(measure)\(name)", value)) }
            }
        }
        return lines
    }
}
