import ArgumentParser
import Faults
import Resources

/// `atoll apply`: makes it so as the documents of a file say.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Create or change resources so that they are as a file says.",
        usage: "atoll apply -f <file> [<options>]",
        discussion: """
            The file holds one or more YAML or JSON documents. All of them are checked before the first is written; \
            with one mistake nothing is changed.

            EXAMPLES:
              atoll apply -f tenant.yaml
              atoll apply -f tenant.yaml --dry-run            check, and tell what would change
              atoll apply -f job.yaml --reason "new window"   the reason is kept in the history
              atoll get tenants -o yaml | atoll apply -f -    from standard input
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("A YAML or JSON file; - is standard input.", valueName: "file"))
    var file: String

    @Flag(name: .long, help: "Check, and tell what would change, without changing anything.")
    var dryRun = false

    @Option(name: .long, help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try connection.check()
        let bytes = try FileInput.read(file)
        let answer = try await connection.connect {
            try await Self.send(bytes, file: file, dryRun: dryRun, reason: reason, scope: scope, $0)
        }
        if let document = output.document(Self.result(answer)) { return try Console.write(document) }
        let lines = (answer["items"]?.array ?? []).map { Self.line($0, dryRun: dryRun, for: .output) }
        try Console.write(lines.joined(separator: "\n"))
    }

    static func send(
        _ bytes: [UInt8],
        file: String,
        dryRun: Bool,
        reason: String?,
        scope: ScopeOptions,
        _ client: APIClient
    ) async throws -> JSONValue {
        guard bytes.count <= YAMLReader.maximumBytes else {
            throw Fault(
                ResourceFaults.tooLarge,
                at: title(file),
                wanted: "at most \(YAMLReader.maximumBytes) bytes"
            )
        }
        let query: [(String, String?)] = [
            ("dryRun", dryRun ? "true" : "false"), ("file", title(file)), ("reason", reason),
        ]
        return try await client.post(APIPath(["apply"], query: query + scope.query), .yaml(bytes))
    }

    /// The name of the input in messages.
    static func title(_ file: String) -> String {
        file == "-" ? "standard input" : file
    }

    /// What other programs get: the server's items.
    static func result(_ answer: JSONValue) -> JSONValue {
        ["items": answer["items"] ?? []]
    }

    /// `Tenant retail-risk updated: spec.contact`.
    static func line(_ item: JSONValue, dryRun: Bool, for terminal: Terminal) -> String {
        let resource = ResourceText(item["resource"] ?? [:])
        let action = item["action"]?.string ?? "?"
        let changes = item["changes"]?.array ?? []
        let detail =
            action != "updated"
            ? "" : ": " + (changes.isEmpty ? "labels or metadata" : ChangeText.summary(changes))
        let painted = terminal.paint(action, action == "unchanged" ? .quiet : .good)
        return "\(TerminalText.line(resource.title)) \(painted)\(detail)\(dryRun ? " (dry run)" : "")"
    }
}
