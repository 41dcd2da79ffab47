import ArgumentParser
import Faults
import People
import Resources

/// `atoll user`: people who log in. Users are resources as well, so `get`, `describe` and `apply` know them.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add people, set passwords, unlock, and end logins.",
        discussion: """
            EXAMPLES:
              atoll user add ana --display-name "Ana Ferreira"
              atoll role give modeller ana --tenant retail-risk
              atoll user list
            """,
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserShowCommand.self, UserPasswordCommand.self,
            UserUnlockCommand.self, UserLogoutCommand.self, UserLinkCommand.self,
        ]
    )
}

/// `atoll user add`.
struct UserAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make a user with a password.",
        usage: "atoll user add <name> [<options>]",
        discussion: """
            Asks for the password without showing it; from a pipe it reads one line. Roles on the whole platform are \
            given here or in the user's document, others with `atoll role give`.

            EXAMPLES:
              atoll user add ana --display-name "Ana Ferreira"
              atoll user add root --platform-role platform-admin
              atoll user add ana --no-password       a user that cannot log in before a password is set
            """
    )

    @Argument(help: "The name: a-z, 0-9 and '-'.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("The name that people see.", valueName: "text"))
    var displayName: String?

    @Option(name: .long, help: ArgumentHelp("A role on the whole platform; may be repeated.", valueName: "role"))
    var platformRole: [String] = []

    @Flag(name: .long, help: "Set no password.")
    var noPassword = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "user")
        try connection.check()
        let password = noPassword ? nil : try PasswordInput.read("New password of \(name)", twice: true)
        if let password { try PasswordRule.check(Array(password.utf8), of: name) }
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": "User", "metadata": ["name": .string(name)],
            "spec": [
                "displayName": .string(displayName ?? name),
                "roles": .array(platformRole.map { ["role": .string($0)] }),
            ],
        ]
        try await connection.connect { client in
            _ = try await client.post(APIPath("users"), .json(document))
            guard let password else { return }
            let body: JSONValue = ["password": .string(password)]
            _ = try await client.put(APIPath("users", name, "password"), .json(body))
        }
        try Console.write("user \(name) made")
    }
}

/// `atoll user list`.
struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List users with their roles.",
        discussion: """
            EXAMPLES:
              atoll user list
              atoll user list -o json
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let users = try await connection.connect {
            try await ResourceLister($0).list("users", selector: nil, scope: try .of([])).items
        }
        if output == .table, users.isEmpty { return Console.note("There are no users.") }
        try output.print(
            output == .table ? users.map(Self.row) : users,
            columns: [("NAME", "name"), ("DISPLAY NAME", "displayName"), ("DISABLED", "disabled"), ("ROLES", "roles")])
    }

    static func row(_ user: JSONValue) -> JSONValue {
        let roles = (user["spec"]?["roles"]?.array ?? []).map { role in
            let place = [role["tenant"]?.string, role["project"]?.string].compactMap { $0 }.joined(separator: "/")
            return (role["role"]?.string ?? "") + (place.isEmpty ? "" : "@\(place)")
        }
        return [
            "name": user["metadata"]?["name"] ?? .null, "displayName": user["spec"]?["displayName"] ?? .null,
            "disabled": user["spec"]?["disabled"] ?? .null, "roles": .string(roles.joined(separator: ", ")),
        ]
    }
}

/// `atoll user show`.
struct UserShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show how a user logs in: password, lock, sessions, tokens.",
        discussion: """
            EXAMPLES:
              atoll user show ana
              atoll user show ana -o json
            """
    )

    @Argument(help: "The name of the user.")
    var name: String

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let (state, sessions, tokens) = try await connection.connect { client in
            (
                try await client.get(APIPath("users", name, "login")),
                try await client.get(APIPath("users", name, "sessions"))["items"] ?? [],
                try await client.get(APIPath("users", name, "tokens"))["items"] ?? []
            )
        }
        let all: JSONValue = ["login": state, "sessions": sessions, "tokens": tokens]
        if let document = output.document(all) { return try Console.write(document) }
        let own = state["hasPassword"]?.bool == true ? "set \(CellText.text(state["passwordChanged"]))" : "none"
        let kept = state["directory"]?.string.map { "kept by the directory \(TerminalText.line($0))" }
        try Console.write("password: \(kept ?? own)")
        if let until = state["lockedUntil"]?.string { try Console.write("locked until \(TerminalText.line(until))") }
        try output.print(
            sessions.array ?? [],
            columns: [("SESSION", "id"), ("FROM", "address"), ("SEEN", "seen"), ("ENDS", "ends")])
        try output.print(tokens.array ?? [], columns: TokenListCommand.columns)
    }
}

/// `atoll user password`.
struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Set the password of a user; every session of the user ends.",
        discussion: """
            EXAMPLES:
              atoll user password ana                asks for it
            """
    )

    @Argument(help: "The name of the user.")
    var name: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "user")
        try connection.check()
        let password = try PasswordInput.read("New password of \(name)", twice: true)
        let body: JSONValue = ["password": .string(password)]
        _ = try await connection.connect { try await $0.put(APIPath("users", name, "password"), .json(body)) }
        try Console.write("password of \(name) set; sessions of \(name) ended")
    }
}

/// `atoll user unlock`.
struct UserUnlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Let a user who is locked after failed logins try again at once.",
        discussion: """
            EXAMPLES:
              atoll user unlock ana
            """
    )

    @Argument(help: "The name of the user.")
    var name: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        _ = try await connection.connect { try await $0.post(APIPath("users", name, "unlock"), .json([:])) }
        try Console.write("user \(TerminalText.line(name)) unlocked")
    }
}

/// `atoll user logout`.
struct UserLogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "End every session of a user.",
        discussion: """
            EXAMPLES:
              atoll user logout ana
            """
    )

    @Argument(help: "The name of the user.")
    var name: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        _ = try await connection.connect { try await $0.delete(APIPath("users", name, "sessions")) }
        try Console.write("sessions of \(TerminalText.line(name)) ended")
    }
}

/// `atoll user link`.
struct UserLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Make a new secret for the first administrator, while there are no users.",
        discussion: """
            The secret works once, within a day, and makes earlier ones void. It belongs behind the address of the \
            management plane: https://HOST:PORT/first-administrator#SECRET, which `atoll login` takes.

            EXAMPLES:
              atoll user link
            """
    )

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.connect {
            try await $0.post(APIPath("first-administrator", "link"), .json([:]))
        }
        try Console.write(TerminalText.line(answer["secret"]?.string ?? ""))
    }
}
