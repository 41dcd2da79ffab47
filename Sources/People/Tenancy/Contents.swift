public import Logging
public import Resources

/// Tenants and projects hold other resources by scope: they say how many, and stay until they are empty.
///
/// Nothing is deleted for its owner's sake: whoever deletes a tenant is told what is left in it.
public struct Contents: Reconciler {
    /// Kept until nothing lives in the tenant or project any more.
    public static let finalizer = "atoll.dev/contents"

    private let store: any ResourceStore

    /// The controllers of both kinds.
    public static func controllers(store: any ResourceStore, logger: Logger) -> [Controller] {
        let everything = ResourceQuery()
        return [
            Controller(
                "tenants",
                store: store,
                sources: [
                    .each(Tenant.kind.name),
                    ControllerSource(everything) { $0.metadata.scope.tenant.map { [Tenant.id($0)] } ?? [] },
                ],
                reconciler: Contents(store: store),
                logger: logger
            ),
            Controller(
                "projects",
                store: store,
                sources: [
                    .each(Project.kind.name),
                    ControllerSource(everything) { resource in
                        guard let tenant = resource.metadata.scope.tenant, let project = resource.metadata.scope.project
                        else { return [] }
                        return [Project.id(project, tenant: tenant)]
                    },
                ],
                reconciler: Contents(store: store),
                logger: logger
            ),
        ]
    }

    public init(store: any ResourceStore) {
        self.store = store
    }

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        guard let container = try await store.find(id) else { return .done }
        let counts = try await counts(in: id)
        if container.isBeingDeleted, counts.isEmpty {
            try await store.removeFinalizer(Self.finalizer, from: id, by: ChangeNote(author: "controller/contents"))
            return .done
        }
        _ = try await store.modifyStatus(id) { resource in
            var status = resource.status.object ?? [:]
            status["contents"] = .object(counts.mapValues { .integer($0) })
            resource.status = .object(status)
            resource.set(Self.condition(of: resource, counts))
        }
        return .done
    }

    /// How many resources of each kind live there.
    private func counts(in id: ResourceID) async throws -> [String: Int64] {
        var query =
            id.kind == Tenant.kind.name
            ? ResourceQuery(tenant: id.name) : ResourceQuery(tenant: id.scope.tenant, project: id.name)
        var counts: [String: Int64] = [:]
        while true {
            let page = try await store.list(query)
            for item in page.items { counts[item.kind, default: 0] += 1 }
            guard let token = page.nextToken else { return counts }
            query.pageToken = token
        }
    }

    private static func condition(of resource: Resource, _ counts: [String: Int64]) -> Condition {
        let generation = resource.metadata.generation
        guard resource.isBeingDeleted else {
            return Condition(
                "Ready",
                .isTrue,
                reason: "Active",
                message: "Resources can be made here.",
                observedGeneration: generation
            )
        }
        let left = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return Condition(
            "Ready",
            .isFalse,
            reason: "NotEmpty",
            message: "Waits until what it holds is deleted: \(left).",
            observedGeneration: generation
        )
    }
}
