public import Logging
import People
public import Resources

/// Ends what is revoked or deleted by its document, and keeps the status in step with time and meters.
public struct GrantController: Reconciler {
    private let shelf: GrantShelf
    private let now: @Sendable () -> Timestamp

    public static func controller(_ shelf: GrantShelf, logger: Logger) -> Controller {
        Controller(
            "grants", store: shelf.resources.store, sources: [.each(Grant.kind.name), approvals],
            reconciler: GrantController(shelf), logger: logger)
    }

    /// What is decided about a grant concerns it.
    private static let approvals = ControllerSource(ResourceQuery(kind: Approval.kind.name)) { approval in
        guard approval.spec["about"]?.string == Approval.About.dataUse.rawValue,
            let name = approval.spec["subject"]?.string?.split(separator: "/").last
        else { return [] }
        return [Grant.id(String(name), in: approval.metadata.scope)]
    }

    public init(_ shelf: GrantShelf, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.shelf = shelf
        self.now = now
    }

    /// Between two looks at the meter of a grant that holds.
    private static let pause: Int64 = 10_000

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        let store = shelf.resources.store
        guard let grant = try await store.find(id) else { return .done }
        let terms = GrantTerms(grant.spec)
        if terms.isRevoked || grant.isBeingDeleted { try await shelf.desk.revoke(grant.metadata.uid) }
        if grant.isBeingDeleted {
            try await store.removeFinalizer(Grant.finalizer, from: id, by: ChangeNote(author: "controller/grants"))
            return .done
        }
        let meter = try await shelf.desk.meter(grant.metadata.uid)
        let time = now()
        let isUsable = !terms.isRevoked && !meter.isRevoked && time <= terms.notAfter && meter.uses < terms.uses
        let awaits = isUsable ? try await shelf.awaitsApproval(grant, terms) : false
        let state: String =
            if terms.isRevoked || meter.isRevoked {
                "Revoked"
            } else if time > terms.notAfter {
                "Expired"
            } else if meter.uses >= terms.uses {
                "UsedUp"
            } else if terms.notBefore.map({ time < $0 }) ?? false {
                "NotYet"
            } else if awaits {
                "AwaitingApproval"
            } else {
                "Active"
            }
        try await store.modifyStatus(id) { resource in
            var status = resource.status.object ?? [:]
            status["state"] = .string(state)
            status["used"] = .string("\(meter.uses) of \(terms.uses)")
            status["uses"] = .integer(meter.uses)
            status["idsTested"] = .integer(meter.ids)
            resource.status = .object(status)
            resource.set(
                Condition(
                    "Active", state == "Active" ? .isTrue : .isFalse, reason: state,
                    message: state == "Active" ? "Jobs may read with it." : "No job may begin to read with it.",
                    observedGeneration: resource.metadata.generation))
        }
        guard state != "Revoked", state != "Expired" else { return .done }
        let next = [terms.notBefore, terms.notAfter].compactMap { $0 }.map { $0.milliseconds - time.milliseconds + 1 }
            .filter { $0 > 0 }.min()
        return .again(after: .milliseconds(min(Self.pause, next ?? Self.pause)))
    }
}
