import Faults
import Ledger
import Logging
import Resources
import Testing

@testable import Sites

/// Joining as it is between machines: over loopback, with real certificates and mutual TLS 1.3.
@Suite struct JoinOverTLSTests {
    @Test func twoSitesJoinThenLinkUntilOneIsRevoked() async throws {
        try await withListeningInviter { network, inviter, port, folder in
            let joiner = try await open("south", in: folder, on: network)
            let code = try await inviter.joining.invite(
                name: "south", addresses: ["127.0.0.1:\(port)"], hours: 1, by: "ana")
            let peer = try await joiner.joining.accept(code.text, name: "north", by: "ben")
            #expect(peer.spec["site"]?.string == inviter.identity.id.text)
            let transport = transport(joiner.identity, joiner.book, network)
            let link = try await transport.dial("127.0.0.1:\(port)", peer: inviter.identity.id, tuning: .standard)
            #expect(link.peer == inviter.identity.id)
            #expect(joiner.book.rootKey(of: inviter.identity.id) == inviter.identity.rootKey)
            try await inviter.peers.revoke("south", by: ChangeNote(author: "ana"))
            // Cut by the revocation, not by the test.
            for await _ in link.messages {}
            await #expect(throws: Fault(JoiningFaults.peerUnknown)) {
                let again = try await transport.dial("127.0.0.1:\(port)", peer: inviter.identity.id, tuning: .standard)
                await again.close(nil)
            }
        }
    }

    @Test func theInvitersRefusalsCrossByTheirNumbers() async throws {
        try await withListeningInviter { network, inviter, port, folder in
            let addresses = ["127.0.0.1:\(port)"]
            let joiner = try await open("south", in: folder, on: network)
            let third = try await open("third", in: folder, on: network)
            let code = try await inviter.joining.invite(name: "south", addresses: addresses, hours: 1, by: "ana")
            _ = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            await #expect(throws: Fault(JoiningFaults.codeUsed)) {
                try await third.joining.accept(code.text, name: nil, by: "eve")
            }
            let unknown = try JoinCode.make(addresses: addresses, site: inviter.identity.id, expiry: network.now)
            await #expect(throws: Fault(JoiningFaults.codeRefused)) {
                try await third.joining.accept(unknown.text, name: nil, by: "eve")
            }
        }
    }

    @Test func anotherSiteAtTheAddressIsNotJoined() async throws {
        try await withListeningInviter { network, inviter, port, folder in
            let joiner = try await open("south", in: folder, on: network)
            let other = try await open("other", in: folder, on: network)
            let code = try await other.joining.invite(
                name: "south", addresses: ["127.0.0.1:\(port)"], hours: 1, by: "eve")
            await #expect(throws: Fault(JoiningFaults.inviterUnreachable)) {
                try await joiner.joining.accept(code.text, name: nil, by: "ben")
            }
            #expect(try await inviter.joining.list().isEmpty)
            #expect(try await joiner.all("Peer").isEmpty)
        }
    }

    private func withListeningInviter(
        _ body: @escaping @Sendable (JoinNetwork, JoiningSite, _ port: Int, _ folder: String) async throws -> Void
    ) async throws {
        try await withSiteFolder { folder in
            let network = JoinNetwork()
            network.now = .now
            let inviter = try await open("north", in: folder, on: network)
            let hub = LinkHub(logger: FederationSite.logger)
            hub.answerJoins { request, root, session in
                try await inviter.joining.answer(request, root: root, session: session)
            }
            let cutting = PeerCutting(book: inviter.book) { site in
                await hub.disconnect(site, Fault(JoiningFaults.peerRevoked))
            }
            let listener = GRPCListener(
                host: "127.0.0.1", port: 0, identity: inviter.identity, directory: inviter.book, acceptor: hub,
                terms: LinkTerms(build: "test"), logger: FederationSite.logger, now: { network.now })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do { try await listener.run() } catch is CancellationError {}
                }
                group.addTask { try await cutting.run() }
                let port = try #require(await listener.boundPort())
                try await body(network, inviter, port, folder)
                group.cancelAll()
            }
        }
    }

    private func open(_ name: String, in folder: String, on network: JoinNetwork) async throws -> JoiningSite {
        try await JoiningSite.open(name, in: folder, on: network) { transport($0, $1, network) }
    }

    private func transport(_ identity: SiteIdentity, _ book: PeerBook, _ network: JoinNetwork) -> GRPCTransport {
        GRPCTransport(
            identity: identity, directory: book, terms: LinkTerms(build: "test"), logger: FederationSite.logger,
            now: { network.now })
    }
}
