import ArgumentParser
import Faults
import Resources

/// `atoll token`: secrets for programs, of the person who is logged in.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and end tokens for programs.",
        discussion: """
            A token belongs to the person who is logged in to a server and may do no more than that person; programs \
            give it in ATOLL_TOKEN, or as `Authorization: Bearer TOKEN`.

            EXAMPLES:
              atoll token make nightly --permission datasets.view --days 90 --server https://risk.example:9371
              atoll token list --server https://risk.example:9371
            """,
        subcommands: [TokenMakeCommand.self, TokenListCommand.self, TokenEndCommand.self]
    )
}

/// `atoll token make`.
struct TokenMakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make a token; its secret is shown once.",
        usage: "atoll token make <name> [<options>]",
        discussion: """
            EXAMPLES:
              atoll token make nightly --permission datasets.view --permission jobs.manage --tenant retail-risk
              atoll token make backup --days 7 -o json
            """
    )

    @Argument(help: "What it is for.")
    var name: String

    @Option(
        name: .long,
        help: ArgumentHelp("What it may do; all that its owner may when none is given.", valueName: "noun.verb"))
    var permission: [String] = []

    @Option(name: .long, help: ArgumentHelp("When it ends, 1 to 365 days from now.", valueName: "days"))
    var days: Int = 30

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        var request: [String: JSONValue] = ["name": .string(name), "days": .integer(Int64(days))]
        if !permission.isEmpty { request["permissions"] = .array(permission.map { .string($0) }) }
        for (key, value) in scope.query { if let value { request[key] = .string(value) } }
        let body = APIClient.Body.json(.object(request))
        let token = try await connection.connect { try await $0.post(APIPath("tokens"), body) }
        if let document = output.document(token) { return try Console.write(document) }
        Console.note("It ends \(TerminalText.line(CellText.text(token["ends"]))) and is not shown again:")
        try Console.write(TerminalText.line(token["secret"]?.string ?? ""))
    }
}

/// `atoll token list`.
struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List tokens, never their secrets.",
        discussion: """
            EXAMPLES:
              atoll token list
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    static let columns = [
        ("TOKEN", "id"), ("NAME", "name"), ("PERMISSIONS", "permissions"), ("TENANT", "tenant"),
        ("PROJECT", "project"), ("USED", "used"), ("ENDS", "ends"),
    ]

    func run() async throws {
        let tokens = try await connection.connect { try await $0.get(APIPath("tokens"))["items"]?.array ?? [] }
        if output == .table, tokens.isEmpty { return Console.note("There are no tokens.") }
        try output.print(tokens, columns: Self.columns)
    }
}

/// `atoll token end`.
struct TokenEndCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "End a token; the next request with it is refused.",
        discussion: """
            EXAMPLES:
              atoll token end 01J8Z6QW4N8E0V3T5B7KX2M9RC
              atoll token end 01J8Z6QW4N8E0V3T5B7KX2M9RC --user ana
            """
    )

    @Argument(help: "The id of the token.")
    var id: String

    @Option(name: .long, help: ArgumentHelp("Whose it is, when not one's own.", valueName: "name"))
    var user: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = user.map { APIPath("users", $0, "tokens", id) } ?? APIPath("tokens", id)
        _ = try await connection.connect { try await $0.delete(path) }
        try Console.write("token \(TerminalText.line(id)) ended")
    }
}
