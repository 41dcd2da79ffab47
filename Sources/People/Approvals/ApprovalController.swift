public import Logging
public import Resources

/// Keeps the status of approvals in step with time: what waits, and what is over.
public struct ApprovalController: Reconciler {
    private let store: any ResourceStore
    private let now: @Sendable () -> Timestamp

    public static func controller(store: any ResourceStore, logger: Logger) -> Controller {
        Controller(
            "approvals", store: store, sources: [.each(Approval.kind.name)], reconciler: ApprovalController(store),
            logger: logger)
    }

    public init(_ store: any ResourceStore, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.store = store
        self.now = now
    }

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        guard let approval = try await store.find(id), !approval.isBeingDeleted else { return .done }
        let state = Approval.state(of: approval, at: now())
        if approval.status["state"]?.string != state.rawValue {
            let time = now()
            try await store.modifyStatus(id) { resource in
                var status = resource.status.object ?? [:]
                // Decided since.
                guard Approval.state(of: resource, at: time) == state else { return }
                status["state"] = .string(state.rawValue)
                resource.status = .object(status)
            }
        }
        return [.waiting, .approved].contains(state) ? .again(after: .seconds(60)) : .done
    }
}
