import Faults
import Ledger
import Logging
import Resources
import Sites
import WorkerSocket

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One site's door without the rest of the site: identity, ledger, gateway, and a link to one peer over mutual TLS. Tests
/// start two of them and kill them.
///
/// Arguments: folder, the peer's site id, and `listen PORT` or `dial PORT`. Files in the folder: `worker.sock`; `port`, the
/// port that it listens on; `token`, a fresh token every 50 ms, good for one worker. Ends with its standard input.
@main struct GatewayHost {
    static let job = "01JZZZZZZZZZZZZZZZZZZZZZZZ"
    static let task = "stream"

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let peer = SiteID(arguments[2]), let port = Int(arguments[4]) else { exit(64) }
        let folder = arguments[1]
        _ = PlainThread {
            while readLine() != nil {}
            exit(0)
        }
        let identity = try SiteIdentity.open(folder: "\(folder)/identity", now: .now)
        let ledger = try SiteLedger.open(
            path: "\(folder)/ledger.db", site: identity.id,
            signer: RootKeySigner(identity: identity, peers: PeerBook(of: identity.id)))
        let logger = Logger(label: "host") { _ in SwiftLogNoOpLogHandler() }
        let hub = LinkHub(logger: logger)
        let gateway = Gateway(
            site: identity.id, ledger: ledger, options: GatewayOptions(socketPath: "\(folder)/worker.sock"),
            logger: logger)
        hub.connect(gateway)
        try gateway.open(plan(identity.id, peer))
        let directory = OnePeer(site: peer)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gateway.run() }
            group.addTask { try await giveTokens(gateway, folder) }
            if arguments[3] == "listen" {
                let listener = GRPCListener(
                    host: "127.0.0.1", port: port, identity: identity, directory: directory, acceptor: hub,
                    terms: LinkTerms(build: "host"), logger: logger)
                group.addTask { try await listener.run() }
                group.addTask {
                    if let bound = await listener.boundPort() { try write("\(bound)", to: "\(folder)/port") }
                }
            } else {
                let transport = GRPCTransport(
                    identity: identity, directory: directory, terms: LinkTerms(build: "host"), logger: logger)
                group.addTask {
                    while !Task.isCancelled {
                        if let link = try? await transport.dial("127.0.0.1:\(port)", peer: peer, tuning: .standard) {
                            await hub.use(link)
                        }
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func plan(_ one: SiteID, _ two: SiteID) -> DeclaredPlan {
        let block = MessageDeclaration(
            type: "block", senders: [one, two], receivers: [one, two], steps: 0...9,
            schemaDigest: [UInt8](repeating: 1, count: 32), elementBits: 8, maximumBytes: 1 << 20)
        return DeclaredPlan(
            job: job, planDigest: [UInt8](repeating: 2, count: 32), epoch: 1, peers: [one, two],
            tasks: [task: [block]])
    }

    private static func giveTokens(_ gateway: Gateway, _ folder: String) async throws {
        while true {
            let token = try gateway.token(job: job, task: task)
            try write(token.bytes.map { String($0, radix: 16) }.joined(separator: " "), to: "\(folder)/token")
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Whole or not at all, whoever reads meanwhile.
    private static func write(_ text: String, to path: String) throws {
        guard let file = fopen("\(path).new", "w") else { throw Fault(ProgramFaults.fileUnreadable, at: path) }
        fputs(text, file)
        fclose(file)
        rename("\(path).new", path)
    }
}

private struct OnePeer: PeerDirectory {
    let site: SiteID

    func find(_ site: SiteID) -> KnownPeer? {
        site == self.site ? KnownPeer(site: site, name: "peer", newestLeaf: 0) : nil
    }

    func sawLeaf(_ serial: UInt64, of site: SiteID) {}
}
