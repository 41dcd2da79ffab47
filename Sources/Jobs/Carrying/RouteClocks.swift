public import Ledger
public import Resources

/// The clocks of peers as the newest probes of the routes found them.
public struct RouteClocks: PeerClocks {
    private let store: any ResourceStore
    private let names: @Sendable (SiteID) -> String?

    /// - Parameter names: the name of a peer here.
    public init(store: any ResourceStore, names: @escaping @Sendable (SiteID) -> String?) {
        self.store = store
        self.names = names
    }

    /// The smallest difference where several routes lead to the peer.
    public func milliseconds(ahead peer: SiteID) async throws -> Int64? {
        guard let name = names(peer) else { return nil }
        let routes = try await store.listAll(ResourceQuery(kind: "Route")).items
        return routes.filter { $0.spec["peer"]?.string == name }
            .compactMap { $0.status["figures"]?["clockMilliseconds"]?.integer }
            .min { $0.magnitude < $1.magnitude }
    }
}
