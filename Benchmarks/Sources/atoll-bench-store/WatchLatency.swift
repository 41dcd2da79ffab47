import BenchKit
import Resources
import Synchronization

/// How long a change needs to reach a hundred watchers.
enum WatchLatency {
    private static let watchers = 100
    private static let writes = 200

    /// The 99th percentile of each run, in milliseconds.
    static func runs(_ count: Int) async throws -> [Double] {
        var percentiles: [Double] = []
        for _ in 0..<count {
            let all = try await withFolder { folder in
                let database = try openDatabase(in: folder)
                let latencies = try await run(SQLiteResourceStore(database))
                try database.close()
                return latencies
            }
            guard all.count == watchers * writes else { throw BenchFailure("\(all.count) receipts") }
            percentiles.append(all.sorted()[all.count * 99 / 100])
        }
        return percentiles
    }

    private static func run(_ store: SQLiteResourceStore) async throws -> [Double] {
        var current = try await store.create(Sample.resource(0), by: Sample.note)
        let started = Starts()
        let watch = try await store.watch(ResourceQuery(kind: Sample.kind), from: current.metadata.version)
        return try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<watchers {
                group.addTask {
                    var latencies: [Double] = []
                    for try await event in watch {
                        guard let round = event.resource?.spec["round"]?.integer else { continue }
                        latencies.append((Timing.now(.wall) - started[Int(round)]) / 1e6)
                        if latencies.count == writes { break }
                    }
                    return latencies
                }
            }
            for round in 1...writes {
                try await Task.sleep(for: .milliseconds(10))
                let wanted = Sample.changed(current, to: round - 1)
                started[round] = Timing.now(.wall)
                current = try await store.update(wanted, by: Sample.note)
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// When each write began.
    private final class Starts: Sendable {
        private let times = Mutex<[Int: Double]>([:])

        subscript(round: Int) -> Double {
            get { times.withLock { $0[round] ?? .nan } }
            set { times.withLock { $0[round] = newValue } }
        }
    }
}
