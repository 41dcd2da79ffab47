import GRDB
import Resources

/// Samples of the machine in the site's database.
///
/// - Durability: samples that `keep` was given are on the disk when it returns.
/// - Retry: keeping the same samples again changes nothing.
struct MachineRows: Sendable {
    /// Milliseconds for which each sample is kept.
    static let memory: Int64 = 24 * 3_600_000
    /// Milliseconds of a period, and for which periods are kept.
    static let period: Int64 = 300_000
    static let periodMemory: Int64 = 90 * 24 * 3_600_000

    let database: SQLiteDatabase

    private static let columns = [
        "cpu", "cpuTotal", "memory", "memoryTotal", "storage", "storageTotal", "load", "received", "sent", "gpu",
        "gpuTotal", "gpuMemory", "gpuMemoryTotal",
    ]

    /// Adds samples, makes the periods that have ended since, and forgets what is older than each is kept.
    func keep(_ samples: [MachineSample], now: Timestamp) async throws {
        let now = now.milliseconds
        let names = Self.columns.joined(separator: ", ")
        let places = Self.columns.map { _ in "?" }.joined(separator: ", ")
        let averages = Self.columns.map { "AVG(\($0))" }.joined(separator: ", ")
        try await database.write { db in
            for sample in samples {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO machine_sample (at, \(names)) VALUES (?, \(places))",
                    arguments: [sample.time.milliseconds] + Self.arguments(sample))
            }
            // Of a time when the clock was ahead.
            try db.execute(sql: "DELETE FROM machine_period WHERE at > ?", arguments: [now])
            let done = try Int64.fetchOne(db, sql: "SELECT MAX(at) FROM machine_period").map { $0 + Self.period } ?? 0
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO machine_period (at, \(names))
                    SELECT at / :period * :period, \(averages) FROM machine_sample
                    WHERE at >= :done AND at < :end GROUP BY at / :period
                    """,
                arguments: ["period": Self.period, "done": done, "end": now / Self.period * Self.period])
            try db.execute(
                sql: "DELETE FROM machine_sample WHERE at < ?", arguments: [now - Self.memory])
            try db.execute(sql: "DELETE FROM machine_period WHERE at < ?", arguments: [now - Self.periodMemory])
        }
    }

    /// What is kept from one time up to another, oldest first: averages over steps that have samples. Steps of a period
    /// or more are made of periods, and of samples where there is no period yet.
    ///
    /// - Parameters:
    ///   - step: milliseconds; steps begin at whole multiples of it since 1970.
    ///   - pending: samples that are not kept yet, newer than all others.
    func history(from: Int64, until: Int64, step: Int64, pending: [MachineSample]) async throws -> [MachineSample] {
        let isCoarse = step >= Self.period
        let rows = try await database.read { db in
            let first = isCoarse ? try Self.rows("machine_period", from, until, db) : []
            let done = first.last.map { $0.time.milliseconds + Self.period } ?? from
            return (first, try Self.rows("machine_sample", max(from, done), until, db))
        }
        let last = rows.1.last?.time.milliseconds ?? rows.0.last?.time.milliseconds ?? .min
        let more = pending.filter { (max(from, last + 1)..<until).contains($0.time.milliseconds) }
        var averages = Averages(step: step)
        for sample in rows.0 { averages.add(sample, weight: Double(Self.period) / 15_000) }
        for sample in rows.1 + more { averages.add(sample, weight: 1) }
        return averages.samples
    }

    private static func rows(_ table: String, _ from: Int64, _ until: Int64, _ db: Database) throws -> [MachineSample] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM \(table) WHERE at >= ? AND at < ? ORDER BY at", arguments: [from, until]
        ).map(Self.sample)
    }

    private static func arguments(_ sample: MachineSample) -> StatementArguments {
        StatementArguments(sample.values)
    }

    private static func sample(_ row: Row) -> MachineSample {
        var sample = MachineSample(time: Timestamp(milliseconds: row["at"]))
        sample.values = columns.map { row[$0] }
        return sample
    }
}

/// The averages of samples, step by step.
private struct Averages {
    let step: Int64
    private var steps: [(at: Int64, sums: [Double], weights: [Double])] = []

    init(step: Int64) {
        self.step = step
    }

    /// Samples come in order of time.
    mutating func add(_ sample: MachineSample, weight: Double) {
        let at = sample.time.milliseconds / step * step
        let values = sample.values
        if steps.last?.at != at {
            let none = [Double](repeating: 0, count: values.count)
            steps.append((at, none, none))
        }
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            steps[steps.count - 1].sums[index] += value * weight
            steps[steps.count - 1].weights[index] += weight
        }
    }

    var samples: [MachineSample] {
        steps.map { step in
            var sample = MachineSample(time: Timestamp(milliseconds: step.at))
            sample.values = zip(step.sums, step.weights).map { $1 > 0 ? $0 / $1 : nil }
            return sample
        }
    }
}

extension MachineSample {
    /// In the order of the table's columns.
    fileprivate var values: [Double?] {
        get {
            [
                cpu?.used, cpu?.total, memory?.used, memory?.total, storage?.used, storage?.total, load, received,
                sent, gpu?.used, gpu?.total, gpuMemory?.used, gpuMemory?.total,
            ]
        }
        set {
            func share(_ first: Int) -> Share? {
                guard let used = newValue[first], let total = newValue[first + 1] else { return nil }
                return Share(used: used, total: total)
            }
            (cpu, memory, storage) = (share(0), share(2), share(4))
            (load, received, sent) = (newValue[6], newValue[7], newValue[8])
            (gpu, gpuMemory) = (share(9), share(11))
        }
    }
}
