import Ledger
public import Logging
public import Resources

/// Tells the keeper which routes there are and who their peers are; the keeper writes the status.
public struct RouteController: Reconciler {
    private let store: any ResourceStore
    private let keeper: LinkKeeper

    public static func controller(store: any ResourceStore, keeper: LinkKeeper, logger: Logger) -> Controller {
        Controller(
            "routes",
            store: store,
            sources: [
                .each(Route.kind.name),
                // A peer concerns its routes; which those are is in the keeper's hands by name of the peer.
                ControllerSource(ResourceQuery(kind: "Peer")) { peer in
                    keeper.routes(of: peer.metadata.name).map(Route.id)
                },
            ],
            reconciler: RouteController(store: store, keeper: keeper),
            logger: logger
        )
    }

    public init(store: any ResourceStore, keeper: LinkKeeper) {
        self.store = store
        self.keeper = keeper
    }

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        guard let route = try await store.find(id), !route.isBeingDeleted else {
            keeper.drop(id.name)
            return .done
        }
        let spec = RouteSpec(route.spec)
        let peer = try await store.find(ResourceID(kind: "Peer", name: spec.peer))
        keeper.keep(RoutePlan(name: id.name, spec: spec, site: peer.flatMap(Self.site)))
        return .done
    }

    /// The peer's site while it is trusted.
    private static func site(of peer: Resource) -> SiteID? {
        guard !peer.isBeingDeleted, peer.spec["revoked"]?.bool != true else { return nil }
        return peer.spec["site"]?.string.flatMap(SiteID.init(_:))
    }
}
