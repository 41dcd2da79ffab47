import Faults
import Foundation
import Resources
import ResourcesTestKit
import SitesTestKit
import Testing

@testable import Sites

/// Dialling, joining and the words they fail with.
@Suite struct DiallingTests {
    @Test func namesThatNobodyKnowsAreSaidToBe() async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            await #expect(throws: Fault(LinkFaults.nameUnknown)) {
                _ = try await peer.transport().dial("nobody.invalid:9370", peer: testSite(1), tuning: .standard)
            }
            await #expect(throws: Fault(LinkFaults.address)) {
                _ = try await peer.transport().dial("no address", peer: testSite(1), tuning: .standard)
            }
        }
    }

    @Test func aJoiningSessionProvesTheLeavesOfBothEnds() async throws {
        try await withSiteFolder { folder in
            let joiner = try FederationSite("joiner", in: folder)
            let inviter = try FederationSite("inviter", in: folder)
            let hub = LinkHub(logger: FederationSite.logger)
            hub.answerJoins { request, root, session in
                guard request.count > 1 else { throw Fault(JoiningFaults.peerUnknown, "No such code.") }
                #expect(root == joiner.id)
                return request + session.ownLeaf + session.otherLeaf
            }
            try await inviter.listening(to: hub) { port in
                let leaves = (joiner.identity.leaf.fingerprint, inviter.identity.leaf.fingerprint)
                let answer = try await joiner.transport().exchange(address: "127.0.0.1:\(port)", pin: inviter.id) {
                    #expect($0 == JoinSession(ownLeaf: leaves.0, otherLeaf: leaves.1))
                    return [7, 7]
                }
                #expect(answer == [7, 7] + leaves.1 + leaves.0)
                await #expect(throws: Fault(JoiningFaults.peerUnknown)) {
                    _ = try await joiner.transport().exchange(address: "127.0.0.1:\(port)", pin: inviter.id) { _ in [] }
                }
                await #expect(throws: Fault(LinkFaults.wrongPeer)) {
                    _ = try await joiner.transport().exchange(address: "127.0.0.1:\(port)", pin: testSite(1)) { _ in
                        Issue.record("asked before the pin held")
                        return []
                    }
                }
                // A stranger may ask to join and nothing else.
                joiner.directory.add(inviter.id)
                await #expect(throws: Fault(JoiningFaults.peerUnknown)) {
                    _ = try await joiner.transport().dial("127.0.0.1:\(port)", peer: inviter.id, tuning: .standard)
                }
            }
        }
    }

    @Test func aSiteDoesNotDialAPeerThatItHasRevoked() async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            let site = try FederationSite("site", in: folder, peers: [peer.id])
            try await site.listening(to: TestDoor()) { port in
                await #expect(throws: Fault(JoiningFaults.peerUnknown)) {
                    _ = try await peer.transport().dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
                }
            }
        }
    }

    @Test func aRotatedLeafIsUsedByTheNextConnection() async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            let site = try FederationSite("site", in: folder, peers: [peer.id])
            peer.directory.add(site.id)
            let door = TestDoor()
            try await site.listening(to: door) { port in
                let transport = peer.transport()
                let before = try await transport.dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
                #expect(site.directory.find(peer.id)?.newestLeaf == peer.identity.leaf.serial)
                let (mine, theirs) = (
                    try peer.identity.rotate(now: .now), try site.identity.rotate(now: .now)
                )
                let after = try await transport.dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
                #expect(site.directory.find(peer.id)?.newestLeaf == mine.serial)
                #expect(peer.directory.find(site.id)?.newestLeaf == theirs.serial)
                // The session of the leaf before goes on.
                try await before.send(LinkSuite.frame(1, bytes: 1))
                let accepted = try await door.next()
                var messages = accepted.messages.makeAsyncIterator()
                #expect(await messages.next() == LinkSuite.frame(1, bytes: 1))
                await after.close(nil)
            }
        }
    }

    @Test func aSiteThatStopsTellsItsPeers() async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            let site = try FederationSite("site", in: folder, peers: [peer.id])
            peer.directory.add(site.id)
            let door = TestDoor()
            let listener = GRPCListener(
                host: "127.0.0.1", port: 0, identity: site.identity, directory: site.directory, acceptor: door,
                terms: LinkTerms(build: "test"), logger: FederationSite.logger)
            try await Stopping.run(listener) { stop in
                let port = try #require(await listener.boundPort())
                let link = try await peer.transport().dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
                stop()
                try await within(LinkSuite.wait, "the farewell") { for await _ in link.messages {} }
                #expect(link.ending?.is(LinkFaults.closed) == true)
            }
        }
    }

    /// Whoever proves to be a peer and then talks nonsense is told so and left.
    @Test func aMessageThatIsNoneEndsTheLink() async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            let site = try FederationSite("site", in: folder, peers: [peer.id])
            peer.directory.add(site.id)
            let door = TestDoor()
            try await site.listening(to: door) { port in
                for nonsense in [[UInt8](repeating: 255, count: 40), [0x12, 0], []] {
                    let answer = try await RawSession.talk(
                        to: "127.0.0.1:\(port)", as: peer, pin: site.id, after: nonsense)
                    #expect(answer == UInt32(LinkFaults.malformed.number.rawValue))
                }
                let first = try await RawSession.talk(
                    to: "127.0.0.1:\(port)", as: peer, pin: site.id, greeting: false, after: [0x2A, 0])
                #expect(first == UInt32(LinkFaults.malformed.number.rawValue))
            }
        }
    }
}
