import ArgumentParser
import Faults
import Resources

/// `atoll role`: what the roles may do, and who has which in a tenant.
struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Show roles, and give and take them in a tenant or project.",
        discussion: """
            EXAMPLES:
              atoll role list
              atoll role give modeller ana --tenant retail-risk
              atoll role members --tenant retail-risk
            """,
        subcommands: [
            RoleListCommand.self, RoleMakeCommand.self, RoleGiveCommand.self, RoleTakeCommand.self,
            RoleMembersCommand.self,
        ]
    )
}

/// `atoll role list`.
struct RoleListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List roles with their permissions.",
        discussion: """
            EXAMPLES:
              atoll role list
              atoll role list -o json
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let roles = try await connection.connect { try await $0.get(APIPath("roles"))["items"]?.array ?? [] }
        try output.print(roles, columns: [("ROLE", "name"), ("WHAT IT IS", "summary")])
    }
}

/// `atoll role make`.
struct RoleMakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make a role of one's own, or say anew what it may do.",
        usage: "atoll role make NAME --summary TEXT [--view NOUN] ... [--manage NOUN] ...",
        discussion: """
            It can hold what the program's own roles of tenants hold; `atoll explain customrole` lists the nouns. \
            `atoll delete customrole NAME` takes away one that nobody has.

            EXAMPLES:
              atoll role make reviewer --summary "approves" --view jobs --view models --manage approvals
            """
    )

    @Argument(help: "The name of the role.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("What it is for.", valueName: "text"))
    var summary: String

    @Option(name: .customLong("view"), help: ArgumentHelp("What it sees; may be repeated.", valueName: "noun"))
    var views: [String] = []

    @Option(name: .customLong("manage"), help: ArgumentHelp("What it changes; may be repeated.", valueName: "noun"))
    var manages: [String] = []

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "role name")
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": .string("CustomRole"),
            "metadata": ["name": .string(name)],
            "spec": [
                "summary": .string(summary), "view": .array(views.map { .string($0) }),
                "manage": .array(manages.map { .string($0) }),
            ],
        ]
        _ = try await connection.connect { try await $0.post(APIPath(["apply"]), .json(document)) }
        try Console.write("role \(TerminalText.line(name)) can be given")
    }
}

/// `atoll role give`.
struct RoleGiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "give",
        abstract: "Give a user a role in a tenant or in one project of it.",
        discussion: """
            EXAMPLES:
              atoll role give modeller ana --tenant retail-risk
              atoll role give viewer ana --tenant retail-risk --project merchants
            """
    )

    @Argument(help: "The role.")
    var role: String

    @Argument(help: "The name of the user.")
    var user: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["users", user, "roles", role], query: scope.query)
        _ = try await connection.connect { try await $0.post(path, .json([:])) }
        try Console.write("\(TerminalText.line(user)) is \(TerminalText.line(role)) in \(Self.place(scope))")
    }

    static func place(_ scope: ScopeOptions) -> String {
        TerminalText.line([scope.tenant, scope.project].compactMap { $0 }.joined(separator: "/"))
    }
}

/// `atoll role take`.
struct RoleTakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take",
        abstract: "Take a role in a tenant or project away.",
        discussion: """
            EXAMPLES:
              atoll role take modeller ana --tenant retail-risk
            """
    )

    @Argument(help: "The role.")
    var role: String

    @Argument(help: "The name of the user.")
    var user: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["users", user, "roles", role], query: scope.query)
        _ = try await connection.connect { try await $0.delete(path) }
        try Console.write(
            "\(TerminalText.line(user)) is no longer \(TerminalText.line(role)) in \(RoleGiveCommand.place(scope))")
    }
}

/// `atoll role members`.
struct RoleMembersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "List who has which role in a tenant.",
        usage: "atoll role members [<options>]",
        discussion: """
            EXAMPLES:
              atoll role members --tenant retail-risk
            """
    )

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["members"], query: scope.query)
        let members = try await connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        if output == .table, members.isEmpty { return Console.note("Nobody has a role there.") }
        try output.print(
            members,
            columns: [
                ("USER", "user"), ("DISPLAY NAME", "displayName"), ("ROLE", "role"), ("TENANT", "tenant"),
                ("PROJECT", "project"),
            ])
    }
}
