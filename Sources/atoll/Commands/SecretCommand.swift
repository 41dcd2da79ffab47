import ArgumentParser
import Faults
import Resources
import Secrets

/// `atoll secret`: keeps values that documents may name and must never hold.
struct SecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Keep passwords and keys that documents refer to by name.",
        discussion: """
            Values are sealed in the data directory. They are never printed, logged or kept in a revision, and they are \
            never taken from an argument, where other users of the machine could read them.

            EXAMPLES:
              printf %s "$PASSWORD" | atoll secret set directory-password
              atoll secret list
              atoll secret delete directory-password
            """,
        subcommands: [SecretSetCommand.self, SecretListCommand.self, SecretDeleteCommand.self]
    )
}

/// `atoll secret set`.
struct SecretSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Store a value from standard input or a file.",
        discussion: """
            The bytes are kept as they come, a line end included. On a terminal one line is read without showing it, and \
            its line end does not count.

            EXAMPLES:
              printf %s "$PASSWORD" | atoll secret set directory-password
              atoll secret set signing-key --from-file key.pem
              atoll secret set directory-password             asks for it
            """
    )

    @Argument(help: "The name: a-z, 0-9 and '-'.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Read the value from a file instead of standard input.", valueName: "file"))
    var fromFile: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "secret name")
        try connection.check()
        let value = try SecretInput.read(fromFile, prompt: "Value of \(name)")
        guard (1...SecretStore.maximumBytes).contains(value.count) else {
            throw Fault(ProgramFaults.invalidSecret, at: fromFile ?? "standard input")
        }
        _ = try await connection.connect {
            try await $0.put(APIPath("secrets", name), .raw(value))
        }
        try Console.write("secret \(name) stored, \(value.count) byte\(value.count == 1 ? "" : "s")")
    }
}

/// `atoll secret list`.
struct SecretListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the names of the secrets; values are never shown.",
        discussion: """
            EXAMPLES:
              atoll secret list
              atoll secret list -o json | jq -r '.items[].name'
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let items = try await connection.connect { try await $0.get(APIPath("secrets"))["items"]?.array ?? [] }
        if output == .table, items.isEmpty { return Console.note("There are no secrets.") }
        try output.print(
            items,
            columns: [("NAME", "name"), ("BYTES", "bytes"), ("CHANGED", "changed"), ("AUTHOR", "author")]
        )
    }
}

/// `atoll secret delete`.
struct SecretDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Forget a secret.",
        discussion: """
            EXAMPLES:
              atoll secret delete directory-password
            """
    )

    @Argument(help: "The name of the secret.")
    var name: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        _ = try await connection.connect { try await $0.delete(APIPath("secrets", name)) }
        try Console.write("secret \(TerminalText.line(name)) deleted")
    }
}
