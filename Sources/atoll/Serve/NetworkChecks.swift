import API
import Resources
import Sites

/// Every route with its failing layer. A site is ready when its peers are not, so `run` alone passes.
struct RoutesCheck: HealthCheck {
    let store: any ResourceStore

    func run() async -> Finding {
        Finding("routes", .pass, found: "routes are looked at one by one", wanted: "", fix: "")
    }

    func findings() async -> [Finding] {
        let routes = (try? await store.listAll(ResourceQuery(kind: Route.kind.name)).items) ?? []
        return routes.map(Self.finding)
    }

    static func finding(of route: Resource) -> Finding {
        let id = "route.\(route.metadata.name)"
        let steps = ProbeLayer.allCases.compactMap { route.condition($0.rawValue) }
        guard let ready = route.condition("Ready"), ready.status != .unknown else {
            return Finding(
                id, .warn, found: "the route was not tried yet", wanted: "a probe",
                fix: "atoll route probe \(route.metadata.name)")
        }
        let worst = steps.first { $0.status == .isFalse } ?? steps.first { $0.reason == "Warning" }
        guard let worst else { return Finding(id, .pass, found: ready.message, wanted: "every layer holds", fix: "") }
        return Finding(
            id, worst.status == .isFalse ? .fail : .warn, found: "\(worst.type): \(worst.message)",
            wanted: "every layer holds", fix: "atoll route probe \(route.metadata.name)")
    }
}

/// Every peer: whether it is trusted, and whether a route leads to it.
struct PeersCheck: HealthCheck {
    let store: any ResourceStore

    func run() async -> Finding {
        Finding("peers", .pass, found: "peers are looked at one by one", wanted: "", fix: "")
    }

    func findings() async -> [Finding] {
        let peers = (try? await store.listAll(ResourceQuery(kind: Peer.kind.name)).items) ?? []
        let routes = (try? await store.listAll(ResourceQuery(kind: Route.kind.name)).items) ?? []
        let reached = Set(routes.map { RouteSpec($0.spec).peer })
        return peers.map { Self.finding(of: $0, hasRoute: reached.contains($0.metadata.name)) }
    }

    static func finding(of peer: Resource, hasRoute: Bool) -> Finding {
        let id = "peer.\(peer.metadata.name)"
        if peer.spec["revoked"]?.bool == true {
            return Finding(id, .pass, found: "the peer is revoked; nothing goes to it", wanted: "", fix: "")
        }
        guard hasRoute else {
            return Finding(
                id, .warn, found: "no route leads to the peer", wanted: "a route",
                fix: "apply a Route for it: atoll explain route")
        }
        return Finding(id, .pass, found: "trusted, and a route leads to it", wanted: "a route", fix: "")
    }
}

/// The site's own leaf, which is replaced half-way through its life: one that is nearly over was not.
struct LeafCheck: HealthCheck {
    let identity: SiteIdentity
    var now: @Sendable () -> Timestamp = { .now }

    func run() async -> Finding {
        let left = (identity.leaf.notAfter.milliseconds - now().milliseconds) / 3_600_000
        return Finding(
            "identity.leaf", left < 24 ? .fail : left < 72 ? .warn : .pass,
            found: left < 0
                ? "the site's certificate has expired" : "the site's certificate is valid for \(left) more hours",
            wanted: "at least 72 hours; it is replaced half-way through its life",
            fix: "look at both the log and this machine's clock, and restart the site")
    }
}

/// The federation plane listens, or the site has said that it only dials.
struct FederationCheck: HealthCheck {
    let plane: PlaneDescription?

    func run() async -> Finding {
        guard let plane else {
            return Finding(
                "federation.listener", .pass, found: "no federation.address: partners cannot dial this site",
                wanted: "", fix: "")
        }
        let target = HostAndPort(host: plane.address.description, port: plane.port)
        let isOpen = await NetworkTry.connects(to: plane)
        return Finding(
            "federation.listener", isOpen ? .pass : .fail,
            found: isOpen ? "\(target) accepts connections" : "\(target) does not accept connections",
            wanted: "a listener", fix: isOpen ? "" : "see the server's log; restart the site when the interface is back"
        )
    }
}

/// This machine's clock against those of its peers, as the routes have measured it. Differences from most peers at once
/// point at this machine.
struct ClockCheck: HealthCheck {
    let store: any ResourceStore

    func run() async -> Finding {
        let routes = (try? await store.listAll(ResourceQuery(kind: Route.kind.name)).items) ?? []
        return Self.finding(of: routes.compactMap { $0.status["figures"]?["clockMilliseconds"]?.integer })
    }

    /// - Parameter differences: in milliseconds, one a route.
    static func finding(of differences: [Int64]) -> Finding {
        let limits = ProbeLimits()
        let worst = differences.max { $0.magnitude < $1.magnitude } ?? 0
        let isWarning = worst.magnitude > UInt64(limits.clockWarning)
        return Finding(
            "clock", isWarning ? .warn : .pass,
            found: differences.isEmpty
                ? "no peer's clock was seen yet" : "the clocks of peers differ by at most \(worst.magnitude) ms",
            wanted: "at most \(limits.clockWarning) ms; routes are refused above \(limits.clockRefusal / 1000) s",
            fix: isWarning ? "synchronise the clocks with NTP: `timedatectl` shows whether this machine does" : "")
    }
}
