import Faults
import Ledger
import Logging
import Resources
import ResourcesTestKit
import ServiceLifecycle
import Sites
import Testing

/// Keeper and controller over a store in memory and a network of this test.
@Suite struct LinkKeeperTests {
    fileprivate struct Site: Sendable {
        let store = MemoryResourceStore()
        let links: FakeLinks
        let keeper: LinkKeeper
        let note = ChangeNote(author: "test")

        init(_ links: FakeLinks) {
            self.links = links
            keeper = LinkKeeper(
                store: store, transport: links, links: links, calls: links,
                names: NameLookup { host in
                    guard host != "nowhere" else { throw Fault(RouteFaults.nameUnknown, at: host) }
                    return [IPAddress("192.0.2.1")!]
                }, logger: Logger(label: "test"))
        }

        func route(_ name: String = "partner") async throws -> Resource { try await store.get(Route.id(name)) }

        func make(way: Route.Way = .direct, address: String? = "peer:9370", name: String = "partner") async throws {
            if try await store.find(peer) == nil {
                let spec: JSONValue = ["site": .string(FakePeer.site.text)]
                _ = try await store.create(Resource(peer, spec: spec), by: note)
            }
            let spec = Route.spec(peer: "partner", way: way, address: address)
            _ = try await store.create(Resource(Route.id(name), spec: spec), by: note)
        }

        let peer = ResourceID(kind: "Peer", name: "partner")

        func until(_ what: String, _ condition: @escaping @Sendable (Resource) -> Bool) async throws {
            try await eventually(within: .seconds(120), what) {
                guard let route = try await store.find(Route.id("partner")) else { return false }
                return condition(route)
            }
        }

        func untilReady() async throws {
            try await until("ready") {
                $0.condition("Ready")?.status == .isTrue && $0.condition("ClockDifference")?.status == .isTrue
            }
        }
    }

    private func with(_ links: FakeLinks = FakeLinks(), _ body: @escaping @Sendable (Site) async throws -> Void)
        async throws
    {
        let site = Site(links)
        let logger = Logger(label: "test")
        let services: [any Service] = [
            site.keeper, RouteController.controller(store: site.store, keeper: site.keeper, logger: logger),
        ]
        let group = ServiceGroup(services: services, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            defer { tasks.cancelAll() }
            try await body(site)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(links.live.isEmpty, "no link outlives the keeper")
        #expect(links.mostTrying <= 1, "one try at a time")
    }

    @Test func aDirectRouteIsDialledProbedAndReady() async throws {
        try await with { site in
            try await site.make()
            try await site.untilReady()
            let route = try await site.route()
            for layer in ProbeLayer.allCases {
                #expect(route.condition(layer.rawValue)?.status == .isTrue, "\(layer)")
            }
            // A machine that is busy with other tests may take its time, and is then told to be slow.
            #expect(["Ready", "Degraded"].contains(route.status["state"]))
            #expect(route.status["figures"]?["roundTripMicroseconds"] != nil)
            #expect(route.status["lastProbe"] != nil)
        }
    }

    @Test func aLostLinkIsSaidAndMadeAgain() async throws {
        try await with { site in
            try await site.make()
            try await site.untilReady()
            site.links.refuse(Fault(LinkFaults.lost, "Nobody is there."))
            site.links.cut()
            try await site.until("loss") { $0.condition("Ready")?.reason == "LinkLost" }
            let lost = try await site.route()
            #expect(lost.status["failing"] == "TCPConnects")
            #expect(lost.condition("TCPConnects")?.status == .isFalse)
            #expect(lost.condition("TLSEstablished")?.reason == "NotReached")
            site.links.refuse(nil)
            try await site.untilReady()
            #expect(site.links.dialled.count >= 2)
        }
    }

    @Test func aNameThatIsUnknownIsTheFailingLayer() async throws {
        try await with { site in
            try await site.make(address: "nowhere:1")
            try await site.until("refusal") { $0.status["failing"] == "NameResolves" }
            let ready = try await site.route().condition("Ready")
            #expect(ready?.reason == "NotConnected")
            #expect(ready?.message.contains(Fault(RouteFaults.nameUnknown).number.description) == true)
            #expect(site.links.tries == 0)
        }
    }

    @Test func aReverseRouteWaitsForThePeersLink() async throws {
        try await with { site in
            try await site.make(way: .reverse, address: nil)
            try await site.until("waiting") { $0.status["failing"] == "TCPConnects" }
            let text = try await site.route().condition("TCPConnects")?.message
            #expect(text?.contains(Fault(RouteFaults.noLink).number.description) == true)
            let link = FakeLink(peer: FakePeer.site, isDialled: false)
            async let used: Void = site.links.use(link)
            try await eventually(within: .seconds(120), "use") { !site.links.live.isEmpty }
            try await site.untilNamed()
            #expect(site.links.tries == 0)
            link.cut()
            await used
            try await site.until("loss") { $0.condition("Ready")?.reason == "LinkLost" }
        }
    }

    @Test func aRevokedPeerIsNotDialledAndAGoneRouteIsDropped() async throws {
        try await with { site in
            try await site.make()
            try await site.untilReady()
            try await site.store.modify(site.peer, by: site.note) { peer in
                peer.spec = ["site": .string(FakePeer.site.text), "revoked": true]
            }
            try await site.until("refusal") { $0.status["failing"] == "PolicyAllows" }
            let text = try await site.route().condition("Ready")?.message
            #expect(text?.contains(Fault(RouteFaults.untrustedPeer).number.description) == true)
            try await eventually(within: .seconds(120), "the link's end") { site.links.live.isEmpty }
            try await site.store.delete(Route.id("partner"), version: nil, by: site.note)
            try await eventually(within: .seconds(120), "the route's end") {
                do {
                    _ = try await site.keeper.probe("partner")
                    return false
                } catch let fault as Fault {
                    return fault.is(RouteFaults.notKept)
                }
            }
        }
    }

    @Test func aProbeIsMadeWhenAsked() async throws {
        try await with { site in
            try await site.make()
            try await site.untilReady()
            let before = site.links.probed.count
            let report = try await site.keeper.probe("partner")
            #expect(report.failing == nil)
            #expect(report.steps.map(\.layer) == ProbeLayer.allCases)
            #expect(site.links.probed.count > before + 10)
            site.links.refuse(Fault(RouteFaults.untrustedPeer, "Not you."))
            site.links.cut()
            try await site.until("loss") { $0.condition("Ready")?.status == .isFalse }
            let refused = try await site.keeper.probe("partner")
            #expect(refused.failing?.layer == .policy)
            await #expect(throws: Fault(RouteFaults.notKept)) { try await site.keeper.probe("another") }
        }
    }

    @Test func aLongWayGetsALinkWithALargerWindow() async throws {
        try await with(FakeLinks(roundTrip: .milliseconds(20))) { site in
            try await site.make()
            // However quick this machine is, 4 MiB in two or three round trips do not fit into the standard window.
            try await site.until("tuning") { $0.status["tuning"]?["windowKiB"]?.integer ?? 0 > 1024 }
            try await eventually(within: .seconds(120), "the new link") {
                guard let window = try await site.route().status["tuning"]?["windowKiB"]?.integer else { return false }
                return site.links.live.last?.tuning.window == Int(window) << 10
                    && site.keeper.tuning(for: FakePeer.site).window == Int(window) << 10
            }
            try await site.untilReady()
            #expect(try await site.route().condition("Ready")?.reason != "LinkLost")
        }
    }

    @Test func aPeerThatGoesWhileItsLinkIsMadeAnewIsLost() async throws {
        try await with { site in
            try await site.make()
            try await site.untilReady()
            // Another address has the link closed here, as another window does; and then there is no second.
            site.links.refuse(Fault(LinkFaults.lost, "Nobody is there."))
            try await site.store.modify(Route.id("partner"), by: site.note) { route in
                route.spec = Route.spec(peer: "partner", way: .direct, address: "elsewhere:9370")
            }
            try await site.until("loss") {
                $0.condition("Ready")?.reason == "LinkLost" && $0.status["failing"] == "TCPConnects"
            }
            #expect(try await site.route().status["state"] == "Lost")
        }
    }

    @Test func anotherAddressMeansAnotherLink() async throws {
        try await with { site in
            try await site.make()
            try await site.untilReady()
            let first = site.links.live.first
            try await site.store.modify(Route.id("partner"), by: site.note) { route in
                route.spec = Route.spec(peer: "partner", way: .direct, address: "elsewhere:9370")
            }
            try await eventually(within: .seconds(120), "the new link") {
                first?.isOver == true && site.links.dialled.count == 2
            }
            try await site.store.modify(Route.id("partner"), by: site.note) { route in
                var spec = route.spec.object ?? [:]
                spec["probeEvery"] = 5
                route.spec = .object(spec)
            }
            try await Task.sleep(for: .milliseconds(100))
            #expect(site.links.dialled.count == 2, "how often it is probed is no matter of the link")
        }
    }
}

extension LinkKeeperTests.Site {
    /// A reverse route looks up no name.
    fileprivate func untilNamed() async throws {
        try await until("ready") {
            $0.condition("Ready")?.status == .isTrue && $0.condition("ClockDifference")?.status == .isTrue
        }
        #expect(try await route().condition("NameResolves")?.reason == "NotUsed")
    }
}
