#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a bench prints: the machine, and one result per row.
public struct BenchReport: Sendable, Equatable {
    public let bench: String
    public let machine: Machine
    public let rows: [BenchResult]

    public init(bench: String, machine: Machine, rows: [BenchResult]) {
        self.bench = bench
        self.machine = machine
        self.rows = rows
    }

    /// Names of the rows whose goal is missed.
    public var missed: [String] {
        rows.filter { $0.met == false }.map(\.name)
    }

    /// `{bench, machine: {cpu, cores, kernels}, rows: [{name, value, min, max, runs, unit, against, ratio, goal, met}]}`,
    /// keys sorted, absent things null.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// One row, measured.
public struct BenchResult: Sendable, Equatable {
    public let name: String
    public let value: Double
    public let min: Double
    public let max: Double
    public let runs: Int
    public let unit: String
    public let against: Against?
    public let ratio: Double?
    public let goal: Goal?
    public let met: Bool?

    /// Puts a measurement under its row: picks the value, forms the ratio, judges the goal.
    public init(_ row: BenchRow, _ measurement: Measurement) {
        let sorted = measurement.runs.sorted()
        let value =
            switch row.statistic {
            case .median: Statistics.median(sorted)
            case .worstIsMost: sorted[sorted.count - 1]
            case .worstIsLeast: sorted[0]
            }
        let against = measurement.against ?? row.against
        let ratio: Double? =
            switch row.ratio {
            case .none: nil
            case .againstOverValue: against.map { $0.value / value }
            case .valueOverAgainst: against.map { value / $0.value }
            case .measured: measurement.ratio
            }
        self.name = row.name
        self.value = value
        self.min = sorted[0]
        self.max = sorted[sorted.count - 1]
        self.runs = sorted.count
        self.unit = row.unit
        self.against = against
        self.ratio = ratio
        self.goal = row.goal
        self.met = measurement.goalApplies ? row.goal?.isMet(value: value, ratio: ratio) : nil
    }
}

extension BenchReport: Encodable {
    private enum Key: String, CodingKey { case bench, machine, rows }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(bench, forKey: .bench)
        try box.encode(machine, forKey: .machine)
        try box.encode(rows, forKey: .rows)
    }
}

extension BenchResult: Encodable {
    private enum Key: String, CodingKey { case name, value, min, max, runs, unit, against, ratio, goal, met }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(name, forKey: .name)
        try box.encode(value, forKey: .value)
        try box.encode(min, forKey: .min)
        try box.encode(max, forKey: .max)
        try box.encode(runs, forKey: .runs)
        try box.encode(unit, forKey: .unit)
        // `encode` and not `encodeIfPresent`: an absent thing is an explicit null, so every row has every key.
        try box.encode(against, forKey: .against)
        try box.encode(ratio, forKey: .ratio)
        try box.encode(goal, forKey: .goal)
        try box.encode(met, forKey: .met)
    }
}

extension Goal: Encodable {
    private enum Key: String, CodingKey { case of, direction, bound }

    /// `{of: "value" | "ratio", direction: "at least" | "at most", bound}`.
    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(quantity.rawValue, forKey: .of)
        try box.encode(direction.rawValue, forKey: .direction)
        try box.encode(bound, forKey: .bound)
    }
}
