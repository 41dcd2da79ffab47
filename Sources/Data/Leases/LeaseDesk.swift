public import Faults
public import Logging
import Metrics
public import Resources
public import ServiceLifecycle
import Synchronization

/// The read leases of the site: nothing of a dataset is opened without one, every one is counted, and revoking a grant
/// ends them.
///
/// Uses are durable before `take` returns and are never taken back. Leases live with this process: it renews them every
/// second, and after it was killed they end by themselves within `patience`.
public final class LeaseDesk: Service {
    /// How long a lease holds that is not renewed.
    public static let patience: Duration = .seconds(5)
    private static let memory: Int64 = 30 * 86_400_000

    private let rows: LeaseRows
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    private struct State {
        var held: [String: ReadLease] = [:]
        var onCancel: @Sendable (CancelledLease) async -> Void = { _ in }
        var renewed = ContinuousClock.now
    }

    public init(_ database: SQLiteDatabase, logger: Logger, now: @escaping @Sendable () -> Timestamp = { .now }) {
        rows = LeaseRows(database: database)
        self.logger = logger
        self.now = now
    }

    /// Who stops the reading of a lease that is cancelled; called before `revoke` returns, and not for leases that were
    /// given back.
    public func onCancel(_ body: @escaping @Sendable (CancelledLease) async -> Void) {
        state.withLock { $0.onCancel = body }
    }

    // MARK: Reading

    /// Records use and lease of every request in one transaction.
    ///
    /// - Parameter requests: each with the grants that may allow it, best first.
    /// - Throws: `GrantFaults`, the first reason that stands against one of them; nothing is counted then.
    @discardableResult
    public func take(
        _ requests: [(request: ReadRequest, grants: [GrantCandidate])], for reader: Reader
    ) async throws -> [ReadLease] {
        do {
            let leases = try await rows.take(requests, for: reader, now: now())
            state.withLock { state in
                if state.held.isEmpty { state.renewed = .now }
                for lease in leases { state.held[lease.id] = lease }
            }
            // A revocation after the transaction and before the lease was held has told nobody.
            guard try await rows.renew(Set(leases.map(\.id)), now: now()).count == leases.count else {
                await giveBack(reader)
                throw Fault(GrantFaults.revoked)
            }
            Counter(label: "read_leases").increment(by: leases.count)
            return leases
        } catch let fault as Fault {
            Counter(label: "grant_refusals", dimensions: [("number", "\(fault.number)")]).increment()
            throw fault
        }
    }

    /// Why each request would be refused now; changes nothing.
    public func refusals(
        _ requests: [(request: ReadRequest, grants: [GrantCandidate])], for reader: Reader
    ) async throws -> [Fault?] {
        try await rows.refusals(requests, for: reader, now: now())
    }

    /// The reading is over.
    public func giveBack(_ reader: Reader) async {
        let ids = state.withLock { state in
            let ids = state.held.values.filter { $0.reader == reader }.map(\.id)
            for id in ids { state.held[id] = nil }
            return ids
        }
        guard !ids.isEmpty else { return }
        do { try await rows.end(ids, reason: "given back", now: now()) } catch {
            // It ends by itself, since nobody renews it.
            logger.warning("a read lease was not given back", metadata: ["job": "\(reader.job)"])
        }
    }

    /// Ends a grant for good, and every reading with it: nothing can be taken with it when this returns, and whoever
    /// reads has been told.
    ///
    /// - Parameter grant: the uid of its resource.
    public func revoke(_ grant: String) async throws {
        try await rows.revoke(grant, now: now())
        await cancel({ $0.grant == grant }, Fault(GrantFaults.revoked))
    }

    public func meter(_ grant: String) async throws -> GrantMeter { try await rows.meter(grant) }

    /// The jobs that used a grant, newest first; see `LeaseRows.uses`.
    func uses(_ grant: String, before job: String?, limit: Int) async throws -> [GrantUse] {
        try await rows.uses(grant, before: job, limit: limit)
    }

    /// Jobs that read a dataset at this moment.
    public func readers(of dataset: String) async throws -> [String] { try await rows.readers(of: dataset) }

    /// Leases that are held by this process.
    public var held: [ReadLease] { state.withLock { $0.held.values.sorted { $0.id < $1.id } } }

    // MARK: Running

    /// Renews what is held until cancelled or shut down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.renew()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Renews every lease that is held, and cancels those that are over or cannot be renewed.
    public func renew() async {
        let time = now()
        await cancel({ $0.until < time }, Fault(GrantFaults.expired))
        let ids = state.withLock { Set($0.held.keys) }
        do {
            let kept = try await rows.renew(ids, now: time)
            state.withLock { $0.renewed = .now }
            // Ended by somebody else, such as an earlier life's clean-up.
            await cancel({ ids.contains($0.id) && !kept.contains($0.id) }, Fault(GrantFaults.leaseLost))
            try await rows.endStale(
                renewedBefore: Timestamp(
                    milliseconds: time.milliseconds - Self.patience.components.seconds * 1_000),
                forgetBefore: Timestamp(milliseconds: time.milliseconds - Self.memory), now: time)
        } catch {
            let fault = (error as? Fault).map { "\($0.number)" } ?? "\(type(of: error))"
            logger.error("read leases were not renewed", metadata: ["fault": "\(fault)"])
            let isOver = state.withLock { ContinuousClock.now - $0.renewed > Self.patience }
            if isOver { await cancel({ _ in true }, Fault(GrantFaults.leaseLost)) }
        }
    }

    private func cancel(_ isChosen: (ReadLease) -> Bool, _ fault: Fault) async {
        let (leases, tell) = state.withLock { state in
            let leases = state.held.values.filter(isChosen)
            for lease in leases { state.held[lease.id] = nil }
            return (leases, state.onCancel)
        }
        guard !leases.isEmpty else { return }
        Counter(label: "read_leases_cancelled", dimensions: [("number", "\(fault.number)")])
            .increment(by: leases.count)
        // First whoever reads, then the record: it says so already when the grant was revoked.
        for lease in leases { await tell(CancelledLease(lease: lease, fault: fault)) }
        try? await rows.end(leases.map(\.id), reason: "cancelled", now: now())
    }
}
