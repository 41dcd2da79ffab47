import Faults
import Ledger
import Resources
import Testing

@testable import Sites

@Suite struct JoinInterruptionTests {
    @Test func aLostAnswerIsAskedForAgain() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            network.trouble = .lostAnswer
            await #expect(throws: Fault(JoiningFaults.inviterUnreachable)) {
                try await joiner.joining.accept(code.text, name: nil, by: "ben")
            }
            #expect(try await inviter.all("Peer").count == 1)
            #expect(try await joiner.all("Peer").isEmpty)
            network.trouble = .none
            // Much later, too: the invitation is used up, and by this site.
            network.now = noon.adding(seconds: 100_000)
            _ = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            #expect(try await inviter.all("Peer").count == 1)
            #expect(try await joiner.all("Peer").count == 1)
        }
    }

    @Test func theJoinerMayHaveBeenStartedAnewBetween() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            network.trouble = .lostAnswer
            _ = try? await joiner.joining.accept(code.text, name: nil, by: "ben")
            network.trouble = .none
            try joiner.close()
            // With another leaf: what counts is the root.
            let again = try await JoiningSite.open("south", in: folder, on: network)
            _ = try await again.joining.accept(code.text, name: nil, by: "ben")
            #expect(try await again.all("Route").count == 1)
        }
    }

    @Test func anInviterKilledAfterTheClaimMakesThePeerAtItsNextStart() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            let (site, key, serial) = (joiner.identity.id, joiner.identity.rootKey, joiner.identity.leaf.serial)
            let claim = try await inviter.invitations.claim(code.invitation, by: site, now: noon) { name in
                PendingPeer(
                    site: site, name: name, displayName: "Bank south", rootKey: key, leafSerial: serial, addresses: [],
                    author: "test")
            }
            #expect(claim == .claimed(name: "south"))
            #expect(try await inviter.all("Peer").isEmpty)
            try inviter.close()
            let again = try await JoiningSite.open("north", in: folder, on: network, address: "north.example:9370")
            #expect(try await again.all("Peer").map(\.metadata.name) == ["south"])
            #expect(try await again.all("Route").count == 1)
            #expect(again.book.find(site)?.newestLeaf == serial)
            #expect(try await again.invitations.pending().isEmpty)
            _ = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            #expect(try await again.all("Peer").count == 1)
        }
    }

    @Test func aJoinerKilledBeforeItsRouteMakesItAtItsNextStart() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let identity = inviter.identity
            let pending = PendingPeer(
                site: identity.id, name: "north", displayName: "Bank north", rootKey: identity.rootKey,
                leafSerial: identity.leaf.serial, addresses: ["north.example:9370"], author: "ben")
            try await joiner.invitations.add(pending)
            let spec = PeerSpec(displayName: "Bank north", site: identity.id, addresses: pending.addresses)
            _ = try await joiner.resources.store.create(
                Resource(Peer.id("north"), spec: spec.json), by: ChangeNote(author: "ben"))
            try joiner.close()
            let again = try await JoiningSite.open("south", in: folder, on: network)
            #expect(try await again.all("Peer").count == 1)
            #expect(try await again.all("Route").map { $0.spec["peer"]?.string } == ["north"])
            #expect(again.book.rootKey(of: identity.id) == identity.rootKey)
        }
    }

    @Test func anOldCodeDoesNotBringADeletedPeerBack() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            network.trouble = .lostAnswer
            _ = try? await joiner.joining.accept(code.text, name: nil, by: "ben")
            network.trouble = .none
            let note = ChangeNote(author: "ana")
            try await inviter.resources.delete(Peer.id("south"), version: nil, by: note)
            try await inviter.resources.store.removeFinalizer(Peer.finalizer, from: Peer.id("south"), by: note)
            await #expect(throws: Fault(JoiningFaults.codeUsed)) {
                try await joiner.joining.accept(code.text, name: nil, by: "ben")
            }
            #expect(try await inviter.all("Peer").isEmpty)
        }
    }

    @Test func twoSitesThatInviteEachOtherAtOnceEndAsOnePeerEach() async throws {
        try await withSiteFolder { folder in
            let network = JoinNetwork()
            let north = try await JoiningSite.open("north", in: folder, on: network, address: "north.example:9370")
            let south = try await JoiningSite.open("south", in: folder, on: network, address: "south.example:9370")
            let one = try await north.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            let two = try await south.joining.invite(name: "north", addresses: [], hours: 1, by: "ben")
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await south.joining.accept(one.text, name: "north", by: "ben") }
                group.addTask { _ = try? await north.joining.accept(two.text, name: "south", by: "ana") }
            }
            #expect(try await north.all("Peer").map(\.metadata.name) == ["south"])
            #expect(try await south.all("Peer").map(\.metadata.name) == ["north"])
        }
    }
}
