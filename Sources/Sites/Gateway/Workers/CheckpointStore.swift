import Synchronization

/// Where the site keeps the state of tasks for workers that start again.
///
/// - Durability: `save` returns when the checkpoint will survive whatever is killed next.
/// - Conflict: a newer one replaces the older; there is one per job and task.
/// - Retry: a failed save leaves the one before; the worker is told and ends.
public protocol CheckpointStore: Sendable {
    func save(_ bytes: [UInt8], job: String, task: String) async throws
    func load(job: String, task: String) async throws -> [UInt8]?
    /// The job has ended; nothing of it is needed any more.
    func remove(job: String) async throws
}

/// Checkpoints in memory: they survive their workers, not the site.
public final class MemoryCheckpointStore: CheckpointStore {
    private struct Key: Hashable {
        let job: String
        let task: String
    }

    private let kept = Mutex<[Key: [UInt8]]>([:])

    public init() {}

    public func save(_ bytes: [UInt8], job: String, task: String) async throws {
        kept.withLock { $0[Key(job: job, task: task)] = bytes }
    }

    public func load(job: String, task: String) async throws -> [UInt8]? {
        kept.withLock { $0[Key(job: job, task: task)] }
    }

    public func remove(job: String) async throws {
        kept.withLock { kept in kept = kept.filter { $0.key.job != job } }
    }
}
