import Faults
public import Logging
public import Resources

/// Carries requests to the peers and their answers back, as often as the way to a peer needs.
public struct AccessController: Reconciler {
    private let desk: AccessDesk
    private let now: @Sendable () -> Timestamp

    /// Between two questions how a request stands: who answers tells at once, and this is for what was lost.
    private static let pause: Duration = .seconds(30)
    /// After the way to the peer failed.
    private static let retry: Duration = .seconds(3)
    /// How long a withdrawal is tried, in milliseconds; then the request goes without.
    private static let patience: Int64 = 60_000

    public static func controller(_ desk: AccessDesk, logger: Logger) -> Controller {
        Controller(
            "access requests", store: desk.resources.store, sources: [.each(AccessRequest.kind.name)],
            reconciler: AccessController(desk), logger: logger)
    }

    init(_ desk: AccessDesk, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.desk = desk
        self.now = now
    }

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        guard let request = try await desk.resources.store.find(id) else { return .done }
        switch AccessTerms(request.spec).direction {
        case .outgoing: return try await outgoing(request)
        case .incoming: return try await incoming(request)
        }
    }

    private func outgoing(_ request: Resource) async throws -> Reconciliation {
        let state = AccessRequest.state(of: request)
        if let deleted = request.metadata.deletionTime {
            // One that is being sent may be there, with its answer lost: that is said once, since most likely it is not.
            if !state.isFinal {
                do { try await desk.withdraw(request) } catch let fault as Fault
                    where state == .waiting && now().milliseconds - deleted.milliseconds < Self.patience
                    && !fault.is(LinkFaults.noMethod)
                {
                    return .again(after: Self.retry)
                } catch is Fault {}
            }
            try await desk.resources.store.removeFinalizer(
                AccessRequest.finalizer, from: request.id, by: ChangeNote(author: "controller/access requests"))
            return .done
        }
        if state.isFinal { return .done }
        do {
            return try await desk.sync(request) ? .done : .again(after: Self.pause)
        } catch let fault as Fault {
            try await note(fault, on: request)
            return .again(after: Self.retry)
        }
    }

    private func note(_ fault: Fault, on request: Resource) async throws {
        try await desk.resources.store.modifyStatus(request.id) { request in
            var status = request.status.object ?? [:]
            status["state"] = .string(AccessRequest.state(of: request).rawValue)
            status["problem"] = .string("\(fault.number) \(AccessAnswer.line(fault.what))")
            request.status = .object(status)
        }
    }

    private func incoming(_ request: Resource) async throws -> Reconciliation {
        if request.status["state"] == nil {
            try await desk.resources.store.modifyStatus(request.id) { request in
                guard request.status["state"] == nil else { return }
                var status = request.status.object ?? [:]
                status["state"] = .string(AccessRequest.State.waiting.rawValue)
                request.status = .object(status)
            }
            return .done
        }
        guard request.status["isTold"] == false else { return .done }
        do { try await desk.tell(request) } catch is Fault { return .again(after: Self.retry) }
        try await desk.resources.store.modifyStatus(request.id) { request in
            var status = request.status.object ?? [:]
            status["isTold"] = true
            request.status = .object(status)
        }
        return .done
    }
}
