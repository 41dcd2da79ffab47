public import Logging
public import Resources

/// Says of each model what versions it has, of each version what of it is here, and removes what is kept of versions that
/// are deleted.
public struct ModelController: Reconciler {
    private let shelf: ModelShelf

    public static func controller(_ shelf: ModelShelf, logger: Logger) -> Controller {
        Controller(
            "models", store: shelf.resources.store,
            sources: [
                .each(Model.kind.name),
                ControllerSource(ResourceQuery(kind: ModelVersion.kind.name)) { version in
                    let model = version.spec["model"]?.string.map { Model.id($0, in: version.metadata.scope) }
                    return [version.id] + [model].compactMap(\.self)
                },
            ],
            reconciler: ModelController(shelf), logger: logger)
    }

    init(_ shelf: ModelShelf) {
        self.shelf = shelf
    }

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        guard let resource = try await shelf.resources.store.find(id) else { return .done }
        if id.kind == Model.kind.name {
            try await count(resource)
        } else if resource.isBeingDeleted {
            try await shelf.book.remove(id)
            try await shelf.resources.store.removeFinalizer(
                ModelVersion.finalizer, from: id, by: ChangeNote(author: "controller/models"))
        } else {
            try await look(resource)
        }
        return .done
    }

    private func count(_ model: Resource) async throws {
        let scope = model.metadata.scope
        let query = ResourceQuery(kind: ModelVersion.kind.name, tenant: scope.tenant, project: scope.project)
        let versions = try await shelf.resources.store.listAll(query).items
            .filter { $0.spec["model"]?.string == model.metadata.name && !$0.isBeingDeleted }
            .compactMap { $0.spec["version"]?.integer }
        let aliases = Model.aliases(model.spec).sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        _ = try await shelf.resources.store.modifyStatus(model.id) { resource in
            var status = resource.status.object ?? [:]
            status["versions"] = .integer(Int64(versions.count))
            status["newest"] = versions.max().map { .integer($0) } ?? .null
            status["aliases"] = .string(aliases.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
            resource.status = .object(status)
        }
    }

    private func look(_ version: Resource) async throws {
        let spec = version.spec
        let entry = try await shelf.book.find(
            job: spec["job"]?.string ?? "", task: spec["task"]?.string ?? "")
        let isKept = entry?.id == version.id
        _ = try await shelf.resources.store.modifyStatus(version.id) { resource in
            var status = resource.status.object ?? [:]
            status["state"] = isKept ? "Ready" : "NoContent"
            status["whole"] = .bool(isKept && entry?.whole != nil)
            resource.status = .object(status)
            resource.set(
                Condition(
                    "Ready", isKept ? .isTrue : .isFalse, reason: isKept ? "Stored" : "NoContent",
                    message: isKept ? "This party's part is kept." : "No training here has left it.",
                    observedGeneration: resource.metadata.generation))
        }
    }
}
