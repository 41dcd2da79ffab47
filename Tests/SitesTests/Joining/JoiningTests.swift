import Faults
import Foundation
import Ledger
import Resources
import ResourcesTestKit
import Testing

@testable import Sites

@Suite struct JoiningTests {
    @Test func twoCallsMakeAPeerAndARouteAtBothEnds() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 24, by: "ana")
            let peer = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            #expect(peer.metadata.name == "bank-north")
            #expect(peer.spec["displayName"]?.string == "Bank north")
            #expect(try await inviter.all("Peer").map(\.metadata.name) == ["south"])
            #expect(inviter.book.find(joiner.identity.id)?.newestLeaf == joiner.identity.leaf.serial)
            #expect(joiner.book.find(inviter.identity.id)?.newestLeaf == inviter.identity.leaf.serial)
            #expect(inviter.book.rootKey(of: joiner.identity.id) == joiner.identity.rootKey)
            #expect(joiner.book.rootKey(of: inviter.identity.id) == inviter.identity.rootKey)
            let out = try #require(try await joiner.all("Route").first)
            #expect(out.spec["kind"]?.string == "direct")
            #expect(out.spec["address"]?.string == "north.example:9370")
            #expect(out.metadata.owners.map(\.name) == ["bank-north"])
            // The joiner cannot be reached: its own link carries the inviter's calls.
            let back = try #require(try await inviter.all("Route").first)
            #expect(back.spec["kind"]?.string == "reverse")
            #expect(try await inviter.joining.list().map(\.state) == [.used])
            #expect(try await inviter.joining.list().first?.usedBy == joiner.identity.id)
        }
    }

    @Test func aJoinerThatCanBeReachedGetsADirectRouteBack() async throws {
        try await withSiteFolder { folder in
            let network = JoinNetwork()
            let inviter = try await JoiningSite.open("north", in: folder, on: network, address: "north.example:9370")
            let joiner = try await JoiningSite.open("east", in: folder, on: network, address: "east.example:9370")
            let code = try await inviter.joining.invite(name: "east", addresses: [], hours: 1, by: "ana")
            _ = try await joiner.joining.accept(code.text, name: "north", by: "ben")
            let back = try #require(try await inviter.all("Route").first)
            #expect(back.spec["kind"]?.string == "direct")
            #expect(back.spec["address"]?.string == "east.example:9370")
        }
    }

    @Test func theFirstAddressThatWorksIsDialledFromThenOn() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let addresses = ["old.example:9370", "north.example:9370"]
            let code = try await inviter.joining.invite(name: "south", addresses: addresses, hours: 1, by: "ana")
            let peer = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            #expect(peer.spec["addresses"] == ["north.example:9370", "old.example:9370"])
            #expect(try await joiner.all("Route").first?.spec["address"]?.string == "north.example:9370")
        }
    }

    @Test func anUnreachableInviterIsToldWithEveryAddress() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            _ = try await JoiningSite.open("other", in: folder, on: network, address: "other.example:9370")
            let addresses = ["gone.example:1", "other.example:9370"]
            let code = try await inviter.joining.invite(name: "south", addresses: addresses, hours: 1, by: "ana")
            do {
                _ = try await joiner.joining.accept(code.text, name: nil, by: "ben")
                Issue.record("it joined somebody")
            } catch let fault as Fault {
                #expect(fault.is(JoiningFaults.inviterUnreachable))
                #expect(fault.parts.map(\.entry.name) == ["link-lost", "wrong-name"])
                #expect(!fault.description.contains(code.text.suffix(20)))
            }
            // The other site never saw a request.
            #expect(network.requests.isEmpty)
        }
    }

    @Test func aUsedCodeIsRefusedToEveryoneElse() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            _ = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            let third = try await JoiningSite.open("third", in: folder, on: network)
            await expect(JoiningFaults.codeUsed) { try await third.joining.accept(code.text, name: nil, by: "eve") }
            #expect(try await third.all("Peer").isEmpty)
            #expect(inviter.book.find(third.identity.id) == nil)
        }
    }

    @Test func ofTwoSitesAtOnceOneIsRefused() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let third = try await JoiningSite.open("third", in: folder, on: network)
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for site in [joiner, third] {
                    group.addTask { (try? await site.joining.accept(code.text, name: nil, by: "x")) != nil }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 1)
            #expect(try await inviter.all("Peer").count == 1)
        }
    }

    @Test func anExpiredCodeIsRefusedByTheInvitersClock() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            network.now = noon.adding(seconds: 3601)
            #expect(try await inviter.joining.list().map(\.state) == [.expired])
            await expect(JoiningFaults.codeExpired) { try await joiner.joining.accept(code.text, name: nil, by: "b") }
            network.now = noon.adding(seconds: 3600)
            #expect(throws: Never.self) { try JoinCode(code.text) }
            _ = try await joiner.joining.accept(code.text, name: nil, by: "b")
        }
    }

    @Test func oneDoesNotJoinOneselfNorAPeerNorARevokedPeer() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            await expect(JoiningFaults.ownCode) { try await inviter.joining.accept(code.text, name: nil, by: "ana") }
            _ = try await joiner.joining.accept(code.text, name: "north", by: "ben")
            let again = try await inviter.joining.invite(name: "south-2", addresses: [], hours: 1, by: "ana")
            await expect(JoiningFaults.alreadyPeer) { try await joiner.joining.accept(again.text, name: nil, by: "b") }
            // The joiner forgot the peer, the inviter did not: the inviter says it.
            try await joiner.resources.delete(Peer.id("north"), version: nil, by: ChangeNote(author: "ben"))
            try await joiner.resources.store.removeFinalizer(
                Peer.finalizer, from: Peer.id("north"), by: ChangeNote(author: "ben"))
            await expect(JoiningFaults.alreadyPeer) { try await joiner.joining.accept(again.text, name: nil, by: "b") }
            try await inviter.peers.revoke("south", by: ChangeNote(author: "ana"))
            await expect(JoiningFaults.peerRevoked) { try await joiner.joining.accept(again.text, name: nil, by: "b") }
        }
    }

    @Test func aRevokedPeerIsNotJoinedFromThisSideEither() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            _ = try await joiner.joining.accept(code.text, name: "north", by: "ben")
            try await joiner.peers.revoke("north", by: ChangeNote(author: "ben"))
            let again = try await inviter.joining.invite(name: "south-2", addresses: [], hours: 1, by: "ana")
            await expect(JoiningFaults.peerRevoked) { try await joiner.joining.accept(again.text, name: nil, by: "b") }
        }
    }

    @Test func aWithdrawnInvitationIsRefused() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            let id = try #require(try await inviter.joining.list().first?.id)
            try await inviter.joining.withdraw(id)
            await expect(JoiningFaults.codeWithdrawn) { try await joiner.joining.accept(code.text, name: nil, by: "b") }
            await expect(JoiningFaults.noSuchInvitation) { try await inviter.joining.withdraw(id) }
            await expect(JoiningFaults.noSuchInvitation) { try await inviter.joining.withdraw("nothing") }
        }
    }

    @Test func whatCannotBeInvitedIsSaid() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            await expect(JoiningFaults.noAddress) {
                try await joiner.joining.invite(name: "x", addresses: [], hours: 1, by: "b")
            }
            await expect(ResourceFaults.invalidName) {
                try await inviter.joining.invite(name: "No", addresses: [], hours: 1, by: "a")
            }
            for hours in [0, Joining.mostHours + 1] {
                await expect(ProgramFaults.badRequest) {
                    try await inviter.joining.invite(name: "x", addresses: [], hours: hours, by: "a")
                }
            }
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            _ = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            await expect(ResourceFaults.alreadyExists) {
                try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            }
        }
    }

    @Test func aNameThatWasTakenMeanwhileGetsANumber() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let third = try await JoiningSite.open("third", in: folder, on: network)
            let one = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            let two = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            _ = try await joiner.joining.accept(one.text, name: nil, by: "b")
            _ = try await third.joining.accept(two.text, name: nil, by: "c")
            #expect(try await inviter.all("Peer").map(\.metadata.name) == ["south", "south-2"])
            #expect(inviter.book.find(third.identity.id)?.name == "south-2")
        }
    }

    @Test func namesAreMadeFromWhatPeopleCallASite() {
        let site = SiteID(digest: [UInt8](repeating: 0, count: 32))
        #expect(Joining.name(from: "  Bank of  Ireland (EU) ", site: site) == "bank-of-ireland-eu")
        #expect(Joining.name(from: "商业银行", site: site) == "peer-aaaaaaaa")
        #expect(Names.isValid(Joining.name(from: String(repeating: "é-x", count: 80), site: site)))
    }

    @Test func theDatabaseAloneHoldsNoSecret() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            _ = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            let secret = Data(code.secret)
            let text = Data(code.text.dropFirst(7).prefix(20).utf8)
            for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.contains(".db") {
                let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
                #expect(bytes.range(of: secret) == nil, "\(file)")
                #expect(bytes.range(of: text) == nil, "\(file)")
            }
            // With another site's key the rows say nothing.
            let thief = InvitationStore(inviter.database, identity: joiner.identity)
            #expect(try await thief.verifier(code.invitation) == nil)
        }
    }

    private func expect<Value>(
        _ entry: FaultEntry, _ location: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
    ) async {
        await #expect(throws: Fault(entry), sourceLocation: location) { _ = try await body() }
    }
}
