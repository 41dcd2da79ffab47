public import Sites

/// What a job's side needs of the site's gateway and ledger.
///
/// - Retry: every call may be repeated; the newest `open` of a job counts, and an older epoch is refused.
/// - Order: calls of one job come one after another.
/// - Durability: what a worker had acknowledged as kept is in `units` after any crash.
public protocol JobDoor: Sendable {
    /// Lets the job's messages cross in the plan's epoch; workers of earlier ones are sent away.
    func open(_ plan: DeclaredPlan) async throws

    /// Nothing of the job crosses and no worker is let in until it is opened again. Checkpoints stay.
    func suspend(job: String) async

    /// The job has ended here. Checkpoints are forgotten.
    ///
    /// - Parameter plan: what was agreed; after a restart the receipt is still asked for by it.
    /// - Returns: false while receipts of peers are still to come: it is asked again then.
    func close(_ plan: DeclaredPlan, _ phase: JobPhase) async throws -> Bool

    /// Lets one worker in, once. 32 bytes, never logged.
    func token(job: String, task: String, unit: UInt64) async throws -> [UInt8]

    /// Units of which a checkpoint is kept, rising.
    func units(job: String, task: String) async throws -> [UInt64]

    /// The checkpoint of a unit that is kept; nil for unit 0.
    ///
    /// - Throws: `TaskFaults.checkpointMissing`, `.checkpointUnreadable`.
    func checkpoint(job: String, task: String, unit: UInt64) async throws -> [UInt8]?

    /// Forgets the checkpoints of all other jobs: some may have ended while this site was away.
    func forgetCheckpoints(exceptOf jobs: Set<String>) async throws
}
