import ArgumentParser
import Faults
import Resources

/// `atoll quota`: what tenants and projects may use of this site.
struct QuotaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota",
        abstract: "Bound what a tenant or project may use of this site, and see what it uses.",
        discussion: """
            Quotas are resources: `atoll get quotas` and `atoll apply` work as well. Several hold all at once.

            EXAMPLES:
              atoll quota set cards --tenant retail-risk --project cards --storage 204800
              atoll quota list --tenant retail-risk
              atoll quota delete cards --tenant retail-risk
            """,
        subcommands: [QuotaSetCommand.self, QuotaListCommand.self, QuotaDeleteCommand.self]
    )
}

/// `atoll quota set`.
struct QuotaSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Make a quota, or give one other bounds.",
        usage: "atoll quota set NAME --tenant TENANT [--project PROJECT] [<options>]",
        discussion: """
            What is not named has no bound. What is used already stays, also where it is more.

            EXAMPLES:
              atoll quota set cards --tenant retail-risk --project cards --storage 204800
            """
    )

    @Argument(help: "The name of the quota.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Jobs that have not ended.", valueName: "count"))
    var runningJobs: Int64?

    @Option(name: .long, help: ArgumentHelp("Cores that these jobs ask for together.", valueName: "count"))
    var cores: Int64?

    @Option(name: .long, help: ArgumentHelp("Memory that they ask for together, in MiB.", valueName: "MiB"))
    var memory: Int64?

    @Option(name: .long, help: ArgumentHelp("Files, datasets and open uploads together, in MiB.", valueName: "MiB"))
    var storage: Int64?

    @Option(name: .long, help: ArgumentHelp("Jobs with other sites that begin in 24 hours.", valueName: "count"))
    var partnerRequests: Int64?

    @Option(name: .long, help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "quota name")
        var spec: [String: JSONValue] = [:]
        for (member, value) in [
            ("runningJobs", runningJobs), ("cores", cores), ("memory", memory), ("storage", storage),
            ("partnerRequests", partnerRequests),
        ] {
            if let value { spec[member] = .integer(value) }
        }
        if let project = scope.project { spec["project"] = .string(project) }
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": .string("Quota"),
            "metadata": ["name": .string(name)], "spec": .object(spec),
        ]
        let path = APIPath(["apply"], query: [("tenant", scope.tenant), ("reason", reason)])
        _ = try await connection.connect { try await $0.post(path, .json(document)) }
        try Console.write("quota \(name) holds in \(RoleGiveCommand.place(scope))")
    }
}

/// `atoll quota list`.
struct QuotaListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what quotas bound, with what is used of it.",
        discussion: """
            Without a tenant, those of all tenants, for who may see them.

            EXAMPLES:
              atoll quota list --tenant retail-risk
              atoll quota list -o json
            """
    )

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["usage"], query: scope.query)
        let bounds = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, bounds.isEmpty { return Console.note("No quota holds here.") }
        try output.print(
            output == .table ? bounds.map(Self.row) : bounds,
            columns: [
                ("QUOTA", "quota"), ("PLACE", "place"), ("WHAT", "what"), ("USED", "used"), ("HARD", "hard"),
                ("SHARE", "share"),
            ])
    }

    private static func row(_ bound: JSONValue) -> JSONValue {
        let (used, hard) = (bound["used"]?.integer ?? 0, bound["hard"]?.integer ?? 0)
        let place = [bound["tenant"]?.string, bound["project"]?.string].compactMap { $0 }.joined(separator: "/")
        var shown = bound.object ?? [:]
        shown["place"] = .string(place)
        shown["share"] = .string(share(used, of: hard))
        return .object(shown)
    }

    /// `[######----] 60 %`, full where it is passed.
    static func share(_ used: Int64, of hard: Int64) -> String {
        let share = hard > 0 ? Double(used) / Double(hard) : used > 0 ? 1 : 0
        let full = min(10, Int((share * 10).rounded(.down)))
        let bar = String(repeating: "#", count: full) + String(repeating: "-", count: 10 - full)
        return "[\(bar)] \(Int((share * 100).rounded(.down))) %"
    }
}

/// `atoll quota delete`.
struct QuotaDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Take a quota away: what it bounded has no bound by it any more.",
        usage: "atoll quota delete NAME --tenant TENANT",
        discussion: """
            EXAMPLES:
              atoll quota delete cards --tenant retail-risk
            """
    )

    @Argument(help: "The name of the quota.")
    var name: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["quotas", name], query: [("tenant", scope.tenant)])
        _ = try await connection.connect { try await $0.delete(path) }
        try Console.write("quota \(TerminalText.line(name)) is gone")
    }
}
