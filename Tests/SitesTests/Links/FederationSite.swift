import Faults
import Ledger
import Logging
import NIOCore
import Resources
import ResourcesTestKit
import SitesTestKit
import Synchronization
import Testing

@testable import Sites

/// A site with an identity of its own, for tests over real sockets.
struct FederationSite: Sendable {
    let identity: SiteIdentity
    let directory: TestDirectory

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(_ name: String, in folder: String, peers: [SiteID] = []) throws {
        identity = try SiteIdentity.open(folder: "\(folder)/\(name)", now: .now)
        directory = TestDirectory(peers)
    }

    var id: SiteID { identity.id }

    func transport(
        versions: ClosedRange<UInt32> = LinkTerms.spoken, keepAlive: LinkKeepAlive = .standard,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) -> GRPCTransport {
        GRPCTransport(
            identity: identity, directory: directory, terms: LinkTerms(versions: versions, build: "test"),
            logger: Self.logger, keepAlive: keepAlive, now: now)
    }

    /// Runs the body while the site listens on a free port of loopback.
    func listening(
        to acceptor: any LinkAcceptor, versions: ClosedRange<UInt32> = LinkTerms.spoken,
        keepAlive: LinkKeepAlive = .standard, isAllowed: (@Sendable (String) -> Bool)? = nil,
        tuning: LinkTuning = .standard, _ body: @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        var filter: (@Sendable (NIOCore.SocketAddress) -> Bool)?
        if let isAllowed { filter = { isAllowed($0.ipAddress ?? "") } }
        let listener = GRPCListener(
            host: "127.0.0.1", port: 0, identity: identity, directory: directory, acceptor: acceptor,
            terms: LinkTerms(versions: versions, build: "test"),
            isAllowed: filter, tuning: tuning, keepAlive: keepAlive, logger: Self.logger, now: { .now })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await listener.run()
                } catch is CancellationError {}
            }
            defer { group.cancelAll() }
            let port = try await within(.seconds(120), "the listener") {
                try #require(await listener.boundPort())
            }
            try await body(port)
        }
    }
}

extension LinkHarness {
    /// Two budgets, the window, what gRPC and the kernel buffer, and a frame in each hand.
    static let gRPC = LinkHarness(room: 24 << 20) { body in
        try await withSiteFolder { folder in
            let diallers = try (0..<LinkSites.peers).map { try FederationSite("dialler-\($0)", in: folder) }
            let listener = try FederationSite("listener", in: folder, peers: diallers.map(\.id))
            let stranger = try FederationSite("stranger", in: folder)
            for site in diallers + [stranger] {
                site.directory.add(listener.id)
                site.directory.add(testSite(98))
            }
            let door = TestDoor()
            try await listener.listening(to: door, versions: versions) { port in
                try await TCPProxy.with(target: port) { proxy in
                    let ids = diallers.map(\.id)
                    try await body(
                        LinkSites(listener: listener.id, diallers: ids, door: door, cut: { proxy.cut() }) { dialling in
                            let (id, versions) = dialling.who(ids, versions)
                            let site = diallers.first { $0.id == id } ?? stranger
                            return try await site.transport(versions: versions).dial(
                                dialling.address("127.0.0.1:\(proxy.port)", nowhere: "127.0.0.1:1"),
                                peer: dialling.expected(listener.id), tuning: .standard)
                        })
                }
            }
        }
    }
}
