import Faults
import Synchronization

/// Checkpoints in memory: they survive their workers, not the site.
public final class MemoryCheckpointStore: CheckpointStore {
    private struct Key: Hashable {
        let job: String
        let task: String
    }

    private let kept = Mutex<[Key: [UInt64: [UInt8]]]>([:])

    public init() {}

    public func save(_ bytes: [UInt8], job: String, task: String, unit: UInt64) async throws {
        kept.withLock { kept in
            var units = kept[Key(job: job, task: task), default: [:]]
            units = units.filter { CheckpointRetention.keeps($0.key, newest: unit) }
            units[unit] = bytes
            kept[Key(job: job, task: task)] = units
        }
    }

    public func resume(job: String, task: String, at unit: UInt64) async throws -> [UInt8]? {
        try kept.withLock { kept in
            let units = kept[Key(job: job, task: task), default: [:]].filter { $0.key <= unit }
            guard unit == 0 || units[unit] != nil else { throw Fault(TaskFaults.checkpointMissing, at: "unit \(unit)") }
            kept[Key(job: job, task: task)] = units.isEmpty ? nil : units
            return units[unit]
        }
    }

    public func units(job: String, task: String) async throws -> [UInt64] {
        kept.withLock { kept in kept[Key(job: job, task: task), default: [:]].keys.sorted() }
    }

    public func jobs() async throws -> Set<String> {
        kept.withLock { kept in Set(kept.keys.map(\.job)) }
    }

    public func remove(job: String) async throws {
        kept.withLock { kept in kept = kept.filter { $0.key.job != job } }
    }
}
