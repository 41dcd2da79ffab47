import Faults
import Ledger
import Logging
import Resources
import ServiceLifecycle
import Synchronization
import Testing

@testable import Sites

@Suite struct PeerKeeperTests {
    @Test func theStatusTellsWhatWasSeen() async throws {
        try await withKeeper { site, service, other in
            _ = try await create(other.id, service)
            _ = try await settled(service) { $0.condition("Trusted")?.status == .isTrue }
            site.book.sawLeaf(41, of: other.id)
            site.book.sawLeaf(42, of: other.id)
            site.book.setConnected(true, other.id)
            let up = try await settled(service) {
                $0.condition("Connected")?.status == .isTrue && $0.status["leafSerial"] == 42
            }
            #expect(up.status["leafSerialBefore"] == 41)
            #expect(up.status["state"] == "Connected")
            #expect(up.status["since"]?.string == up.metadata.creationTime.description)
            site.book.setConnected(false, other.id)
            let down = try await settled(service) { $0.condition("Connected")?.status == .isFalse }
            #expect(down.condition("Connected")?.reason == "NoLink")
        }
    }

    @Test func revokingByDocumentCutsToo() async throws {
        try await withKeeper { site, service, other in
            let cut = Mutex<[SiteID]>([])
            site.book.onRevoked { id in cut.withLock { $0.append(id) } }
            _ = try await create(other.id, service)
            _ = try await settled(service) { $0.condition("Trusted")?.status == .isTrue }
            try await service.store.modify(Peer.id("partner"), by: ChangeNote(author: "test")) { peer in
                var members = peer.spec.object ?? [:]
                members["revoked"] = true
                peer.spec = .object(members)
            }
            let revoked = try await settled(service) { $0.condition("Trusted")?.status == .isFalse }
            #expect(revoked.condition("Trusted")?.reason == "Revoked")
            #expect(revoked.status["state"] == "Revoked")
            #expect(cut.withLock { $0 } == [other.id])
            #expect(site.book.find(other.id) == nil)
        }
    }

    @Test func revokingByCommandHasCutWhenItReturns() async throws {
        try await withKeeper { site, service, other in
            _ = try await create(other.id, service)
            _ = try await settled(service) { $0.condition("Trusted")?.status == .isTrue }
            let cut = Mutex(0)
            site.book.onRevoked { _ in cut.withLock { $0 += 1 } }
            try await site.peers.revoke("partner", by: ChangeNote(author: "test"))
            #expect(site.book.find(other.id) == nil)
            #expect(cut.withLock { $0 } == 1)
            try await site.peers.revoke("partner", by: ChangeNote(author: "test"))
            await #expect(throws: Fault(ResourceFaults.notFound)) {
                try await site.peers.revoke("nobody", by: ChangeNote(author: "test"))
            }
        }
    }

    @Test func deletingCutsAndTheRootKeyStays() async throws {
        try await withKeeper { site, service, other in
            _ = try await create(other.id, service)
            site.book.sawKey(other.rootKey, of: other.id)
            _ = try await settled(service) { $0.condition("Trusted")?.status == .isTrue }
            let cut = Mutex(0)
            site.book.onRevoked { _ in cut.withLock { $0 += 1 } }
            try await service.delete(Peer.id("partner"), version: nil, by: ChangeNote(author: "test"))
            try await eventually { try await service.store.find(Peer.id("partner")) == nil }
            #expect(site.book.find(other.id) == nil)
            #expect(cut.withLock { $0 } == 1)
            #expect(try await site.keys.all()[other.id] == other.rootKey)
        }
    }

    @Test func oneselfAndASecondNameAreNotTrusted() async throws {
        try await withKeeper { site, service, other in
            _ = try await create(site.identity.id, service)
            let own = try await settled(service) { $0.condition("Trusted") != nil }
            #expect(own.condition("Trusted")?.reason == "OwnSite")
            #expect(site.book.find(site.identity.id) == nil)
            _ = try await create(other.id, service, name: "first")
            _ = try await settled(service, "first") { $0.condition("Trusted")?.status == .isTrue }
            _ = try await create(other.id, service, name: "second")
            let second = try await settled(service, "second") { $0.condition("Trusted") != nil }
            #expect(second.condition("Trusted")?.reason == "Duplicate")
            #expect(site.book.find(other.id)?.name == "first")
        }
    }

    @Test func aStartLoadsWhoMayComeIn() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            _ = try await joiner.joining.accept(code.text, name: nil, by: "ben")
            let third = try await JoiningSite.open("third", in: folder, on: network)
            let next = try await inviter.joining.invite(name: "third", addresses: [], hours: 1, by: "ana")
            _ = try await third.joining.accept(next.text, name: nil, by: "eve")
            try await inviter.peers.revoke("third", by: ChangeNote(author: "ana"))
            try inviter.close()
            let again = try await JoiningSite.open("north", in: folder, on: network)
            #expect(again.book.peers.map(\.name) == ["south"])
            #expect(again.book.find(third.identity.id) == nil)
            #expect(again.book.rootKey(of: third.identity.id) == third.identity.rootKey)
        }
    }

    /// A site whose keeper runs, and the identity of another.
    private func withKeeper(
        _ body: @escaping @Sendable (JoiningSite, ResourceService, SiteIdentity) async throws -> Void
    ) async throws {
        try await withSiteFolder { folder in
            let site = try await JoiningSite.open("north", in: folder, on: JoinNetwork())
            let other = try SiteIdentity.open(folder: folder + "/other", now: noon)
            let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let keeper = PeerKeeper(
                store: site.resources.store, book: site.book, keys: site.keys, logger: quiet)
            let group = ServiceGroup(services: [keeper], gracefulShutdownSignals: [], logger: quiet)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await body(site, site.resources, other)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    private func create(_ site: SiteID, _ service: ResourceService, name: String = "partner") async throws -> Resource {
        let spec = PeerSpec(displayName: "Partner", site: site, addresses: []).json
        let document = Document([
            "apiVersion": .string(Resource.apiVersion), "kind": "Peer", "metadata": ["name": .string(name)],
            "spec": spec,
        ])
        return try await service.create(document, defaults: .platform, by: ChangeNote(author: "test"))
    }

    private func settled(
        _ service: ResourceService, _ name: String = "partner", _ satisfies: (Resource) -> Bool
    ) async throws -> Resource {
        var peer = try await service.store.get(Peer.id(name))
        try await eventually {
            peer = try await service.store.get(Peer.id(name))
            return satisfies(peer)
        }
        return peer
    }

    private func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, "it never happened")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
