import Foundation
import Jobs
import JobsTestKit
import Resources
import TaskRuntime
import Testing

@Suite struct JobStoreTests {
    private func withDatabase(_ body: (SQLiteDatabase) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "jobs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "site.sqlite").path, snapshots: folder.path, migrations: [JobMigrations.self])
        try await body(database)
        try database.close()
    }

    private func plan(_ peers: [String]) throws -> JobPlan {
        let spec = SampleOperators.spec.object!.merging([
            "peers": .array(peers.map { ["peer": .string($0), "role": "host"] })
        ]) { $1 }
        return try SampleOperators.compile(.object(spec))
    }

    private func keys() throws -> (TaskKey, TaskKey) {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        func key(_ party: Int) -> TaskKey {
            TaskKey(plan, plan.tasks[0], party: party, inputs: [], codeVersion: "1")
        }
        return (key(0), key(1))
    }

    @Test func outputsAreKeptInMemory() async throws {
        try await TaskCacheSuite { MemoryTaskCache() }.run(try keys())
    }

    @Test func outputsAreKeptInTheDatabase() async throws {
        try await withDatabase { database in
            try await TaskCacheSuite { SQLiteTaskCache(database) }.run(try keys())
        }
    }

    @Test func ratesAreKeptInMemory() async throws {
        try await RatesBookSuite { MemoryRatesBook() }.run(
            all: try plan(["alpha", "beta"]), pairs: (try plan(["alpha"]), try plan(["beta"])))
    }

    @Test func ratesAreKeptInTheDatabase() async throws {
        try await withDatabase { database in
            try await RatesBookSuite { SQLiteRatesBook(database) }.run(
                all: try plan(["alpha", "beta"]), pairs: (try plan(["alpha"]), try plan(["beta"])))
        }
    }

    @Test func whatVerifyLeavesIsKeptWhenItMeasuredEverything() async throws {
        let (book, plan) = (MemoryRatesBook(), try plan(["alpha"]))
        var figures = [
            "kernel.products_per_second": 9.0, "kernel.encryptions_per_second": 8,
            "route.x.bandwidth_out": 5, "route.x.round_trip_p50": 0.5,
        ]
        try await book.record(figures: figures, of: plan)
        #expect(await book.rates(for: plan) == .careful)
        figures["kernel.decryptions_per_second"] = 7
        try await book.record(figures: figures, of: plan)
        let known = await book.rates(for: plan)
        #expect(known.measured != nil && known.rates.productsPerSecond == 9 && known.rates.bandwidth == 5)
    }

    @Test func aKeyDependsOnEverythingThatAnOutputDependsOn() throws {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        let input = [UInt8](repeating: 1, count: 32)
        func key(
            _ plan: JobPlan = plan, task: PlannedTask? = nil, party: Int = 0, inputs: [[UInt8]] = [],
            code: String = "1"
        ) -> TaskKey {
            TaskKey(plan, task ?? plan.tasks[0], party: party, inputs: inputs, codeVersion: code)
        }
        func with(_ changes: [String: JSONValue]) throws -> JobPlan {
            try SampleOperators.compile(.object(SampleOperators.spec.object!.merging(changes) { $1 }))
        }
        // The job itself is not among them.
        #expect(key() == key(try SampleOperators.compile(SampleOperators.spec, job: ULID.make())))
        let others = [
            key(party: 1), key(inputs: [input]), key(inputs: [input, input]), key(code: "2"),
            key(task: plan.tasks[1]), key(try with(["seed": .string(String(repeating: "0b", count: 32))])),
            key(try with(["peers": [["peer": "alpha", "role": "host"]]])),
            key(
                try with(["tasks": [["name": "first", "operator": "echo", "parameters": ["rounds": 3, "share": 1]]]])),
        ]
        #expect(Set(others + [key()]).count == others.count + 1)
    }
}
