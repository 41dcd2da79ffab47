import Faults
import Resources
import Sites
import Testing

@Suite struct RouteKindTests {
    private func service() async throws -> ResourceService {
        let peer = KindDefinition(
            "Peer", plural: "peers", scope: .platform, summary: "A peer.", fields: [], example: "")
        let registry = KindRegistry([peer, Route.kind])
        let service = ResourceService(registry: registry, store: MemoryResourceStore())
        for name in ["partner", "other"] {
            _ = try await service.store.create(
                Resource(ResourceID(kind: "Peer", name: name)), by: ChangeNote(author: "test"))
        }
        return service
    }

    private func document(_ spec: JSONValue) -> Document {
        Document([
            "apiVersion": .string(Resource.apiVersion), "kind": "Route", "metadata": ["name": "partner"], "spec": spec,
        ])
    }

    private func apply(_ spec: JSONValue) async throws -> Resource {
        try await service().create(document(spec), defaults: .platform, by: ChangeNote(author: "test"))
    }

    @Test func theExampleApplies() async throws {
        let documents = try YAMLReader.documents(Array(Route.kind.example.utf8), file: "example")
        let route = try await service().create(documents[0], defaults: .platform, by: ChangeNote(author: "test"))
        let spec = RouteSpec(route.spec)
        #expect(spec.peer == "partner" && spec.way == .direct && spec.probeEvery == .seconds(60))
        #expect(spec.address == "atoll.partner.example:9370")
        #expect(spec.window == nil && spec.credit == nil)
    }

    @Test func whatJoiningMakesPassesTheChecks() async throws {
        let direct = try await apply(Route.spec(peer: "partner", way: .direct, address: "10.0.0.1:9370"))
        #expect(direct.spec == Route.spec(peer: "partner", way: .direct, address: "10.0.0.1:9370"))
        let reverse = try await apply(Route.spec(peer: "partner", way: .reverse))
        #expect(RouteSpec(reverse.spec).address == nil)
    }

    @Test func overridesAreInKiB() async throws {
        let route = try await apply(["peer": "partner", "address": "a:1", "window": 2048, "credit": 256])
        #expect(RouteSpec(route.spec).window == 2 << 20)
        #expect(RouteSpec(route.spec).credit == 256 << 10)
        await #expect(throws: Fault(ResourceFaults.outOfRange)) {
            try await apply(["peer": "partner", "address": "a:1", "window": 16_385])
        }
    }

    @Test func aDirectRouteNeedsAnAddressThatCanBeDialled() async throws {
        await #expect(throws: Fault(RouteFaults.addressMissing)) { try await apply(["peer": "partner"]) }
        await #expect(throws: Fault(RouteFaults.invalidAddress)) {
            try await apply(["peer": "partner", "address": "nowhere"])
        }
    }

    @Test func aReverseRouteHasNone() async throws {
        await #expect(throws: Fault(RouteFaults.addressUnused)) {
            try await apply(["peer": "partner", "kind": "reverse", "address": "a:1"])
        }
    }

    @Test func relaysAreRefusedWithASentence() async throws {
        let fault = await #expect(throws: Fault(RouteFaults.relayReserved)) {
            try await apply(["peer": "partner", "kind": "relay"])
        }
        #expect(fault?.what == "Routes through a third site come in a later version.")
    }

    @Test func thePeerNeverChanges() async throws {
        let service = try await service()
        let note = ChangeNote(author: "test")
        _ = try await service.create(document(["peer": "partner", "address": "a:1"]), defaults: .platform, by: note)
        await #expect(throws: Fault(ResourceFaults.immutableField)) {
            _ = try await service.apply(
                [document(["peer": "other", "address": "a:1"])], defaults: .platform, by: note)
        }
        await #expect(throws: Fault(ResourceFaults.danglingReference)) {
            try await apply(["peer": "stranger", "address": "a:1"])
        }
    }
}
