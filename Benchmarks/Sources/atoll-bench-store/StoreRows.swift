import BenchKit
import Faults
import Resources

/// Writes, watches and lists of the SQLite store.
enum StoreRows {
    static let all: [BenchRow] = [
        BenchRow(
            "store.create",
            unit: "per second",
            doc: """
                Creations of a resource of about 1 kB with two labels, one after the other, each durable when it returns \
                (synchronous = FULL). Ratio: ours over the same statements through SQLite's C interface, in turns.
                """,
            ratio: .measured,
            goal: .ratio(.atLeast, 0.5)
        ) { _ in try await compare(.create) },
        BenchRow(
            "store.update",
            unit: "per second",
            doc: """
                Optimistic updates of the spec of a resource of about 1 kB, one after the other, each durable when it \
                returns. Ratio: ours over the same statements through SQLite's C interface, in turns.
                """,
            ratio: .measured,
            goal: .ratio(.atLeast, 0.5)
        ) { _ in try await compare(.update) },
        BenchRow(
            "store.watch.p99",
            unit: "ms",
            doc: """
                From the call of an update to its receipt by each of 100 watchers, 100 updates a second: the 99th \
                percentile of a run. The write itself is in it.
                """
        ) { _ in Measurement(try await WatchLatency.runs(5)) },
        BenchRow(
            "store.list.10k",
            unit: "ms",
            doc: "Reading all of 10,000 resources of about 1 kB in pages of 1,000."
        ) { _ in Measurement(try await listing()) },
    ]

    private enum Work {
        case create
        case update
    }

    /// Twenty batches of each side in turn, after one that is not counted: the disk's speed changes with other load, so
    /// the ratio is the median of the ratios of neighbours.
    private static func compare(_ work: Work) async throws -> Measurement {
        let batch = 50
        return try await withFolder { folder in
            let database = try openDatabase(in: folder)
            let store = try SQLiteResourceStore(database)
            let direct = try DirectSQLite(path: "\(folder)/direct.db")
            var current: [Resource] = []
            if work == .update {
                for number in 0..<batch {
                    current.append(try await store.create(Sample.resource(number), by: Sample.note))
                    try direct.create(Sample.resource(number))
                }
            }
            var ours: [Double] = []
            var theirs: [Double] = []
            for round in 0..<21 {
                let numbers = round * batch..<(round + 1) * batch
                let wanted =
                    work == .create
                    ? numbers.map { Sample.resource($0) }
                    : current.map { Sample.changed($0, to: round) }
                var start = Timing.now(.wall)
                for (index, resource) in wanted.enumerated() {
                    switch work {
                    case .create: _ = try await store.create(resource, by: Sample.note)
                    case .update: current[index] = try await store.update(resource, by: Sample.note)
                    }
                }
                ours.append(Double(batch) / (Timing.now(.wall) - start) * 1e9)
                let bodies = wanted.map(Sample.text)
                start = Timing.now(.wall)
                for (resource, body) in zip(wanted, bodies) {
                    switch work {
                    case .create: try direct.create(resource, body: body)
                    case .update: try direct.update(resource, body: body)
                    }
                }
                theirs.append(Double(batch) / (Timing.now(.wall) - start) * 1e9)
            }
            try database.close()
            let against = Against(
                name: "sqlite",
                value: Statistics.median(Array(theirs.dropFirst())),
                source: "measured in this run"
            )
            let ratios = zip(ours, theirs).dropFirst().map { $0 / $1 }
            return Measurement(Array(ours.dropFirst()), ratio: Statistics.median(Array(ratios)), against: against)
        }
    }

    private static func listing() async throws -> [Double] {
        try await withFolder { folder in
            let database = try openDatabase(in: folder)
            let store = try SQLiteResourceStore(database)
            for number in 0..<10_000 { _ = try await store.create(Sample.resource(number), by: Sample.note) }
            var runs: [Double] = []
            for _ in 0..<6 {
                let start = Timing.now(.wall)
                let count = try await store.listAll(ResourceQuery(kind: Sample.kind)).items.count
                guard count == 10_000 else { throw BenchFailure("listed \(count) resources") }
                runs.append((Timing.now(.wall) - start) / 1e6)
            }
            try database.close()
            return Array(runs.dropFirst())
        }
    }
}
