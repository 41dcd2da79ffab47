import ArgumentParser
import Faults
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `atoll peer revoke`.
struct PeerRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Cut a peer off at once and for good.",
        discussion: """
            Running streams and jobs with the peer end now. It cannot be undone, and no rollback brings it back; a new \
            invitation after deleting the peer is a new decision to trust it.

            EXAMPLES:
              atoll peer revoke partner
              atoll peer revoke partner --yes --reason "contract ended"
            """
    )

    @Argument(help: "The peer's name here.")
    var name: String

    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    @Option(name: .long, help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "peer name")
        if !yes { try confirm() }
        let path = APIPath("peers", name, "revoke", query: ["reason": reason])
        let peer = try await connection.connect { try await $0.post(path, .json([:])) }
        if let document = output.document(peer) { return try Console.write(document) }
        try Console.write("\(TerminalText.line(ResourceText(peer).title)) revoked")
    }

    /// - Throws: `ProgramFaults.usage` unless somebody at a terminal writes the name.
    private func confirm() throws(Fault) {
        guard isatty(STDIN_FILENO) == 1 else {
            throw Fault(ProgramFaults.usage, "Revoking is final and there is nobody to ask.", fix: "Give --yes.")
        }
        Console.note("Revoking \(name) is final. Write its name to go on:")
        guard readLine(strippingNewline: true) == name else {
            throw Fault(ProgramFaults.usage, "Nothing was revoked.", fix: "Write the peer's name, or give --yes.")
        }
    }
}
