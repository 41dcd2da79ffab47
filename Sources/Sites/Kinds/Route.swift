import Faults
public import Resources

/// How this site reaches a peer. Directed: the peer has a route of its own towards this site.
public enum Route {
    public static let kind = KindDefinition(
        "Route",
        plural: "routes",
        shortNames: ["rt"],
        scope: .platform,
        summary: "How this site reaches a peer: it dials the peer, or it waits for the peer to dial.",
        fields: [
            Field("peer", .reference(kind: "Peer"), required: true, immutable: true, "The peer that it leads to."),
            Field(
                "kind",
                .choice(Way.allCases.map(\.rawValue)),
                default: .string(Way.direct.rawValue),
                """
                direct: this site dials the peer's address; reverse: the peer can only dial out, so its own link carries \
                this site's calls; relay: through a third site, not available yet.
                """
            ),
            Field("address", .text(3...260, form: .line), "Where a direct route dials, as host:port."),
            Field("probeEvery", .integer(5...86_400), default: 60, "Seconds between two probes."),
            Field("window", .integer(tuningBounds), "Window of the link in KiB, in place of what the probe chooses."),
            Field(
                "credit", .integer(tuningBounds), "Byte credit of a channel in KiB, in place of what the probe chooses."
            ),
        ],
        columns: [
            .init("PEER", "spec", "peer"), .init("KIND", "spec", "kind"), .init("ADDRESS", "spec", "address"),
            .init("STATE", "status", "state"), .init("FAILS", "status", "failing"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Route
            metadata:
              name: partner
            spec:
              peer: partner
              kind: direct
              address: atoll.partner.example:9370
            """,
        check: check
    )

    /// How a route leads to its peer.
    public enum Way: String, Sendable, CaseIterable {
        case direct, reverse, relay
    }

    /// What may be asked for in place of the probe's choice, in KiB: at most the largest tuning of a link.
    public static let tuningBounds: ClosedRange<Int64> = 256...16_384

    public static func id(_ name: String) -> ResourceID {
        ResourceID(kind: kind.name, name: name)
    }

    /// A direct route is made with an address and a reverse route without one.
    public static func spec(peer: String, way: Way, address: String? = nil) -> JSONValue {
        var members: [String: JSONValue] = [
            "peer": .string(peer), "kind": .string(way.rawValue), "probeEvery": .integer(60),
        ]
        if let address { members["address"] = .string(address) }
        return .object(members)
    }

    private static func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        let address = new.spec["address"]?.string
        switch Way(rawValue: new.spec["kind"]?.string ?? "") {
        case .direct, nil:
            guard let address else {
                throw Fault(
                    RouteFaults.addressMissing,
                    "A direct route dials an address, and none is given.",
                    at: "spec.address",
                    wanted: "host:port of the peer's federation listener"
                )
            }
            _ = try HostAndPort.read(address, at: "spec.address")
        case .reverse:
            guard address == nil else {
                throw Fault(
                    RouteFaults.addressUnused,
                    "A reverse route waits for the peer to dial and has no address.",
                    at: "spec.address",
                    wanted: "no address, or kind: direct"
                )
            }
        case .relay:
            throw Fault(
                RouteFaults.relayReserved,
                "Routes through a third site come in a later version.",
                at: "spec.kind",
                wanted: "direct or reverse"
            )
        }
    }
}

/// The wishes of a route, read from a spec that passed its checks.
public struct RouteSpec: Sendable, Hashable {
    public let peer: String
    public let way: Route.Way
    public let address: String?
    public let probeEvery: Duration
    /// In bytes; nil where the probe chooses.
    public let window: Int?
    public let credit: Int?

    public init(_ spec: JSONValue) {
        peer = spec["peer"]?.string ?? ""
        way = spec["kind"]?.string.flatMap(Route.Way.init(rawValue:)) ?? .direct
        address = spec["address"]?.string
        probeEvery = .seconds(spec["probeEvery"]?.integer ?? 60)
        window = (spec["window"]?.integer).map { Int($0) << 10 }
        credit = (spec["credit"]?.integer).map { Int($0) << 10 }
    }
}
