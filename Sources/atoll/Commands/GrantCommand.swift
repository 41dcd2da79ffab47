import ArgumentParser
import Faults
import Resources

/// `atoll grant`: who may learn from this site's datasets.
struct GrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Permit a peer to use a dataset, take it back, and ask peers for theirs.",
        discussion: """
            Grants are resources: `atoll get grants` and `atoll apply` work as well.

            EXAMPLES:
              atoll grant create <name> --peer partner --dataset loans --column id --column amount \\
                  --purpose scoring --algorithm align --until 2026-12-31T00:00:00Z
              atoll grant list
              atoll grant uses loans-to-partner --tenant risk --project cards
              atoll grant revoke loans-to-partner --tenant risk --project cards
              atoll grant request <name> --peer partner --dataset takings --column shop_no \\
                  --purpose scoring --algorithm align --until 2026-12-31T00:00:00Z
              atoll grant requests
            """,
        subcommands: [
            GrantCreateCommand.self, GrantListCommand.self, GrantUsesCommand.self, GrantRevokeCommand.self,
            GrantOffersCommand.self, GrantRequestCommand.self, GrantRequestsCommand.self, GrantAnswerCommand.self,
        ]
    )
}

/// `atoll grant create`.
struct GrantCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Permit a peer to use a dataset.",
        usage: "atoll grant create NAME --peer PEER --dataset DATASET ... [<options>]",
        discussion: """
            Everything but revocation stays as it is given here: other terms are another grant. A use is one job, \
            however often its tasks start.

            EXAMPLES:
              atoll grant create <name> --peer partner --dataset loans --column id --column amount \\
                  --purpose scoring --algorithm align --until 2026-12-31T00:00:00Z
            """
    )

    @Argument(help: "The name of the grant.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("To whom.", valueName: "peer"))
    var peer: String

    @Option(name: .long, help: ArgumentHelp("What may be read, in the same project.", valueName: "dataset"))
    var dataset: String

    @Option(name: .customLong("column"), help: ArgumentHelp("A column that may be read.", valueName: "column"))
    var columns: [String]

    @Option(name: .long, help: ArgumentHelp("What for.", valueName: "text"))
    var purpose: String

    @Option(name: .customLong("algorithm"), help: ArgumentHelp("An operator that may read it.", valueName: "name"))
    var algorithms: [String]

    @Option(
        name: .long, help: ArgumentHelp("What the peer may be told: bins, partial_scores, model.", valueName: "what"))
    var reveals: [String] = []

    @Option(name: .long, help: ArgumentHelp("The most jobs.", valueName: "count"))
    var uses: Int64 = 1

    @Option(name: .long, help: ArgumentHelp("The most rows of the dataset.", valueName: "count"))
    var rows: Int64?

    @Option(name: .long, help: ArgumentHelp("The earliest time.", valueName: "time"))
    var from: String?

    @Option(name: .long, help: ArgumentHelp("The latest time, such as 2026-12-31T00:00:00Z.", valueName: "time"))
    var until: String

    @Option(name: .long, help: ArgumentHelp("The smallest intersection of ids.", valueName: "count"))
    var minimumIntersection: Int64?

    @Option(name: .long, help: ArgumentHelp("The smallest bin that may be told.", valueName: "count"))
    var minimumBin: Int64?

    @Option(name: .long, help: ArgumentHelp("The most ids that may be tested.", valueName: "count"))
    var distinctIds: Int64?

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "grant name")
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": "Grant", "metadata": ["name": .string(name)],
            "spec": spec,
        ]
        let grant = try await connection.connect {
            try await $0.post(APIPath(["grants"], query: scope.query), .json(document))
        }
        try Console.write(output.document(grant) ?? "grant \(name) created")
    }

    private var spec: JSONValue {
        var spec: [String: JSONValue] = [
            "peer": .string(peer), "dataset": .string(dataset), "columns": Self.list(columns),
            "purpose": .string(purpose), "algorithms": Self.list(algorithms), "reveals": Self.list(reveals),
            "uses": .integer(uses), "notAfter": .string(until),
        ]
        for (member, value) in [
            ("rows", rows), ("minimumIntersection", minimumIntersection), ("minimumBin", minimumBin),
            ("distinctIds", distinctIds),
        ] {
            if let value { spec[member] = .integer(value) }
        }
        if let from { spec["notBefore"] = .string(from) }
        return .object(spec)
    }

    static func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}

/// `atoll grant list`.
struct GrantListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the grants with their state and how often they were used.",
        discussion: """
            EXAMPLES:
              atoll grant list
              atoll grant list --tenant risk --project cards -o json
            """
    )

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["grants"], query: scope.query)
        let grants = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, grants.isEmpty { return Console.note("There are no grants.") }
        try output.print(
            output == .table ? grants.map(Self.row) : grants,
            columns: [
                ("NAME", "name"), ("PROJECT", "project"), ("PEER", "peer"), ("DATASET", "dataset"), ("STATE", "state"),
                ("USED", "used"), ("UNTIL", "notAfter"), ("PURPOSE", "purpose"),
            ])
    }

    static func row(_ grant: JSONValue) -> JSONValue {
        var row: [String: JSONValue] = [:]
        for member in ["name", "project"] { row[member] = grant["metadata"]?[member] }
        for member in ["peer", "dataset", "notAfter", "purpose"] { row[member] = grant["spec"]?[member] }
        for member in ["state", "used"] { row[member] = grant["status"]?[member] }
        return .object(row)
    }
}

/// `atoll grant revoke`.
struct GrantRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a grant back for good; jobs that read with it are stopped.",
        usage: "atoll grant revoke NAME [--reason TEXT] [<options>]",
        discussion: """
            When the command returns nothing leaves of what was read with the grant. No rollback gives it back.

            EXAMPLES:
              atoll grant revoke loans-to-partner --tenant risk --project cards
              atoll grant revoke loans-to-partner --reason "agreement ended" --tenant risk --project cards
            """
    )

    @Argument(help: "The name of the grant.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "grant name")
        let path = APIPath(["grants", name, "revoke"], query: scope.query + [("reason", reason)])
        _ = try await connection.connect { try await $0.post(path, .json([:])) }
        try Console.write("grant \(name) revoked")
    }
}
