import Arithmetic
import BenchKit
import Faults
import HomomorphicEncryption

extension Subject {
    /// 4,096 rows, 10 columns of 32 equally likely buckets, one node: the shape of one level of a boosted tree.
    private static let rows = 4096
    private static let columns = 10

    private func plan() throws -> AccumulationPlan {
        try once("plan") {
            var state: UInt64 = 1
            let columns = try (0..<Self.columns).map { _ in
                try BucketColumn(
                    buckets: 32,
                    ids: (0..<Self.rows).map { _ in
                        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        return UInt16(state >> 59)
                    })
            }
            return try AccumulationPlan(columns: columns)
        }
    }

    private func encryptedRows() throws -> (key: PaillierPublicKey, rows: PairResidues) {
        try once("rows") {
            let pair = try pair(.dedicated, .all)
            return (pair.publicKey, pair.blindings(Self.rows))
        }
    }

    /// Nanoseconds of one accumulation, per row and column.
    private func accumulation(_ workers: Workers, _ clock: Timing.Clock) throws -> Double {
        let (key, rows) = try encryptedRows()
        let plan = try plan()
        return try Timing.once(clock) {
            let accumulator = BucketAccumulator(key: key, plan: plan, workers: workers)
            try accumulator.add(rows)
            _ = try accumulator.finish()
        } / Double(Self.rows * Self.columns)
    }

    private static let doc =
        "Bucket sums of 4,096 encrypted rows in 10 columns of 32 buckets, per row and column; joint cells and the largest "
        + "bucket save additions."

    var accumulateRow: BenchRow {
        BenchRow(
            "\(name).accumulate", unit: "ns",
            doc: Self.doc + " One core, processor time. Ratio: in products modulo n² of this run.", ratio: .measured
        ) { _ in
            let runs = try (0..<5).map { _ in
                let product = try self.productOnce()
                return (try self.accumulation(.one, .thread), product)
            }
            return Measurement(runs.map(\.0), ratio: Statistics.median(runs.map { $0.0 / $0.1 }))
        }
    }

    var accumulateAllRow: BenchRow {
        BenchRow("\(name).accumulate.all", unit: "ns", doc: Self.doc + " All cores, wall time.") { _ in
            Measurement(try (0..<5).map { _ in try self.accumulation(.all, .wall) })
        }
    }

    var twoThreadsRow: BenchRow {
        BenchRow(
            "\(name).threads2", unit: "times",
            doc: "How many times faster two threads accumulate than one: wall times, taken in turn. Runs are pairs.",
            goal: .value(.atLeast, 1.9)
        ) { _ in
            let speedups = try (0..<5).map { _ in
                let one = try self.accumulation(.one, .wall)
                return one / (try self.accumulation(Workers(2), .wall))
            }
            return Measurement(speedups, goalApplies: Workers.all.count >= 2)
        }
    }
}
