/// Outputs of tasks by what they depend on, so that a job does not repeat what an earlier one has done.
///
/// A task is left out only where every party finds an output for its own key: the messages of a task cross between all
/// its parties or between none. Each says in its view what it has, and the owner decides; this port speaks of one party
/// alone. What crossed for an output is in the ledger's chain of the job that made it, which the new job's log names.
///
/// - Conflict: of two outputs of one key the first stays; a second with another digest is a mistake of the operator and
///   is refused.
/// - Retry: keeping the same again changes nothing.
/// - Durability: what `keep` was told is found after a kill; an output that is lost is made again.
public protocol TaskCache: Sendable {
    func find(_ key: TaskKey) async throws -> CachedOutput?

    /// - Throws: `JobFaults.digestDiffers`.
    func keep(_ output: CachedOutput, for key: TaskKey) async throws

    /// Forgets what a job made: its outputs are deleted.
    func forget(job: String) async throws
}
