/// Where the site keeps the state of tasks for workers that start again: of each task the last few units.
///
/// - Durability: `save` and `resume` return when what they did will survive whatever is killed next.
/// - Conflict: a checkpoint replaces one of the same unit. Calls for one task come one at a time.
/// - Ordering: a saved unit is the task's newest: those above it and those too far below it are forgotten with it.
/// - Retry: a failed save leaves the ones before; the worker is told and ends. Every call may be made again.
public protocol CheckpointStore: Sendable {
    /// - Parameter unit: from 1.
    /// - Throws: `TaskFaults.checkpointNotKept`.
    func save(_ bytes: [UInt8], job: String, task: String, unit: UInt64) async throws

    /// The checkpoint that a worker goes on from; nil for unit 0. Forgets every unit above.
    ///
    /// - Throws: `TaskFaults.checkpointMissing`; `.checkpointUnreadable` for one that is damaged, and forgets it.
    func resume(job: String, task: String, at unit: UInt64) async throws -> [UInt8]?

    /// The units that are kept, rising.
    func units(job: String, task: String) async throws -> [UInt64]

    /// The jobs of which something is kept.
    func jobs() async throws -> Set<String>

    /// The job has ended; nothing of it is needed any more.
    func remove(job: String) async throws
}

/// How much is kept of each task.
public enum CheckpointRetention {
    /// Two parties that deal with each other are at most one unit apart, and two that deal with the same third party at
    /// most two. With three units kept, every star of parties has one in common.
    public static let units: UInt64 = 3

    /// Whether a unit stays when a newer one is kept.
    static func keeps(_ unit: UInt64, newest: UInt64) -> Bool { unit <= newest && newest - unit < units }
}
