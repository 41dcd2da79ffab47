import ArgumentParser
import Faults
import Jobs
import Models
import Resources

/// `atoll model`: what trainings have left.
struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "List, look into, compare, name and export models, and score rows by them.",
        discussion: """
            Every party of a training keeps its own part of a version; the whole of it is nowhere, unless every host \
            agrees (`atoll model export --join`). Versions stay when their job is deleted. A version is named NAME:NUMBER \
            or NAME:ALIAS, the newest NAME.

            EXAMPLES:
              atoll model list
              atoll model describe merchants:champion --tenant risk --project cards
              atoll model export merchants --form xgboost --join --output merchants.json
            """,
        subcommands: [
            ModelListCommand.self, ModelDescribeCommand.self, ModelCompareCommand.self, ModelAliasCommand.self,
            ModelExportCommand.self, ModelPredictCommand.self, ModelDeleteCommand.self, ModelTreesCommand.self,
            ModelLineageCommand.self,
        ]
    )
}

/// What every command about one version takes.
struct ModelOptions: ParsableArguments {
    @Argument(help: "The model: NAME for its newest version, NAME:NUMBER or NAME:ALIAS.")
    var model: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func reference() throws(Fault) -> ModelReference { try Self.reference(model) }

    func path(_ action: String, _ query: [(String, String?)] = []) throws(Fault) -> APIPath {
        Self.path(try reference(), action, query + scope.query)
    }

    static func reference(_ text: String) throws(Fault) -> ModelReference {
        guard let reference = ModelReference(text) else {
            throw Fault(
                ProgramFaults.usage, "'\(TerminalText.line(text))' is no name of a version.", at: "model",
                wanted: "NAME, NAME:NUMBER or NAME:ALIAS")
        }
        return reference
    }

    static func path(_ reference: ModelReference, _ action: String, _ query: [(String, String?)]) -> APIPath {
        let version: String? =
            switch reference.which {
            case nil: nil
            case .number(let number): "\(number)"
            case .alias(let alias): alias
            }
        return APIPath(["models", reference.name, action], query: [("version", version)] + query)
    }
}

/// `atoll model list`.
struct ModelListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the versions of models of which this site keeps a part.",
        discussion: """
            Versions of jobs that other sites asked for are in the tenant `partners`, in a project of the peer's name.

            EXAMPLES:
              atoll model list
              atoll model list --tenant risk --project cards -o json
            """
    )

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let (versions, models) = try await connection.connect { client in
            let lister = ResourceLister(client)
            return (
                try await lister.list("modelversions", selector: nil, scope: scope).items,
                try await lister.list("models", selector: nil, scope: scope).items
            )
        }
        if output == .table, versions.isEmpty { return Console.note("There are no models.") }
        let rows = versions.map { ModelText.row($0, models) }.sorted { $0.key < $1.key }.map(\.row)
        try output.print(output == .table ? rows : versions, columns: ModelText.columns)
    }
}

/// `atoll model describe`.
struct ModelDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show what a version was made of and what is inside of it, as far as this site knows.",
        usage: "atoll model describe NAME[:VERSION] [<options>]",
        discussion: """
            EXAMPLES:
              atoll model describe merchants --tenant risk --project cards
              atoll model describe merchants:3 --tenant risk --project cards -o json
            """
    )

    @OptionGroup var model: ModelOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try model.path("facts")
        let facts = try await model.connection.connect { try await $0.get(path) }
        try Console.write(output.document(facts) ?? ModelText.text(facts))
    }
}

/// `atoll model compare`.
struct ModelCompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show in what two versions differ: parameters, datasets, figures, columns.",
        usage: "atoll model compare FIRST SECOND [--all] [<options>]",
        discussion: """
            EXAMPLES:
              atoll model compare merchants:champion merchants:4 --tenant risk --project cards
            """
    )

    @Argument(help: "One version.")
    var first: String

    @Argument(help: "The other one.")
    var second: String

    @Flag(name: .long, help: "Also what is the same.")
    var all = false

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let paths = try [first, second].map { ModelOptions.path(try ModelOptions.reference($0), "facts", scope.query) }
        let facts = try await connection.connect { client in
            [try await client.get(paths[0]), try await client.get(paths[1])]
        }
        let rows = ModelComparison.rows(facts[0], facts[1]).filter { all || $0.differs }
        if output == .table, rows.isEmpty { return Console.note("The versions do not differ.") }
        try output.print(
            rows.map { row in
                [
                    "what": .string(row.what), "first": row.first.map { .string($0) } ?? .null,
                    "second": row.second.map { .string($0) } ?? .null,
                ]
            }, columns: [("WHAT", "what"), (first, "first"), (second, "second")])
    }
}

/// `atoll model alias`.
struct ModelAliasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias",
        abstract: "Call a version by a word, such as champion; another version loses it.",
        usage: "atoll model alias NAME ALIAS (VERSION | --remove) [<options>]",
        discussion: """
            EXAMPLES:
              atoll model alias merchants champion 3 --tenant risk --project cards
              atoll model alias merchants challenger --remove --tenant risk --project cards
            """
    )

    @Argument(help: "The name of the model.")
    var name: String

    @Argument(help: "The alias.")
    var alias: String

    @Argument(help: "The version's number.")
    var version: Int64?

    @Flag(name: .long, help: "Take the alias away.")
    var remove = false

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "model name")
        guard (version == nil) == remove else {
            throw Fault(ProgramFaults.usage, "Give a version, or --remove.", wanted: "VERSION or --remove")
        }
        let query = [("alias", alias), ("version", version.map { "\($0)" })] + scope.query
        let path = APIPath(["models", name, "alias"], query: query)
        _ = try await connection.connect { try await $0.post(path, .json([:])) }
        try Console.write(
            version.map { "model \(name): \(alias) is version \($0)" } ?? "model \(name): \(alias) is taken away")
    }
}

/// `atoll model delete`.
struct ModelDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a version with this site's part of it; refused while an alias stands for it.",
        usage: "atoll model delete NAME:NUMBER [<options>]",
        discussion: """
            Other parties keep their parts.

            EXAMPLES:
              atoll model delete merchants:2 --tenant risk --project cards
            """
    )

    @OptionGroup var model: ModelOptions

    func run() async throws {
        let reference = try model.reference()
        guard case .number(let number) = reference.which else {
            throw Fault(ProgramFaults.usage, "A version is deleted by its number.", wanted: "NAME:NUMBER")
        }
        let path = APIPath(["modelversions", "\(reference.name)-v\(number)"], query: model.scope.query)
        _ = try await model.connection.connect { try await $0.delete(path) }
        try Console.write("model \(reference) deleted")
    }
}
