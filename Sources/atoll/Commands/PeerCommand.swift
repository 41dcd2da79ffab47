import ArgumentParser
import Faults
import Resources

/// `atoll peer`: how two sites find and trust each other, and how that ends.
struct PeerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer",
        abstract: "Join other sites, list them, and cut them off.",
        discussion: """
            Two commands join two sites: one side that can be reached invites and hands the code over, the other side \
            accepts it. Nothing else is copied. A code is good for one use and expires.

            EXAMPLES:
              atoll peer invite --name partner --address atoll.bank.example:9370
              atoll peer accept CODE --name bank
              atoll peer list
              atoll peer invitations
              atoll peer revoke partner --yes
            """,
        subcommands: [
            PeerInviteCommand.self, PeerAcceptCommand.self, PeerListCommand.self, PeerRevokeCommand.self,
            PeerInvitationsCommand.self, PeerWithdrawCommand.self,
        ]
    )
}

/// `atoll peer invite`.
struct PeerInviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Print a join code for another site.",
        usage: "atoll peer invite --name <name> [--address <host:port>] ... [<options>]",
        discussion: """
            The code is a secret: whoever uses it first joins. Hand it over by a way that you trust. It is printed \
            once and kept nowhere; `atoll peer invitations` shows what became of it.

            EXAMPLES:
              atoll peer invite --name partner
              atoll peer invite --name partner --address atoll.bank.example:9370 --hours 2
            """
    )

    @Option(name: .long, help: "The name that the other site will have here: a-z, 0-9 and '-'.")
    var name: String

    @Option(
        name: .long,
        help: ArgumentHelp("Where this site can be reached; may be given again.", valueName: "host:port")
    )
    var address: [String] = []

    @Option(name: .long, help: ArgumentHelp("How long the code is good for.", valueName: "hours"))
    var hours: Int = 24

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "--name")
        let body: JSONValue = [
            "name": .string(name), "addresses": .array(address.map { .string($0) }), "hours": .integer(Int64(hours)),
        ]
        let answer = try await connection.connect { try await $0.post(APIPath("peers", "invite"), .json(body)) }
        if let document = output.document(answer) { return try Console.write(document) }
        guard let code = answer["code"]?.string else { throw Fault(ProgramFaults.strangeAnswer) }
        try Console.write(TerminalText.line(code))
        Console.note(
            "Hand this code to the other site: `atoll peer accept CODE`. It is good for one use until "
                + "\(CellText.text(answer["expires"])).")
    }
}

/// `atoll peer accept`.
struct PeerAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Join the site that printed a code.",
        discussion: """
            Dials the other site, proves both identities, pins them, and makes the peer at both ends. May be repeated \
            with the same code when it was interrupted.

            EXAMPLES:
              atoll peer accept CODE
              atoll peer accept CODE --name bank
              atoll peer accept - < code.txt                  not seen by other users of this machine
            """
    )

    @Argument(help: ArgumentHelp("The code; - reads it from standard input.", valueName: "code"))
    var code: String

    @Option(name: .long, help: "The name that the other site will have here; made from its own name if not given.")
    var name: String?

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        if let name { try Names.check(name, at: "--name") }
        let text = code == "-" ? String(decoding: try FileInput.read("-", limit: 65_536), as: UTF8.self) : code
        var members: [String: JSONValue] = ["code": .string(text)]
        if let name { members["name"] = .string(name) }
        let body = JSONValue.object(members)
        let peer = try await connection.connect { try await $0.post(APIPath("peers", "accept"), .json(body)) }
        if let document = output.document(peer) { return try Console.write(document) }
        let site = TerminalText.line(peer["spec"]?["site"]?.string ?? "")
        try Console.write("\(TerminalText.line(ResourceText(peer).title)) joined, site \(site)")
    }
}

/// `atoll peer list`.
struct PeerListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the peers and whether a link to each is up.",
        discussion: """
            EXAMPLES:
              atoll peer list
              atoll peer list -o json | jq -r '.items[].metadata.name'
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let items = try await connection.connect { try await $0.get(APIPath("peers"))["items"]?.array ?? [] }
        if let document = output.document(["items": .array(items)]) { return try Console.write(document) }
        if items.isEmpty { return Console.note("There are no peers; `atoll peer invite` makes the first.") }
        var table = TextTable(["NAME", "DISPLAY NAME", "SITE", "STATE", "SINCE"])
        for item in items {
            let paths = [
                ["metadata", "name"], ["spec", "displayName"], ["spec", "site"], ["status", "state"],
                ["metadata", "creationTimestamp"],
            ]
            table.add(paths.map { .init(CellText.text(item, at: $0)) })
        }
        try Console.write(table.text(for: .output))
    }
}
