public import Sites
import Synchronization

/// The door of a real site: its gateway, with the ledger's co-signing before the first frame and a receipt at the end.
public final class GatewayDoor: JobDoor {
    private let gateway: Gateway
    private let coSigning: CoSigning
    private let patience: Duration
    /// Since when receipts are waited for.
    private let closing = Mutex<[String: ContinuousClock.Instant]>([:])

    /// - Parameter patience: how long an end waits for the receipts of peers; what is missing then is missing in the ledger,
    ///   where `atoll ledger verify` says so.
    public init(gateway: Gateway, coSigning: CoSigning, patience: Duration = .seconds(30)) {
        self.gateway = gateway
        self.coSigning = coSigning
        self.patience = patience
    }

    public func open(_ plan: DeclaredPlan) async throws {
        try await coSigning.open(plan)
        try gateway.open(plan)
    }

    public func suspend(job: String) async {
        gateway.suspend(job: job)
    }

    public func close(_ plan: DeclaredPlan, _ phase: JobPhase) async throws -> Bool {
        gateway.close(job: plan.job)
        guard phase == .succeeded else {
            coSigning.abandon(job: plan.job)
            return true
        }
        let now = ContinuousClock.now
        if let since = closing.withLock({ $0[plan.job] }) {
            guard coSigning.isOpen(job: plan.job), now - since < patience else {
                if now - since >= patience { coSigning.abandon(job: plan.job) }
                closing.withLock { $0[plan.job] = nil }
                return true
            }
            return false
        }
        // Not open after a restart: the receipt is still to come.
        if !coSigning.isOpen(job: plan.job) { try await coSigning.open(plan) }
        coSigning.close(job: plan.job)
        closing.withLock { $0[plan.job] = now }
        return false
    }

    public func token(job: String, task: String, unit: UInt64) async throws -> [UInt8] {
        try gateway.token(job: job, task: task, unit: unit).bytes
    }

    public func units(job: String, task: String) async throws -> [UInt64] {
        try await gateway.checkpointUnits(job: job, task: task)
    }

    public func checkpoint(job: String, task: String, unit: UInt64) async throws -> [UInt8]? {
        try await gateway.checkpoint(job: job, task: task, unit: unit)
    }

    public func forgetCheckpoints(exceptOf jobs: Set<String>) async throws {
        try await gateway.forgetCheckpoints(exceptOf: jobs)
    }
}
