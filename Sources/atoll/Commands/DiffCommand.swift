import ArgumentParser
import Faults
import Resources

/// `atoll diff`: what changed between two revisions, or what a file would change.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what changed between two revisions, or what a file would change.",
        usage: """
            atoll diff <kind> <name> [--from <number>] [--to <number>] [<options>]
            atoll diff -f <file> [<options>]
            """,
        discussion: """
            Without --from and --to the last change is shown. Differences do not change the exit code.

            EXAMPLES:
              atoll diff tenant retail-risk
              atoll diff tenant retail-risk --from 1 --to 4
              atoll diff -f tenant.yaml                       what `atoll apply -f tenant.yaml` would change
            """
    )

    @Argument(help: ArgumentHelp("KIND NAME or KIND/NAME.", valueName: "kind"))
    var words: [String] = []

    @Option(name: .long, help: ArgumentHelp("The older revision (default: the one before --to).", valueName: "number"))
    var from: Int64?

    @Option(name: .long, help: ArgumentHelp("The newer revision (default: the last).", valueName: "number"))
    var to: Int64?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Compare a YAML or JSON file with what is stored; - is standard input.", valueName: "file")
    )
    var file: String?

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if words.isEmpty == (file == nil) { throw ValidationError("Give either KIND NAME or -f FILE.") }
        if file != nil, from != nil || to != nil { throw ValidationError("--from and --to do not go with -f.") }
        if let least = [from, to].compactMap(\.self).min(), least < 1 {
            throw ValidationError("Revisions are numbered from 1.")
        }
    }

    func run() async throws {
        if let file {
            try await compare(file)
        } else {
            try await compareRevisions()
        }
    }

    private func compareRevisions() async throws {
        let target = try Target.one(words)
        let path = [target.kind, target.name]
        let query: [(String, String?)] = [("from", from.map(String.init)), ("to", to.map(String.init))]
        let (history, changes) = try await connection.connect { client in
            let history = try await client.get(APIPath(path + ["history"], query: scope.query))["items"]?.array ?? []
            let changes = try await client.get(APIPath(path + ["diff"], query: scope.query + query))
            return (history, changes["items"]?.array ?? [])
        }
        if let document = output.document(["items": .array(changes)]) { return try Console.write(document) }
        let newest = history.compactMap { $0["number"]?.integer }.max() ?? 1
        let newer = to ?? newest
        let older = from ?? max(1, newer - 1)
        guard !changes.isEmpty else {
            return Console.note(
                older == newer
                    ? "There is only revision \(newer); nothing to compare it with."
                    : "Revisions \(older) and \(newer) have the same spec."
            )
        }
        let terminal = Terminal.output
        let head = [(older, "---", Colour.bad), (newer, "+++", .good)].map { number, mark, colour in
            terminal.paint("\(mark) \(Self.title(of: number, in: history))", colour)
        }
        try Console.write((head + ChangeText.lines(changes, for: terminal)).joined(separator: "\n"))
    }

    private func compare(_ file: String) async throws {
        try connection.check()
        let bytes = try FileInput.read(file)
        let answer = try await connection.connect {
            try await ApplyCommand.send(bytes, file: file, dryRun: true, reason: nil, scope: scope, $0)
        }
        if let document = output.document(ApplyCommand.result(answer)) { return try Console.write(document) }
        let changed = (answer["items"]?.array ?? []).filter { $0["action"]?.string != "unchanged" }
        guard !changed.isEmpty else {
            return Console.note("\(ApplyCommand.title(file)) is what is stored; nothing would change.")
        }
        let lines = changed.flatMap { item in
            [ApplyCommand.line(item, dryRun: true, for: .output)]
                + ChangeText.lines(item["changes"]?.array ?? [], for: .output)
        }
        try Console.write(lines.joined(separator: "\n"))
    }

    /// `revision 2, 2026-01-31T08:00:00.000Z, ana (uid 1000)`.
    static func title(of number: Int64, in history: [JSONValue]) -> String {
        guard let revision = history.first(where: { $0["number"]?.integer == number }) else {
            return "revision \(number)"
        }
        return "revision \(number), \(CellText.text(revision["time"])), "
            + TerminalText.line(CellText.text(revision["author"]))
    }
}
