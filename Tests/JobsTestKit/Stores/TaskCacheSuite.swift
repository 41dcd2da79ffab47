import Faults
public import Jobs
import Testing

/// What every adapter of `TaskCache` does. `make` gives an empty one.
public struct TaskCacheSuite<Cache: TaskCache> {
    private let make: () throws -> Cache

    public init(_ make: @escaping () throws -> Cache) {
        self.make = make
    }

    /// - Parameter keys: two that differ.
    public func run(_ keys: (TaskKey, TaskKey)) async throws {
        let cache = try make()
        let output = CachedOutput(digest: [UInt8](repeating: 1, count: 32), job: "A", task: "one")
        #expect(try await cache.find(keys.0) == nil)
        try await cache.keep(output, for: keys.0)
        #expect(try await cache.find(keys.0) == output)
        #expect(try await cache.find(keys.1) == nil)
        // The same digest from elsewhere changes nothing: the first stays.
        try await cache.keep(CachedOutput(digest: output.digest, job: "B", task: "two"), for: keys.0)
        #expect(try await cache.find(keys.0) == output)
        await #expect(throws: Fault(JobFaults.digestDiffers)) {
            try await cache.keep(
                CachedOutput(digest: [UInt8](repeating: 2, count: 32), job: "A", task: "one"), for: keys.0)
        }
        #expect(try await cache.find(keys.0) == output)
        let other = CachedOutput(digest: [UInt8](repeating: 3, count: 32), job: "B", task: "two")
        try await cache.keep(other, for: keys.1)
        try await cache.forget(job: "A")
        #expect(try await cache.find(keys.0) == nil)
        #expect(try await cache.find(keys.1) == other)
        try await cache.forget(job: "A")
    }
}
