import ArgumentParser
import Faults
import Resources

/// `atoll data`: datasets of this site.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Upload tables, look at datasets, and delete them.",
        discussion: """
            A dataset is an immutable version of a table. Other sites learn from it only by grants (`atoll grant`).

            EXAMPLES:
              atoll data upload loans.csv --name loans --id id --label y --tenant risk --project cards
              atoll data list
              atoll data profile loans --tenant risk --project cards
            """,
        subcommands: [
            DataUploadCommand.self, DataGenerateCommand.self, DataListCommand.self, DataDescribeCommand.self,
            DataProfileCommand.self, DataCompareCommand.self,
            DataHeadCommand.self, DataExportCommand.self, DataOfferCommand.self, DataDeleteCommand.self,
        ]
    )
}

/// What every command about one dataset takes.
struct DatasetOptions: ParsableArguments {
    @Argument(help: "The name of the dataset.")
    var name: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func path(_ action: String? = nil, _ query: [(String, String?)] = []) throws -> APIPath {
        try Names.check(name, at: "dataset name")
        return APIPath(["datasets", name] + (action.map { [$0] } ?? []), query: scope.query + query)
    }
}

/// `atoll data list`.
struct DataListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the datasets of this site.",
        discussion: """
            EXAMPLES:
              atoll data list
              atoll data list --tenant risk --project cards -o json
            """
    )

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["datasets"], query: scope.query)
        let all = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, all.isEmpty { return Console.note("There are no datasets.") }
        try output.print(
            output == .table ? all.map(Self.row) : all,
            columns: [
                ("NAME", "name"), ("TENANT", "tenant"), ("PROJECT", "project"), ("ROWS", "rows"),
                ("COLUMNS", "columns"), ("IDS", "ids"), ("LABEL", "label"), ("STATE", "state"), ("MADE", "made"),
            ])
    }

    static func row(_ dataset: JSONValue) -> JSONValue {
        var row: [String: JSONValue] = [:]
        for member in ["name", "tenant", "project"] { row[member] = dataset["metadata"]?[member] }
        for member in ["rows", "label"] { row[member] = dataset["spec"]?[member] }
        row["columns"] = .integer(Int64(dataset["spec"]?["columns"]?.array?.count ?? 0))
        row["ids"] = .string((dataset["spec"]?["ids"]?.array ?? []).compactMap(\.string).joined(separator: ", "))
        row["state"] = dataset["status"]?["state"]
        row["made"] = dataset["metadata"]?["creationTimestamp"]
        return .object(row)
    }
}

/// `atoll data describe`.
struct DataDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show a dataset's columns and where it comes from.",
        usage: "atoll data describe NAME [<options>]",
        discussion: """
            EXAMPLES:
              atoll data describe loans --tenant risk --project cards
            """
    )

    @OptionGroup var dataset: DatasetOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try dataset.path()
        let found = try await dataset.connection.connect { try await $0.get(path) }
        try Console.write(output.document(found) ?? Self.text(found))
    }

    static func text(_ dataset: JSONValue) -> String {
        let spec = dataset["spec"]
        let ids = (spec?["ids"]?.array ?? []).compactMap(\.string)
        let label = spec?["label"]?.string
        var facts = [
            "dataset   \(dataset["metadata"]?["name"]?.string ?? "")",
            "rows      \(spec?["rows"]?.integer ?? 0)",
            "digest    \(spec?["digest"]?.string ?? "")",
        ]
        if let source = spec?["source"] {
            facts.append(
                "made of   file \(source["file"]?.string ?? ""), \(Pace.bytes(Double(source["bytes"]?.integer ?? 0))), "
                    + "digest \(source["digest"]?.string ?? "")")
        }
        if let lineage = spec?["lineage"] {
            facts.append(
                "made of   rows of dataset \(lineage["dataset"]?.string ?? ""), by task \(lineage["task"]?.string ?? "") "
                    + "of job \(lineage["job"]?.string ?? ""); digest \(lineage["digest"]?.string ?? "")")
        }
        var table = TextTable(["COLUMN", "TYPE", "ROLE"])
        for column in spec?["columns"]?.array ?? [] {
            let name = column["name"]?.string ?? ""
            let scale = column["scale"]?.integer.map { "(\($0))" } ?? ""
            let role = ids.contains(name) ? "id" : name == label ? "label" : ""
            table.add([.init(name), .init((column["type"]?.string ?? "") + scale), .init(role)])
        }
        return facts.map(TerminalText.line).joined(separator: "\n") + "\n\n" + table.text(for: .output)
    }
}

/// `atoll data profile`.
struct DataProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Show what a dataset's columns are like.",
        usage: "atoll data profile NAME [<options>]",
        discussion: """
            With -o json everything: quantiles, histogram, most frequent values, and how exact each figure is.

            EXAMPLES:
              atoll data profile loans --tenant risk --project cards
              atoll data profile loans --tenant risk --project cards -o json
            """
    )

    @OptionGroup var dataset: DatasetOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try dataset.path("profile")
        let profile = try await dataset.connection.connect { try await $0.get(path) }
        if let document = output.document(profile) { return try Console.write(document) }
        var table = TextTable(["COLUMN", "TYPE", "MISSING", "DISTINCT", "LEAST", "GREATEST", "MEAN"])
        for column in profile["columns"]?.array ?? [] {
            let mean = column["mean"]?.number.map { "\(Double(Int($0 * 1e4)) / 1e4)" } ?? ""
            let isExact = column["distinct"]?["isExact"]?.bool ?? true
            table.add(
                [
                    column["name"]?.string ?? "", column["type"]?.string ?? "", "\(column["missing"]?.integer ?? 0)",
                    (isExact ? "" : "~") + "\(column["distinct"]?["count"]?.integer ?? 0)",
                    column["least"]?.string ?? "", column["greatest"]?.string ?? "", mean,
                ].map { .init($0) })
        }
        try Console.write("\(profile["rows"]?.integer ?? 0) rows\n\n" + table.text(for: .output))
    }
}

/// `atoll data head`.
struct DataHeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head",
        abstract: "Show the first rows of a dataset, to its owner.",
        usage: "atoll data head NAME [--rows COUNT] [<options>]",
        discussion: """
            EXAMPLES:
              atoll data head loans --tenant risk --project cards
              atoll data head loans --rows 50 --tenant risk --project cards
            """
    )

    @OptionGroup var dataset: DatasetOptions

    @Option(name: .long, help: ArgumentHelp("How many: 1 to 1000.", valueName: "count"))
    var rows = 10

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try dataset.path("head", [("rows", "\(rows)")])
        let head = try await dataset.connection.connect { try await $0.get(path) }
        if let document = output.document(head) { return try Console.write(document) }
        var table = TextTable((head["columns"]?.array ?? []).map { TerminalText.line($0.string ?? "") })
        for row in head["rows"]?.array ?? [] { table.add((row.array ?? []).map { .init($0.string ?? "") }) }
        try Console.write(table.text(for: .output))
    }
}

/// `atoll data export`.
struct DataExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a dataset as CSV, for its owner.",
        usage: "atoll data export NAME --output FILE [--column COLUMN ...] [--raw] [<options>]",
        discussion: """
            Texts that a spreadsheet would take for formulas get an apostrophe in front; --raw leaves them as they are.

            EXAMPLES:
              atoll data export loans --output loans.csv --tenant risk --project cards
              atoll data export loans --column id --column amount --output two.csv --tenant risk --project cards
            """
    )

    @OptionGroup var dataset: DatasetOptions

    @Option(name: .customLong("column"), help: ArgumentHelp("Only this column; may be repeated.", valueName: "column"))
    var columns: [String] = []

    @Flag(name: .long, help: "Write texts as they are, formulas too.")
    var raw = false

    @Option(name: .long, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String

    func run() async throws {
        let query = [
            ("columns", columns.isEmpty ? nil : columns.joined(separator: ",")), ("raw", raw ? "true" : nil),
        ]
        let path = try dataset.path("export", query)
        let writer = try ExportFile.Writer(output)
        try await dataset.connection.connect { client in
            try await client.download(path) { try writer.write(Array($0)) }
        }
        _ = try writer.finish()
        try Console.write("dataset \(dataset.name) written to \(TerminalText.line(output))")
    }
}

/// `atoll data delete`.
struct DataDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a dataset with its rows; refused while a job reads it.",
        discussion: """
            EXAMPLES:
              atoll data delete loans --tenant risk --project cards
            """
    )

    @OptionGroup var dataset: DatasetOptions

    func run() async throws {
        let path = try dataset.path()
        _ = try await dataset.connection.connect { try await $0.delete(path) }
        try Console.write("dataset \(dataset.name) deleted")
    }
}
