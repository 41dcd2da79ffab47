import ArgumentParser
import Faults
import Resources

/// `atoll tenant`: the departments of the institution.
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant",
        abstract: "Make, list and delete tenants: the border of names, quotas and permissions.",
        discussion: """
            Tenants are resources: `atoll apply`, `atoll get tenants` and `atoll history` work as well.

            EXAMPLES:
              atoll tenant make risk --display-name "Retail risk"
              atoll tenant list
              atoll tenant delete risk
            """,
        subcommands: [TenantMakeCommand.self, TenantListCommand.self, TenantDeleteCommand.self]
    )
}

/// `atoll tenant make`.
struct TenantMakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make a tenant.",
        usage: "atoll tenant make NAME [<options>]",
        discussion: """
            EXAMPLES:
              atoll tenant make risk --display-name "Retail risk" --approval job --approval resultRelease
            """
    )

    @Argument(help: "The name of the tenant.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("The name that people see.", valueName: "text"))
    var displayName: String?

    @Option(name: .long, help: ArgumentHelp("Whom to ask.", valueName: "text"))
    var contact: String?

    @Option(
        name: .customLong("approval"),
        help: ArgumentHelp("What needs a second person: job, dataUse, resultRelease.", valueName: "what"))
    var approvals: [String] = []

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        var spec: [String: JSONValue] = ["displayName": .string(displayName ?? name)]
        if let contact { spec["contact"] = .string(contact) }
        if !approvals.isEmpty { spec["approvals"] = .array(approvals.map { .string($0) }) }
        try await Place("Tenant", "tenants").make(name, spec, in: [], connection)
    }
}

/// `atoll tenant list`.
struct TenantListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List tenants.",
        discussion: """
            EXAMPLES:
              atoll tenant list
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Place("Tenant", "tenants").list(in: [], output, connection, columns: ["displayName", "approvals"])
    }
}

/// `atoll tenant delete`.
struct TenantDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a tenant; it stays until nothing lives in it.",
        discussion: """
            EXAMPLES:
              atoll tenant delete risk
            """
    )

    @Argument(help: "The name of the tenant.")
    var name: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws { try await Place("Tenant", "tenants").delete(name, in: [], connection) }
}

/// `atoll project`: units of work inside of tenants.
struct ProjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Make, list and delete projects: what datasets, jobs and models belong to.",
        discussion: """
            Projects are resources: `atoll apply`, `atoll get projects` and `atoll history` work as well. Who works in \
            one: `atoll role give`, `atoll role members`.

            EXAMPLES:
              atoll project make cards --tenant risk --purpose "judge card holders"
              atoll project list --tenant risk
              atoll project delete cards --tenant risk
            """,
        subcommands: [ProjectMakeCommand.self, ProjectListCommand.self, ProjectDeleteCommand.self]
    )
}

/// `atoll project make`.
struct ProjectMakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make a project in a tenant.",
        usage: "atoll project make NAME --tenant TENANT [<options>]",
        discussion: """
            EXAMPLES:
              atoll project make cards --tenant risk --purpose "judge card holders" --stage production
            """
    )

    @Argument(help: "The name of the project.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("The tenant.", valueName: "tenant"))
    var tenant: String

    @Option(name: .long, help: ArgumentHelp("The name that people see.", valueName: "text"))
    var displayName: String?

    @Option(name: .long, help: ArgumentHelp("What the work is for.", valueName: "text"))
    var purpose: String?

    @Option(name: .long, help: ArgumentHelp("exploration, development or production.", valueName: "stage"))
    var stage: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        var spec: [String: JSONValue] = ["displayName": .string(displayName ?? name)]
        if let purpose { spec["purpose"] = .string(purpose) }
        if let stage { spec["stage"] = .string(stage) }
        try await Place("Project", "projects").make(name, spec, in: [("tenant", tenant)], connection)
    }
}

/// `atoll project list`.
struct ProjectListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List projects.",
        discussion: """
            EXAMPLES:
              atoll project list --tenant risk
            """
    )

    @Option(name: .long, help: ArgumentHelp("The tenant; all that may be seen without.", valueName: "tenant"))
    var tenant: String?

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Place("Project", "projects").list(
            in: [("tenant", tenant)], output, connection, columns: ["displayName", "stage", "purpose"])
    }
}

/// `atoll project delete`.
struct ProjectDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a project; it stays until nothing lives in it.",
        usage: "atoll project delete NAME --tenant TENANT",
        discussion: """
            EXAMPLES:
              atoll project delete cards --tenant risk
            """
    )

    @Argument(help: "The name of the project.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("The tenant.", valueName: "tenant"))
    var tenant: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Place("Project", "projects").delete(name, in: [("tenant", tenant)], connection)
    }
}

/// What the commands of both kinds do.
private struct Place {
    let kind: String
    let plural: String

    init(_ kind: String, _ plural: String) {
        (self.kind, self.plural) = (kind, plural)
    }

    func make(
        _ name: String, _ spec: [String: JSONValue], in query: [(String, String?)], _ connection: ConnectionOptions
    ) async throws {
        try Names.check(name, at: "\(kind.lowercased()) name")
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": .string(kind), "metadata": ["name": .string(name)],
            "spec": .object(spec),
        ]
        _ = try await connection.connect { try await $0.post(APIPath([plural], query: query), .json(document)) }
        try Console.write("\(kind.lowercased()) \(TerminalText.line(name)) is there")
    }

    /// - Parameter columns: members of the spec that are shown.
    func list(
        in query: [(String, String?)], _ output: OutputForm, _ connection: ConnectionOptions, columns: [String]
    ) async throws {
        let scope = try ScopeOptions.of(query.compactMap { name, value in value.map { (name, $0) } })
        let found = try await connection.connect {
            try await ResourceLister($0).list(plural, selector: nil, scope: scope).items
        }
        guard output == .table else { return try output.print(found, columns: []) }
        if found.isEmpty { return Console.note("There are none here.") }
        let rows = found.map { item -> JSONValue in
            var row: [String: JSONValue] = [
                "name": item["metadata"]?["name"] ?? .null, "tenant": item["metadata"]?["tenant"] ?? .null,
            ]
            for column in columns {
                let value = item["spec"]?[column]
                row[column] = value?.array.map { .string($0.compactMap(\.string).joined(separator: ", ")) } ?? value
            }
            return .object(row)
        }
        let tenant = kind == "Tenant" ? [] : [("TENANT", "tenant")]
        try output.print(rows, columns: [("NAME", "name")] + tenant + columns.map { (Self.title($0), $0) })
    }

    func delete(_ name: String, in query: [(String, String?)], _ connection: ConnectionOptions) async throws {
        let answer = try await connection.connect { try await $0.delete(APIPath([plural, name], query: query)) }
        let waits = answer["metadata"]?["deletionTimestamp"] != nil
        try Console.write(
            "\(kind.lowercased()) \(TerminalText.line(name)) \(waits ? "goes once nothing lives in it" : "is gone")")
    }

    /// `displayName` as `DISPLAY NAME`.
    private static func title(_ member: String) -> String {
        member.reduce(into: "") { $0 += $1.isUppercase ? " \($1)" : $1.uppercased() }
    }
}
