import ArgumentParser
import Faults
import Resources

/// `atoll data compare`.
struct DataCompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two versions of a table: schema, rows, and how far columns moved.",
        usage: "atoll data compare FIRST SECOND [--column COLUMN] [<options>]",
        discussion: """
            The population stability index (PSI) of a column sums (second − first) · ln(second / first) over bins of the \
            first dataset: below 0.1 stable, below 0.25 watch, else shifted.

            EXAMPLES:
              atoll data compare loans-2025 loans-2026 --tenant risk --project cards
              atoll data compare loans-2025 loans-2026 --column income --tenant risk --project cards
            """
    )

    @Argument(help: "The dataset whose values make the bins.")
    var first: String

    @Argument(help: "The dataset that is compared with it.")
    var second: String

    @Option(name: .long, help: ArgumentHelp("Show the bins of this column.", valueName: "column"))
    var column: String?

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        for name in [first, second] { try Names.check(name, at: "dataset name") }
        let path = APIPath(["datasets", first, "compare"], query: scope.query + [("with", second)])
        let found = try await connection.connect { try await $0.get(path) }
        if let document = output.document(found) { return try Console.write(document) }
        guard let column else { return try Console.write(Self.text(found)) }
        guard let one = found["columns"]?.array?.first(where: { $0["name"]?.string == column }) else {
            throw Fault(
                ProgramFaults.badRequest, "The datasets have no such column in common.", at: "--column",
                wanted: (found["columns"]?.array ?? []).compactMap { $0["name"]?.string }.joined(separator: ", "))
        }
        try Console.write(Self.bins(one))
    }

    static func text(_ found: JSONValue) -> String {
        var table = TextTable(["COLUMN", "TYPE", "MISSING", "NOW MISSING", "PSI", "VERDICT"])
        for column in found["columns"]?.array ?? [] {
            let missing = column["missing"]
            table.add(
                [
                    column["name"]?.string ?? "", column["type"]?.string ?? "", share(missing?["firstShare"]),
                    share(missing?["secondShare"]), column["psi"].map(index) ?? "",
                    column["verdict"]?.string ?? reason(column["notCompared"]?.string),
                ].map { .init($0) })
        }
        return (facts(found).map(TerminalText.line) + [""]).joined(separator: "\n") + "\n" + table.text(for: .output)
    }

    private static func facts(_ found: JSONValue) -> [String] {
        let (rows, schema) = (found["rows"], found["schema"])
        func names(_ value: JSONValue?) -> String { (value?.array ?? []).compactMap(\.string).joined(separator: ", ") }
        var facts = ["rows      \(rows?["first"]?.integer ?? 0), then \(rows?["second"]?.integer ?? 0)"]
        if found["isSame"] == true { facts.append("content   the same") }
        for (title, member) in [("added     ", "added"), ("removed   ", "removed")] {
            let text = names(schema?[member])
            if !text.isEmpty { facts.append(title + text) }
        }
        for one in schema?["retyped"]?.array ?? [] {
            facts.append(
                "type      \(one["column"]?.string ?? ""): \(one["first"]?.string ?? ""), then "
                    + "\(one["second"]?.string ?? "")")
        }
        if let ids = schema?["ids"] { facts.append("ids       \(names(ids["first"])), then \(names(ids["second"]))") }
        if let label = schema?["label"] {
            facts.append("label     \(label["first"]?.string ?? "none"), then \(label["second"]?.string ?? "none")")
        }
        if schema?["isReordered"] == true { facts.append("order     of the columns is another") }
        return facts
    }

    static func bins(_ column: JSONValue) -> String {
        guard let bins = column["bins"]?.array else { return reason(column["notCompared"]?.string) }
        var table = TextTable(["BIN", "ROWS", "SHARE", "NOW ROWS", "NOW SHARE", "PSI"])
        for bin in bins {
            table.add(
                [
                    name(bin), "\(bin["first"]?.integer ?? 0)", share(bin["firstShare"]),
                    "\(bin["second"]?.integer ?? 0)", share(bin["secondShare"]), bin["psi"].map(index) ?? "",
                ].map { .init($0) })
        }
        let verdict = "psi \(column["psi"].map(index) ?? ""), \(column["verdict"]?.string ?? "")"
        return "\(verdict)\n\n" + table.text(for: .output)
    }

    private static func name(_ bin: JSONValue) -> String {
        switch (bin["kind"]?.string, bin["above"]?.string, bin["upTo"]?.string) {
        case ("value", _, _): bin["value"]?.string ?? ""
        case ("missing", _, _): "(missing)"
        case ("rest", _, _): "(other values)"
        case (_, nil, nil): "any"
        case (_, let above?, nil): "> \(above)"
        case (_, nil, let upTo?): "<= \(upTo)"
        case (_, let above?, let upTo?): "> \(above) to \(upTo)"
        }
    }

    private static func share(_ value: JSONValue?) -> String {
        "\(Double(Int(((value?.number ?? 0) * 1e4).rounded())) / 100) %"
    }

    private static func index(_ value: JSONValue) -> String {
        "\(Double(Int(((value.number ?? 0) * 1e4).rounded())) / 1e4)"
    }

    private static func reason(_ word: String?) -> String {
        switch word {
        case "id": "not compared: an id"
        case "text": "not compared: text"
        case "type": "not compared: other types"
        case "empty": "not compared: no rows"
        default: word ?? ""
        }
    }
}
