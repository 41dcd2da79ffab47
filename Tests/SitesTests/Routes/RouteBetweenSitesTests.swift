import Faults
import Ledger
import Logging
import Resources
import ResourcesTestKit
import ServiceLifecycle
import Sites
import Testing

/// Two sites with hubs of their own on one network in memory: one dials, the other has a reverse route.
@Suite struct RouteBetweenSitesTests {
    private struct Everyone: PeerDirectory {
        func find(_ site: SiteID) -> KnownPeer? { KnownPeer(site: site, name: "peer", newestLeaf: 1) }
        func sawLeaf(_ serial: UInt64, of site: SiteID) {}
    }

    private struct Site: Sendable {
        let id: SiteID
        let store = MemoryResourceStore()
        let hub: LinkHub
        let keeper: LinkKeeper

        init(_ number: UInt8, _ network: InProcessNetwork) {
            let logger = Logger(label: "test")
            id = SiteID(digest: [UInt8](repeating: number, count: 32))
            hub = LinkHub(logger: logger)
            Prober.serve(on: hub)
            keeper = LinkKeeper(
                store: store, transport: network.transport(of: id, terms: LinkTerms(build: "test")), links: hub,
                calls: hub, names: NameLookup { _ in [IPAddress("192.0.2.7")!] }, logger: logger)
        }

        func services() -> [any Service] {
            [keeper, RouteController.controller(store: store, keeper: keeper, logger: Logger(label: "test"))]
        }

        func join(_ peer: SiteID, way: Route.Way, address: String?) async throws {
            let note = ChangeNote(author: "test")
            let known = Resource(ResourceID(kind: "Peer", name: "other"), spec: ["site": .string(peer.text)])
            _ = try await store.create(known, by: note)
            let spec = Route.spec(peer: "other", way: way, address: address)
            _ = try await store.create(Resource(Route.id("other"), spec: spec), by: note)
        }

        func until(_ what: String, _ condition: @escaping @Sendable (Resource) -> Bool) async throws {
            try await eventually(within: .seconds(120), what) { condition(try await store.get(Route.id("other"))) }
        }
    }

    @Test(.timeLimit(.minutes(5))) func bothEndsAreReadyAndBothSayTheLoss() async throws {
        let network = InProcessNetwork()
        let (one, two) = (Site(1, network), Site(2, network))
        let logger = Logger(label: "test")
        let group = ServiceGroup(services: one.services() + two.services(), logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let listening = Task {
                try await network.listen(
                    at: "two:9370", as: two.id, terms: LinkTerms(build: "test"), directory: Everyone(),
                    acceptor: two.hub)
            }
            defer {
                listening.cancel()
                tasks.cancelAll()
            }
            try await two.join(one.id, way: .reverse, address: nil)
            try await one.join(two.id, way: .direct, address: "two:9370")
            for site in [one, two] {
                try await site.until("ready") { route in
                    ProbeLayer.allCases.allSatisfy { $0 == .name || route.condition($0.rawValue)?.status == .isTrue }
                        && route.condition("Ready")?.status == .isTrue
                }
            }
            #expect(try await two.store.get(Route.id("other")).condition("NameResolves")?.reason == "NotUsed")
            listening.cancel()
            _ = await listening.result
            network.cut()
            try await one.until("loss") {
                $0.condition("Ready")?.reason == "LinkLost" && $0.status["failing"] == "TCPConnects"
            }
            try await two.until("loss") { $0.condition("Ready")?.reason == "LinkLost" }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
