import ArgumentParser
import Resources

/// `atoll job cutoffs`.
struct JobCutoffsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cutoffs",
        abstract: "Show what scores mean for who is approved, as `evaluate.points` found.",
        usage: "atoll job cutoffs <name> [<options>]",
        discussion: """
            Cut-offs with approval and bad rates; the swap set with the existing score; scores by month. It stays at the site that \
            has the labels.

            EXAMPLES:
              atoll job cutoffs approve --tenant risk --project cards
            """
    )

    @OptionGroup var job: JobOptions

    @Option(name: .shortAndLong, help: "How to write the report.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try job.path("cutoffs")
        let reports = try await job.connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        guard output == .table else { return try output.print(reports, columns: []) }
        for report in reports {
            try output.print(
                (report["cutoffs"]?.array ?? []).map(Self.line),
                columns: [
                    ("FROM", "score"), ("APPROVED", "approvalRate"), ("BAD RATE", "badRate"),
                    ("BADS REJECTED", "badsCaught"), ("GOODS REJECTED", "goodsLost"),
                ])
            if let swap = report["swap"], swap != .null {
                print("")
                try output.print(
                    Self.parts.map { name, key in Self.part(name, swap[key]) },
                    columns: [("SWAP SET", "part"), ("GOODS", "goods"), ("BADS", "bads"), ("BAD RATE", "badRate")])
            }
            if let months = report["months"]?.array {
                print("")
                try output.print(
                    months.map(Self.month),
                    columns: [
                        ("MONTHS", "months"), ("ROWS", "rows"), ("BAD RATE", "badRate"), ("MEAN", "mean"),
                        ("STABILITY", "stability"), ("VERDICT", "verdict"),
                    ])
            }
        }
    }

    private static let parts = [
        ("approved by both", "approvedByBoth"), ("swapped in", "swappedIn"), ("swapped out", "swappedOut"),
        ("rejected by both", "rejectedByBoth"),
    ]

    private static func line(_ line: JSONValue) -> JSONValue {
        var shown: [String: JSONValue] = ["score": rounded(line["score"], 100)]
        for name in ["approvalRate", "badRate", "badsCaught", "goodsLost"] { shown[name] = percent(line[name]) }
        return .object(shown)
    }

    private static func part(_ name: String, _ rows: JSONValue?) -> JSONValue {
        [
            "part": .string(name), "goods": rows?["goods"] ?? 0, "bads": rows?["bads"] ?? 0,
            "badRate": percent(rows?["badRate"]),
        ]
    }

    private static func month(_ month: JSONValue) -> JSONValue {
        let (from, to) = (month["from"]?.string ?? "", month["to"]?.string ?? "")
        let rows = (month["rows"]?["goods"]?.integer ?? 0) + (month["rows"]?["bads"]?.integer ?? 0)
        return [
            "months": .string(from == to ? from : "\(from) to \(to)"), "rows": .integer(rows),
            "badRate": percent(month["rows"]?["badRate"]), "mean": rounded(month["meanScore"], 100),
            "stability": rounded(month["stability"], 10_000), "verdict": month["verdict"] ?? .null,
        ]
    }

    private static func rounded(_ value: JSONValue?, _ unit: Double) -> JSONValue {
        guard let number = value?.number else { return .string("-") }
        return .number((number * unit).rounded() / unit)
    }

    private static func percent(_ value: JSONValue?) -> JSONValue {
        guard let number = value?.number else { return .string("-") }
        return .string("\((number * 1_000).rounded() / 10) %")
    }
}
