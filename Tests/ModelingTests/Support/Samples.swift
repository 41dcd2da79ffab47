import Foundation
import ResourcesTestKit

@testable import Modeling

/// Tables made up for tests: values on a few levels, so that ties and empty bins are common; some missing.
struct Sample {
    var keys: [UInt64]
    var labels: [Double]
    var weights: [Double]?
    /// By party.
    var values: [[(name: String, values: [Double])]]

    var rows: Int { keys.count }

    init(
        rows: Int, columns: [Int], objective: Objective, isWeighted: Bool = false, levels: Int = 12,
        missing: Double = 0.1, using random: inout SeededGenerator
    ) {
        keys = (0..<rows).map { _ in random.next() }
        values = columns.enumerated().map { party, count in
            (0..<count).map { column in
                let isMissing = column % 3 == 1
                let name = "p\(party)c\(column)"
                return (
                    name,
                    (0..<rows).map { _ in
                        if isMissing, Double.random(in: 0..<1, using: &random) < missing { return .nan }
                        return Double(Int.random(in: 0..<levels, using: &random)) / 4 - 1
                    }
                )
            }
        }
        // Parties may hold the same, so that their splits tie.
        for party in values.indices.dropFirst() where values[party].count > 1 {
            if let shared = values[0].first, Bool.random(using: &random) { values[party][1].values = shared.values }
        }
        labels = []
        for row in 0..<rows {
            var score = Double.random(in: -1...1, using: &random)
            for party in values {
                for (place, column) in party.enumerated() where place < 3 {
                    let value = column.values[row]
                    score += value.isNaN ? 0.7 : (place == 0 ? value : value * value / 2 - 0.5)
                }
            }
            switch objective {
            case .binary: labels.append(score > 0.3 ? 1 : 0)
            case .squared: labels.append(score * 10 + 3)
            }
        }
        weights = isWeighted ? (0..<rows).map { _ in Double.random(in: 0.2...5, using: &random) } : nil
    }

    func parties(bins: Int = 32) throws -> [PartyColumns] {
        try values.map { try PartyColumns(binning: $0, bins: bins) }
    }

    func data(bins: Int = 32) throws -> TrainingData {
        try TrainingData(keys: keys, labels: labels, weights: weights, parties: parties(bins: bins))
    }

    var byName: [ColumnValues] {
        values.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.name, $0.values) }) }
    }

    /// The same rows in another order.
    func reordered(_ order: [Int]) -> Sample {
        var other = self
        other.keys = order.map { keys[$0] }
        other.labels = order.map { labels[$0] }
        other.weights = weights.map { weights in order.map { weights[$0] } }
        other.values = values.map { $0.map { column in (column.name, order.map { column.values[$0] }) } }
        return other
    }
}

extension BoostingSettings {
    /// Settings that a small sample can bear, with everything turned on at random.
    static func random(_ objective: Objective, using random: inout SeededGenerator) -> BoostingSettings {
        var settings = BoostingSettings(objective: objective)
        settings.trees = Int.random(in: 1...5, using: &random)
        settings.depth = Int.random(in: 1...5, using: &random)
        settings.rate = [0.1, 0.3, 1].randomElement(using: &random)!
        settings.l1 = [0, 0, 0.5].randomElement(using: &random)!
        settings.l2 = [0, 0.1, 1].randomElement(using: &random)!
        settings.minimumGain = [0, 0, 0.3].randomElement(using: &random)!
        settings.minimumChildWeight = [0, 1, 3].randomElement(using: &random)!
        settings.fractionBits = [8, 16, 24].randomElement(using: &random)!
        settings.rowShare = [1, 1, 0.7].randomElement(using: &random)!
        settings.columnShare = [1, 1, 0.6].randomElement(using: &random)!
        settings.seed = random.next()
        settings.baseScore = [nil, nil, 0.4].randomElement(using: &random)!
        settings.cellGuard = [0, 2, 5, 20].randomElement(using: &random)!
        settings.firstTreeByGuestAlone = Bool.random(using: &random)
        settings.validationShare = [0, 0.2].randomElement(using: &random)!
        if settings.validationShare > 0 { settings.patience = [0, 1, 2].randomElement(using: &random)! }
        return settings
    }
}
