import ArgumentParser
import Faults
import Resources

/// `atoll version`: of this program and, when it runs, of the server.
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version of this program and of the server, when one runs.",
        discussion: """
            That no server runs is no error here.

            EXAMPLES:
              atoll version
              atoll version -o json | jq -r .client.version
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let server = try await Self.server(connection.location())
        if let document = output.document(Self.json(server: server)) { return try Console.write(document) }
        var lines = ["client  \(ProgramVersion.text)"]
        if let server {
            let text = CellText.text(server["version"])
            lines.append(
                "server  \(text)  (kernel \(CellText.text(server["kernel"])), process \(CellText.text(server["pid"])))")
            if text != ProgramVersion.text { Console.note("Client and server differ: `atoll doctor` says what to do.") }
        } else {
            lines.append("server  not running")
        }
        try Console.write(lines.map(TerminalText.line).joined(separator: "\n"))
    }

    static func json(server: JSONValue?) -> JSONValue {
        var members: [String: JSONValue] = [
            "client": ["version": .string(ProgramVersion.text), "apiVersion": .string(Resource.apiVersion)]
        ]
        if let server { members["server"] = server }
        return .object(members)
    }

    /// What the server says about itself; nil when none runs. Without a socket nothing is started to ask it.
    static func server(_ location: DataLocation) async throws -> JSONValue? {
        guard FileFacts(location.socket) != nil else { return nil }
        do {
            return try await APIClient.with(location) { try await $0.get(APIPath("version")) }
        } catch let fault as Fault where fault.is(ProgramFaults.notRunning) {
            return nil
        }
    }
}
