import ArgumentParser
import Faults
import Resources

/// `atoll explain`: what an error means, or what a kind or one of its fields is.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a numbered error, a kind, or a field of a kind.",
        discussion: """
            Nothing of this needs a server; kinds and fields are asked of it when one runs.

            EXAMPLES:
              atoll explain ATL-1002
              atoll explain unknown-field                     the same, by its short name
              atoll explain tenant                            the fields, and a complete example
              atoll explain tenant.displayName
              atoll explain tenant -o json
            """
    )

    @Argument(help: ArgumentHelp("ATL-nnnn, the short name of an error, KIND or KIND.FIELD.", valueName: "subject"))
    var subject: String

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        if let entry = try Self.entry(subject) {
            return try Console.write(output.document(Self.json(entry)) ?? Self.text(entry, for: .output))
        }
        let list = try await KindList.known(connection)
        let explanation = try KindExplanation(subject, in: list)
        try Console.write(output.document(explanation.json) ?? explanation.text(for: .output))
    }

    /// The error that the subject names; nil when it can only be a kind.
    ///
    /// - Throws: `ProgramFaults.unknownFault` when it looks like a number and no error has it.
    static func entry(_ subject: String) throws(Fault) -> FaultEntry? {
        if let entry = FaultCatalogue.all.first(where: { $0.name == subject.lowercased() }) { return entry }
        guard let first = subject.first, first.isNumber || subject.lowercased().hasPrefix("atl-") else { return nil }
        if let entry = FaultNumber(subject).flatMap(FaultCatalogue.entry) { return entry }
        throw Fault(
            ProgramFaults.unknownFault,
            "There is no error '\(TerminalText.line(String(subject.prefix(40))))'.",
            wanted: "ATL- and four digits, such as ATL-1002; docs/errors.md lists all"
        )
    }

    static func json(_ entry: FaultEntry) -> JSONValue {
        [
            "code": .string(entry.number.description), "name": .string(entry.name), "title": .string(entry.title),
            "fix": .string(entry.fix), "status": .integer(Int64(entry.status)),
            "exitCode": .integer(Int64(ExitStatus(Fault(entry)).rawValue)),
        ]
    }

    static func text(_ entry: FaultEntry, for terminal: Terminal) -> String {
        """
        \(terminal.paint("\(entry.number) \(entry.name)", .strong))
          \(entry.title)
          fix:  \(entry.fix)
          HTTP status \(entry.status), exit code \(ExitStatus(Fault(entry)).rawValue)
        """
    }
}
