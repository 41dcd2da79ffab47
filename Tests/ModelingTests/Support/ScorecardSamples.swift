import ResourcesTestKit

@testable import Modeling

extension DisclosureGuard {
    /// Weak enough for small samples.
    static let small = DisclosureGuard(unchecked: 5, bads: 3, goods: 3, fineRows: 10)

    /// The least one but for fine bins, of which this asks so many rows.
    static func fine(_ rows: Int) -> DisclosureGuard {
        DisclosureGuard(unchecked: 5, bads: 20, goods: 20, fineRows: rows)
    }
}

extension FineCounts {
    /// Counts without rows behind them.
    static func made(
        _ column: String = "x", goods: [Int], bads: [Int], others: [BinCounts] = [], partition: UInt8 = 1
    ) throws -> FineCounts {
        try FineCounts(
            column: column, partition: ModelDigest(bytes: [UInt8](repeating: partition, count: 32)),
            ordinary: zip(goods, bads).map { BinCounts(goods: $0, bads: $1) }, others: others)
    }

    /// Equal bins with so many rows each and bad rates in percent.
    static func made(rows: Int, percent: [Int]) throws -> FineCounts {
        try made(goods: percent.map { rows - rows * $0 / 100 }, bads: percent.map { rows * $0 / 100 })
    }
}

/// Values and labels made up for scorecards: values on tenths from -4 to 4, some missing, some -999; parties share a
/// column's name.
struct ScorecardSample {
    var labels: [Double] = []
    /// By party.
    var values: [[(name: String, values: [Double])]]

    init(rows: Int, columns: [[String]], using random: inout SeededGenerator) {
        values = columns.map { names in
            names.map { name in
                (
                    name,
                    (0..<rows).map { _ in
                        let kind = Int.random(in: 0..<100, using: &random)
                        return kind < 12
                            ? .nan : kind < 24 ? -999 : Double(Int.random(in: -40...40, using: &random)) / 10
                    }
                )
            }
        }
        for row in 0..<rows {
            var risk = Double.random(in: -3...3, using: &random) - 0.5
            for (place, column) in values.joined().enumerated() {
                let value = column.values[row]
                risk += value.isNaN ? 0.6 : value == -999 ? -0.8 : value * (place.isMultiple(of: 2) ? 0.5 : -0.4)
            }
            labels.append(risk > 0 ? 1 : 0)
        }
    }

    var byName: [ColumnValues] { values.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.name, $0.values) }) } }

    /// Bins every column, fits, and makes a scorecard.
    func scorecard(
        scale: ScorecardScale = .usual, base: Scorecard.Base = .spread, guard least: DisclosureGuard = .small
    ) throws -> Scorecard {
        var inputs: [Scorecard.Input] = []
        for (party, own) in values.enumerated() {
            for column in own {
                let partition = try FinePartition(
                    column: column.name, values: column.values, specials: [-999], method: .quantiles(bins: 20),
                    guard: least)
                let counts = try FineCounts(partition, values: column.values, labels: labels)
                let table = try BinningRule.optimal(most: 5).table(counts, guard: least)
                inputs.append(Scorecard.Input(party: party, column: try WoeColumn(partition, table)))
            }
        }
        let columns = inputs.map { input in
            LogisticRegression.Column(
                name: Scorecard.label(input.party, input.column.name),
                values: input.column.transform(values[input.party].first { $0.name == input.column.name }!.values))
        }
        let fit = try LogisticRegression().fit(columns, labels: labels)
        return try Scorecard(fit, columns: inputs, scale: scale, base: base)
    }
}
