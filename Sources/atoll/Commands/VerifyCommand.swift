import ArgumentParser
import Faults
import Resources
import Sites

/// `atoll verify`: holds what is found against what should be.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hold what is found against what should be.",
        discussion: """
            EXAMPLES:
              atoll verify network
            """,
        subcommands: [VerifyNetworkCommand.self]
    )
}

/// `atoll verify network`.
struct VerifyNetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: "Try every pair of planes, and the sockets, and print expected against found.",
        discussion: """
            Run it on the machine of the site. From each plane's address it goes to each plane's port: what may connect, \
            what must not, which handlers exist where, and whether TLS 1.2, no TLS or no certificate is refused. Each try \
            takes up to five seconds; all run at once. Ends with 5 when anything is found that was not expected. With -o \
            json: {"items": [{"from", "to", "try", "expected", "found", "result": "pass" | "fail"}]}.

            EXAMPLES:
              atoll verify network
              atoll verify network -o json | jq '.items[] | select(.result == "fail")'
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @Flag(name: .long, help: "The same as -o json.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let location = try connection.location()
        let answer = try await APIClient.with(location) { try await $0.get(APIPath("network")) }
        let planes = (answer["planes"]?.array ?? []).compactMap(PlaneDescription.init(_:))
        guard planes.count == answer["planes"]?.array?.count else {
            throw Fault(ProgramFaults.strangeAnswer, at: "network")
        }
        let pairs = await NetworkMatrix(planes).findings { await $0.run() }
        let findings = pairs + Self.sockets(in: location.directory)
        let form: OutputForm = json ? .json : output
        try form.print(
            findings.map(\.json),
            columns: [
                ("RESULT", "result"), ("FROM", "from"), ("TO", "to"), ("TRY", "try"), ("EXPECTED", "expected"),
                ("FOUND", "found"),
            ])
        let wrong = findings.count { !$0.isRight }
        if form == .table { Console.note("\(findings.count - wrong) as expected, \(wrong) not") }
        if wrong > 0 { throw ExitCode(ExitStatus.checksFailed.rawValue) }
    }

    /// The doors on this machine: the command line's and the workers'.
    static func sockets(in directory: String) -> [NetworkFinding] {
        (Platform.names(in: directory) ?? []).compactMap { name in
            guard let facts = FileFacts("\(directory)/\(name)"), facts.kind == .socket else { return nil }
            return NetworkFinding(
                from: "other users", to: name, attempt: "permissions", expected: "600", found: facts.octal)
        }
    }
}
