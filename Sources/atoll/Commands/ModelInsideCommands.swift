import ArgumentParser
import Resources

/// `atoll model trees`.
struct ModelTreesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trees",
        abstract: "Show the trees of a version node by node, as far as this site knows them.",
        usage: "atoll model trees NAME[:VERSION] [--first N] [--limit N] [<options>]",
        discussion: """
            Splits of parties whose part is not here show their owner alone. A host knows its own splits.

            EXAMPLES:
              atoll model trees merchants:champion --tenant risk --project cards
              atoll model trees merchants:3 --first 11 --limit 10 --tenant risk --project cards -o json
            """
    )

    @OptionGroup var model: ModelOptions

    @Option(name: .long, help: ArgumentHelp("The first tree, from 1.", valueName: "number"))
    var first = 1

    @Option(name: .long, help: ArgumentHelp("How many trees, 1 to 100.", valueName: "trees"))
    var limit = 10

    @Option(name: .shortAndLong, help: "How to write the trees.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try model.path("trees", [("first", "\(first)"), ("limit", "\(limit)")])
        let answer = try await model.connection.connect { try await $0.get(path) }
        let trees = answer["items"]?.array ?? []
        guard output == .table else { return try output.print([answer], columns: []) }
        let rows = trees.flatMap { tree in
            (tree["nodes"]?.array ?? []).enumerated().map { Self.row(tree["tree"], $0.offset, $0.element) }
        }
        let splits = (answer["splits"]?.array ?? []).map { Self.row($0["tree"], Int($0["node"]?.integer ?? 0), $0) }
        try output.print(
            rows + splits,
            columns: [("TREE", "tree"), ("NODE", "node"), ("ROWS", "rows"), ("PARTY", "party"), ("SAYS", "says")])
    }

    private static func row(_ tree: JSONValue?, _ place: Int, _ node: JSONValue) -> JSONValue {
        var says = ""
        if let column = node["column"]?.string, let edge = node["edge"]?.number {
            says = "\(column) < \(edge), missing \(node["missingLeft"]?.bool == true ? "left" : "right")"
        }
        if let left = node["left"]?.integer, let right = node["right"]?.integer { says += " ? \(left) : \(right)" }
        if let leaf = node["leaf"]?.number { says = "\(leaf)" }
        return [
            "tree": tree ?? .null, "node": .integer(Int64(place)), "rows": node["rows"] ?? .string("-"),
            "party": node["party"] ?? .string("-"), "says": .string(says),
        ]
    }
}

/// `atoll model lineage`.
struct ModelLineageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lineage",
        abstract: "Show what a version was made of, and what was made with it.",
        usage: "atoll model lineage NAME[:VERSION] [<options>]",
        discussion: """
            Tasks of jobs of the same project: those that made what the training learnt from, the training itself, and those \
            that scored and measured with the version since.

            EXAMPLES:
              atoll model lineage merchants:champion --tenant risk --project cards
            """
    )

    @OptionGroup var model: ModelOptions

    @Option(name: .shortAndLong, help: "How to write the tasks.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try model.path("lineage")
        let tasks = try await model.connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        try output.print(tasks, columns: JobLineageCommand.columns)
    }
}
