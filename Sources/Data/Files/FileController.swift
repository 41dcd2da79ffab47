public import Logging
import Objects
public import Resources

/// Deletes files whose time is over, and the content of those that are deleted.
public struct FileController: Reconciler {
    private let shelf: FileShelf
    private let now: @Sendable () -> Timestamp

    public static func controller(_ shelf: FileShelf, logger: Logger) -> Controller {
        Controller(
            "files", store: shelf.resources.store, sources: [.each(File.kind.name)],
            reconciler: FileController(shelf), logger: logger)
    }

    public init(_ shelf: FileShelf, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.shelf = shelf
        self.now = now
    }

    private static let note = ChangeNote(author: "controller/files")

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        let store = shelf.resources.store
        guard let file = try await store.find(id) else { return .done }
        let entry = FileShelf.entry(file)
        let hasContent = try await shelf.contents.holds(entry)
        if file.isBeingDeleted {
            if hasContent {
                try await shelf.store.delete(try Upload.key(of: entry.id))
                try await shelf.contents.remove(entry.id)
            }
            try await store.removeFinalizer(File.finalizer, from: id, by: Self.note)
            return .done
        }
        let expiry = Timestamp(
            milliseconds: file.metadata.creationTime.milliseconds + FileSpec(file.spec).retentionDays * 86_400_000)
        let left = expiry.milliseconds - now().milliseconds
        guard left > 0 else {
            let note = ChangeNote(author: Self.note.author, reason: "its retention is over")
            _ = try await store.delete(id, version: nil, by: note)
            return .done
        }
        try await store.modifyStatus(id) { resource in
            var status = resource.status.object ?? [:]
            status["state"] = hasContent ? "Ready" : "NoContent"
            status["expires"] = .string(expiry.description)
            resource.status = .object(status)
            resource.set(
                Condition(
                    "Ready", hasContent ? .isTrue : .isFalse, reason: hasContent ? "Stored" : "NoContent",
                    message: hasContent ? "The content is stored." : "No upload has brought this content.",
                    observedGeneration: resource.metadata.generation))
        }
        return .again(after: .milliseconds(min(left + 1, 3_600_000)))
    }
}
