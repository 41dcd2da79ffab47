public import Logging
import Objects
public import Resources

/// Removes the content of datasets that are deleted, once no job reads them any more.
public struct DatasetController: Reconciler {
    private let shelf: DatasetShelf

    public static func controller(_ shelf: DatasetShelf, logger: Logger) -> Controller {
        Controller(
            "datasets", store: shelf.resources.store, sources: [.each(Dataset.kind.name)],
            reconciler: DatasetController(shelf), logger: logger)
    }

    public init(_ shelf: DatasetShelf) {
        self.shelf = shelf
    }

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        let store = shelf.resources.store
        guard let dataset = try await store.find(id) else { return .done }
        let entry = DatasetShelf.entry(dataset)
        let hasContent = try await shelf.contents.holds(entry)
        if dataset.isBeingDeleted {
            guard try await shelf.leases.readers(of: dataset.metadata.uid).isEmpty else {
                return .again(after: .seconds(2))
            }
            if hasContent {
                try await shelf.store.delete(try DatasetShelf.key(of: entry.id))
                try await shelf.store.delete(try ObjectKey("profiles/\(entry.id.lowercased())"))
                try await shelf.contents.remove(entry.id)
            }
            try await store.removeFinalizer(
                Dataset.finalizer, from: id, by: ChangeNote(author: "controller/datasets"))
            return .done
        }
        try await store.modifyStatus(id) { resource in
            var status = resource.status.object ?? [:]
            status["state"] = hasContent ? "Ready" : "NoContent"
            resource.status = .object(status)
            resource.set(
                Condition(
                    "Ready", hasContent ? .isTrue : .isFalse, reason: hasContent ? "Stored" : "NoContent",
                    message: hasContent ? "The rows are stored." : "Nothing has brought these rows.",
                    observedGeneration: resource.metadata.generation))
        }
        return .done
    }
}
