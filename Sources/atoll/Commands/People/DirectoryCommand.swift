import ArgumentParser
import Faults
import People
import Resources

/// `atoll directory`: directories (LDAP) whose people log in. They are resources as well.
struct DirectoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory",
        abstract: "Let the people of a directory (LDAP, Active Directory) log in, and test the way there.",
        discussion: """
            A directory is a document of the kind Directory; `atoll explain directory` says every field. The password of \
            the account that searches is a secret that the document names.

            EXAMPLES:
              atoll secret set directory-bank              asks for the password
              atoll directory set -f bank.yaml
              atoll directory test bank --user ana
              atoll directory show
            """,
        subcommands: [DirectoryShowCommand.self, DirectorySetCommand.self, DirectoryTestCommand.self]
    )
}

/// `atoll directory show`.
struct DirectoryShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "List directories, or show one with what its groups give.",
        discussion: """
            EXAMPLES:
              atoll directory show
              atoll directory show bank
              atoll directory show bank -o yaml
            """
    )

    @Argument(help: "The name of the directory.")
    var name: String?

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        guard let name else { return try await list() }
        try Names.check(name, at: "directory")
        let directory = try await connection.connect { try await $0.get(APIPath("directories", name)) }
        if let document = output.document(directory) { return try Console.write(document) }
        let spec = directory["spec"]
        try Console.write(TerminalText.line(Self.row(directory)["servers"]?.string ?? ""))
        if let account = spec?["bindDN"]?.string { try Console.write("searched by \(TerminalText.line(account))") }
        if spec?["disabled"]?.bool == true { try Console.write("disabled: nobody logs in by it") }
        try output.print(
            spec?["roles"]?.array ?? [],
            columns: [("GROUP", "group"), ("ROLE", "role"), ("TENANT", "tenant"), ("PROJECT", "project")])
    }

    private func list() async throws {
        let found = try await connection.connect {
            try await ResourceLister($0).list("directories", selector: nil, scope: try .of([])).items
        }
        if output == .table, found.isEmpty { return Console.note("There are no directories.") }
        try output.print(
            output == .table ? found.map(Self.row) : found,
            columns: [("NAME", "name"), ("PRESET", "preset"), ("SERVERS", "servers"), ("DISABLED", "disabled")])
    }

    private static func row(_ directory: JSONValue) -> JSONValue {
        let urls = (directory["spec"]?["urls"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
        let isEncryptedLater = directory["spec"]?["startTLS"]?.bool == true
        return [
            "name": directory["metadata"]?["name"] ?? .null, "preset": directory["spec"]?["preset"] ?? .null,
            "servers": .string(urls + (isEncryptedLater ? " with startTLS" : "")),
            "disabled": directory["spec"]?["disabled"] ?? .null,
        ]
    }
}

/// `atoll directory set`.
struct DirectorySetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Make or change a directory as a file says.",
        usage: "atoll directory set -f <file> [<options>]",
        discussion: """
            As `atoll apply`, for one document of the kind Directory; --ca puts the certificates of a file into it.

            EXAMPLES:
              atoll directory set -f bank.yaml
              atoll directory set -f bank.yaml --ca bank-ca.pem
              atoll explain directory                      every field, and a complete example
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("A YAML or JSON file; - is standard input.", valueName: "file"))
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("Certificates (PEM) that may sign those of the directory's servers.", valueName: "file"))
    var ca: String?

    @Option(name: .long, help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try connection.check()
        let title = ApplyCommand.title(file)
        let documents = try YAMLReader.documents(try FileInput.read(file), file: title)
        guard documents.count == 1, let document = documents.first, var members = document.value.object,
            members["kind"]?.string == Directory.kind.name
        else {
            throw Fault(PeopleFaults.directoryForm, at: title, wanted: "one document of the kind Directory")
        }
        if let ca {
            let text = String(decoding: try FileInput.read(ca), as: UTF8.self)
            var spec = members["spec"]?.object ?? [:]
            spec["certificates"] = .string(text)
            members["spec"] = .object(spec)
        }
        let bytes = JSONWriter.compact(.object(members))
        let answer = try await connection.connect {
            try await ApplyCommand.send(
                bytes, file: file, dryRun: false, reason: reason, scope: try .of([]), $0)
        }
        let action = answer["items"]?.array?.first?["action"]?.string ?? ""
        let name = members["metadata"]?["name"]?.string ?? ""
        try Console.write("directory \(TerminalText.line(name)) \(TerminalText.line(action))")
    }
}

/// `atoll directory test`.
struct DirectoryTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Go the way of a login, layer by layer, up to the first that fails; changes nothing.",
        usage: "atoll directory test <name> [<options>]",
        discussion: """
            The site itself goes that way: library, server, certificate, the account that searches; with --user the \
            person, the groups and the roles that a login would give. --password asks for the person's password and \
            tries it. Ends with 5 when a layer fails. With -o json: {"outcome", "steps": [{"layer", "outcome", "found", \
            "wanted", "fix"}], "groups", "roles"}.

            EXAMPLES:
              atoll directory test bank
              atoll directory test bank --user ana --groups
              atoll directory test bank --user ana --password
            """
    )

    @Argument(help: "The name of the directory.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Whom to look for, as typed at a login.", valueName: "name"))
    var user: String?

    @Flag(name: .long, help: "List the groups of the person.")
    var groups = false

    @Flag(name: .long, help: "Ask for the person's password and try it.")
    var password = false

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard user != nil || !(groups || password) else {
            throw ValidationError("--groups and --password need --user.")
        }
    }

    func run() async throws {
        try Names.check(name, at: "directory")
        try connection.check()
        var body: [String: JSONValue] = [:]
        if let user { body["user"] = .string(user) }
        if password { body["password"] = .string(try PasswordInput.read("Password of \(user ?? "")")) }
        let answer = try await connection.connect {
            try await $0.post(APIPath("directories", name, "test"), .json(.object(body)))
        }
        let checks = (answer["steps"]?.array ?? []).compactMap(CheckResult.init(directoryStep:))
        guard !checks.isEmpty else { throw Fault(ProgramFaults.strangeAnswer, at: "directories/\(name)/test") }
        if let document = output.document(answer) {
            try Console.write(document)
        } else {
            try Console.write(DoctorCommand.text(checks, for: .output))
            if groups {
                for group in answer["groups"]?.array ?? [] {
                    try Console.write("group \(TerminalText.line(group.string ?? ""))")
                }
            }
            for role in answer["roles"]?.array ?? [] {
                let place = ["tenant", "project"].compactMap { role[$0]?.string }.joined(separator: "/")
                let site = place.isEmpty ? "on the platform" : "in \(place)"
                try Console.write("role \(TerminalText.line(role["role"]?.string ?? "")) \(TerminalText.line(site))")
            }
        }
        if answer["outcome"]?.string != "pass" { throw ExitCode(ExitStatus.checksFailed.rawValue) }
    }
}

extension CheckResult {
    /// A layer of the way to a directory as a check.
    fileprivate init?(directoryStep step: JSONValue) {
        guard let layer = step["layer"]?.string, let status = step["outcome"]?.string.flatMap(Status.init(rawValue:))
        else { return nil }
        self.init(
            layer, status, found: step["found"]?.string ?? "", wanted: step["wanted"]?.string ?? "",
            fix: step["fix"]?.string ?? "")
    }
}
