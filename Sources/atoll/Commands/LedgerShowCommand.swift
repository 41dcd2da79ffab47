import ArgumentParser
import Faults
import Ledger
import Resources

/// `atoll ledger show`.
struct LedgerShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Tell in words what crossed, by job and peer.",
        discussion: """
            Frames are counted once for each sequence number; what was sent again is told apart. The bound on \
            information is elements times their declared width. With -o json the shape is {"items": [{"job", "peer", \
            "lines", "signedLines", "closed", "waiting", "refusals", "flows": [...]}]}.

            EXAMPLES:
              atoll ledger show
              atoll ledger show --job 01J8Z6QW4N8E0V3T5B7KX2M9RC --peer partner
            """
    )

    @Option(help: "Only this job.")
    var job: String?

    @Option(help: "Only this peer: its name or its site id.")
    var peer: String?

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let (items, names) = try await connection.connect { client in
            let names = try await LedgerPeers.fetch(client)
            let path = APIPath("ledger", query: ["job": job, "peer": try names.site(peer)])
            return (try await client.get(path)["items"]?.array ?? [], names)
        }
        if let document = output.document(["items": .array(items)]) { return try Console.write(document) }
        if items.isEmpty { return Console.note("Nothing has crossed.") }
        try Console.write(
            items.map { LedgerText.chain($0, peer: names.name(of: $0["peer"]?.string)) }.joined(separator: "\n\n"))
    }
}

/// Names of peers for people, site ids for the ledger.
struct LedgerPeers: Sendable {
    private let names: [String: String]

    /// - Parameter names: by site id.
    init(names: [String: String]) {
        self.names = names
    }

    /// A server without peers has no such kind: then only site ids are known.
    static func fetch(_ client: APIClient) async throws -> LedgerPeers {
        let kinds = try await KindList.fetch(client).kinds
        guard kinds.contains(where: { $0.name == "Peer" }) else { return LedgerPeers(names: [:]) }
        let items = try await client.get(APIPath("peers"))["items"]?.array ?? []
        var names: [String: String] = [:]
        for item in items {
            guard let site = item[path: "spec", "site"]?.string, let name = item[path: "metadata", "name"]?.string
            else { continue }
            names[site] = name
        }
        return LedgerPeers(names: names)
    }

    /// - Throws: `ResourceFaults.notFound` for what is neither a name nor a site id.
    func site(_ text: String?) throws(Fault) -> String? {
        guard let text else { return nil }
        if let site = names.first(where: { $0.value == text })?.key { return site }
        guard SiteID(text) != nil else {
            throw Fault(
                ResourceFaults.notFound, "There is no peer '\(text.prefix(63))'.", at: "--peer",
                wanted: "the name of a peer, or a site id of 52 characters")
        }
        return text
    }

    func name(of site: String?) -> String {
        guard let site else { return "unknown" }
        return names[site] ?? site
    }
}
