/// Outputs of tasks by what they depend on, so that a job that is tried again does not repeat what is done.
///
/// A task may be left out only where every party finds an output for its own key and all say so before the task would
/// start: the messages of a task cross between all its parties or between none. Whoever asks agrees on that with the
/// others; this port speaks of one party alone. Across epochs only a retry of the same plan may reuse an output: its
/// ledger is in the same chain, so that what crossed for the output can still be shown.
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
