import Faults
public import Sites
import Testing

/// What every adapter of `CheckpointStore` does; each adapter's tests call it with a fresh store.
public enum CheckpointStoreSuite {
    public static func run(_ store: any CheckpointStore) async throws {
        try await keepsTheLastUnits(store)
        try await goesOnFromAUnitAndForgetsLaterOnes(store)
        try await keepsJobsAndTasksApart(store)
        try await holdsLargeAndEmptyOnes(store)
    }

    private static func keepsTheLastUnits(_ store: any CheckpointStore) async throws {
        #expect(try await store.units(job: "01A", task: "t") == [])
        for unit in 1...5 as ClosedRange<UInt64> {
            try await store.save([UInt8(unit)], job: "01A", task: "t", unit: unit)
        }
        #expect(try await store.units(job: "01A", task: "t") == [3, 4, 5])
        #expect(try await store.resume(job: "01A", task: "t", at: 5) == [5])
        await #expect(throws: Fault(TaskFaults.checkpointMissing)) {
            try await store.resume(job: "01A", task: "t", at: 2)
        }
        await #expect(throws: Fault(TaskFaults.checkpointMissing)) {
            try await store.resume(job: "01A", task: "t", at: 6)
        }
        #expect(try await store.units(job: "01A", task: "t") == [3, 4, 5])
    }

    private static func goesOnFromAUnitAndForgetsLaterOnes(_ store: any CheckpointStore) async throws {
        #expect(try await store.resume(job: "01A", task: "t", at: 3) == [3])
        #expect(try await store.units(job: "01A", task: "t") == [3])
        try await store.save([44], job: "01A", task: "t", unit: 4)
        try await store.save([45], job: "01A", task: "t", unit: 4)
        #expect(try await store.resume(job: "01A", task: "t", at: 4) == [45])
        #expect(try await store.resume(job: "01A", task: "t", at: 0) == nil)
        #expect(try await store.units(job: "01A", task: "t") == [])
        #expect(try await store.resume(job: "01A", task: "t", at: 0) == nil)
        // A task that begins again leaves nothing of its first run.
        for unit in [7, 8, 9, 1] as [UInt64] { try await store.save([1], job: "01A", task: "t", unit: unit) }
        #expect(try await store.units(job: "01A", task: "t") == [1])
    }

    private static func keepsJobsAndTasksApart(_ store: any CheckpointStore) async throws {
        try await store.save([1], job: "01A", task: "t", unit: 1)
        try await store.save([2], job: "01A", task: "u", unit: 1)
        try await store.save([3], job: "01B", task: "t", unit: 1)
        #expect(try await store.jobs() == ["01A", "01B"])
        try await store.remove(job: "01A")
        try await store.remove(job: "01A")
        #expect(try await store.units(job: "01A", task: "u") == [])
        #expect(try await store.jobs() == ["01B"])
        #expect(try await store.resume(job: "01B", task: "t", at: 1) == [3])
    }

    private static func holdsLargeAndEmptyOnes(_ store: any CheckpointStore) async throws {
        let large = (0..<9 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
        try await store.save(large, job: "01B", task: "t", unit: 2)
        try await store.save([], job: "01B", task: "t", unit: 3)
        #expect(try await store.resume(job: "01B", task: "t", at: 3) == [])
        #expect(try await store.resume(job: "01B", task: "t", at: 2) == large)
        try await store.remove(job: "01B")
        #expect(try await store.jobs() == [])
    }
}
