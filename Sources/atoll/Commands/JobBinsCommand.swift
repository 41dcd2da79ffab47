import ArgumentParser
import Resources

/// `atoll job bins`.
struct JobBinsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bins",
        abstract: "Show the bins and weights of evidence that a job left at this site.",
        usage: "atoll job bins <name> [<options>]",
        discussion: """
            Own columns are shown with their edges, those of other parties with the numbers of their fine bins.

            EXAMPLES:
              atoll job bins weigh --tenant risk --project cards
            """
    )

    @OptionGroup var job: JobOptions

    @Option(name: .shortAndLong, help: "How to write the bins.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try job.path("bins")
        let columns = try await job.connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        guard output == .table else { return try output.print(columns, columns: []) }
        try output.print(
            columns.flatMap(Self.lines),
            columns: [
                ("COLUMN", "column"), ("BIN", "bin"), ("ROWS", "rows"), ("BADS", "bads"), ("RATE", "rate"),
                ("WOE", "woe"), ("IV", "iv"),
            ])
    }

    /// A line for each bin, then one for the column.
    static func lines(_ column: JSONValue) -> [JSONValue] {
        let name = column["column"]?.string ?? ""
        let bins = column["bins"]?.array ?? []
        guard !bins.isEmpty else {
            return [["column": .string(name), "bin": "no two bins with enough rows"]]
        }
        let lines = bins.map { bin -> JSONValue in
            [
                "column": .string(name), "bin": .string(range(bin)), "rows": bin["rows"] ?? .null,
                "bads": bin["bads"] ?? .null, "rate": rounded(bin["rate"]), "woe": rounded(bin["woe"]),
                "iv": rounded(bin["iv"]),
            ]
        }
        let rows = bins.reduce(0) { $0 + ($1["rows"]?.integer ?? 0) }
        let bads = bins.reduce(0) { $0 + ($1["bads"]?.integer ?? 0) }
        return lines + [
            [
                "column": .string(name), "bin": .string("all" + (column["direction"]?.string.map { ", \($0)" } ?? "")),
                "rows": .integer(rows), "bads": .integer(bads), "iv": rounded(column["iv"]),
            ]
        ]
    }

    private static func range(_ bin: JSONValue) -> String {
        var parts: [String] = []
        if let fine = bin["fineBins"]?.array?.compactMap(\.integer), let first = fine.first, let last = fine.last {
            let isRun = last - first == Int64(fine.count - 1)
            parts.append(
                "fine "
                    + (isRun
                        ? (first == last ? "\(first)" : "\(first) to \(last)")
                        : fine.map { "\($0)" }.joined(separator: " ")))
        } else if bin["isApart"]?.bool != true {
            switch (number(bin["from"]), number(bin["below"])) {
            case (nil, let below?): parts.append("below \(below)")
            case (let from?, nil): parts.append("from \(from)")
            case (let from?, let below?): parts.append("\(from) to below \(below)")
            case (nil, nil): parts.append("every value")
            }
        }
        parts += (bin["values"]?.array ?? []).compactMap(number)
        if bin["missing"]?.bool == true { parts.append("missing") }
        return parts.joined(separator: ", ")
    }

    private static func number(_ value: JSONValue?) -> String? {
        guard let number = value?.number else { return nil }
        return number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(Float(number))"
    }

    private static func rounded(_ value: JSONValue?) -> JSONValue {
        guard let number = value?.number else { return .null }
        return .number((number * 10_000).rounded() / 10_000)
    }
}
