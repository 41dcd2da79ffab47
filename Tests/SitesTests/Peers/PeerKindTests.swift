import Faults
import Ledger
import Resources
import Testing

@testable import Sites

@Suite struct PeerKindTests {
    private let service = ResourceService(
        registry: KindRegistry([Peer.kind, Route.kind]), store: MemoryResourceStore())
    private let note = ChangeNote(author: "test")

    @Test func theExampleAppliesAsItIs() async throws {
        let documents = try YAMLReader.documents(Array(Peer.kind.example.utf8))
        let applied = try await service.apply(documents, defaults: .platform, by: note)
        let spec = try #require(PeerSpec(applied[0].resource.spec))
        #expect(spec.bandwidthLimit == 500)
        #expect(PeerSpec(spec.json) == spec)
        #expect(!spec.isRevoked)
    }

    @Test func whatIsNoSiteOrNoAddressIsRefused() async throws {
        await #expect(throws: Fault(ResourceFaults.outOfRange)) {
            try await create(["displayName": "P", "site": .string(String(repeating: "1", count: 52))])
        }
        await #expect(throws: Fault(RouteFaults.invalidAddress)) {
            try await create(["displayName": "P", "site": .string(site), "addresses": ["nowhere"]])
        }
    }

    @Test func theSiteOfAPeerStays() async throws {
        _ = try await create(["displayName": "P", "site": .string(site)])
        let other = SiteID(digest: [UInt8](repeating: 2, count: 32)).text
        await #expect(throws: Fault(ResourceFaults.immutableField)) {
            try await apply(["displayName": "P", "site": .string(other)])
        }
    }

    @Test func noChangeAndNoRollbackTakesARevocationBack() async throws {
        _ = try await create(["displayName": "P", "site": .string(site)])
        _ = try await apply(["displayName": "P", "site": .string(site), "revoked": true])
        await #expect(throws: Fault(JoiningFaults.revocationFinal)) {
            try await apply(["displayName": "P", "site": .string(site)])
        }
        await #expect(throws: Fault(JoiningFaults.revocationFinal)) {
            try await service.rollback(Peer.id("partner"), to: 1, by: note)
        }
        #expect(try await service.store.get(Peer.id("partner")).spec["revoked"]?.bool == true)
    }

    private let site = SiteID(digest: [UInt8](repeating: 1, count: 32)).text

    private func document(_ spec: JSONValue) -> Document {
        Document([
            "apiVersion": .string(Resource.apiVersion), "kind": "Peer", "metadata": ["name": "partner"], "spec": spec,
        ])
    }

    private func create(_ spec: JSONValue) async throws -> Resource {
        try await service.create(document(spec), defaults: .platform, by: note)
    }

    private func apply(_ spec: JSONValue) async throws -> [ResourceService.Applied] {
        try await service.apply([document(spec)], defaults: .platform, by: note)
    }
}
