/// What a controller watches, and whom a changed resource concerns.
public struct ControllerSource: Sendable {
    public let query: ResourceQuery
    /// The ids to reconcile when this resource was added, changed or deleted. Called with old labels and owners as
    /// well as new ones, so a resource that moves from one owner to another concerns both.
    public let ids: @Sendable (Resource) -> [ResourceID]

    public init(_ query: ResourceQuery, ids: @escaping @Sendable (Resource) -> [ResourceID]) {
        self.query = query
        self.ids = ids
    }

    /// Resources of a kind concern themselves.
    public static func each(_ kind: String) -> ControllerSource {
        ControllerSource(ResourceQuery(kind: kind)) { [$0.id] }
    }

    /// Resources of a kind concern their owners of another kind, in the same scope.
    public static func owners(of kind: String, ofKind ownerKind: String) -> ControllerSource {
        ControllerSource(ResourceQuery(kind: kind)) { resource in
            resource.metadata.owners.filter { $0.kind == ownerKind }.map {
                ResourceID(kind: ownerKind, scope: resource.metadata.scope, name: $0.name)
            }
        }
    }
}
