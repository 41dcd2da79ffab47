import Faults
import HomomorphicEncryption
import JobsTestKit
import Modeling
import ResourcesTestKit

@testable import Modeling
@testable import TaskRuntime

/// Weights of evidence of parties in memory: tables made at random, keys too short for anything but tests.
struct WoeWorld: Operator {
    var tables: [BoostTable]
    let setting: TaskSetting
    /// What each party remembers, by owner.
    var remembered: [[Int: [UInt8]]]
    var scheme = BoostWorld.scheme

    /// - Parameters:
    ///   - columns: of each party, the guest first.
    ///   - parameters: those that are not left at their defaults.
    init(rows: Int, columns: [Int], seed: UInt64, _ parameters: [String: ParameterValue] = [:]) {
        var numbers = SeededGenerator(seed: seed)
        let hidden = (0..<rows).map { _ in Double.random(in: -1...1, using: &numbers) }
        let labels = hidden.map { $0 + Double.random(in: -0.8...0.8, using: &numbers) > 0.5 ? 1.0 : 0 }
        let keys = (0..<rows).map { RowKey.key(of: "row \($0)") }
        var all: [BoostTable] = []
        for (party, count) in columns.enumerated() {
            var features: [(name: String, values: [Double])] = []
            for column in 0..<count {
                let values = (0..<rows).map { row -> Double in
                    let value = hidden[row] * Double(column % 3) + Double.random(in: -1...1, using: &numbers)
                    let chance = Double.random(in: 0...1, using: &numbers)
                    switch column % 5 {
                    // Few values; missing ones, many and few; special ones; one value alone.
                    case 0: return (value * 3).rounded()
                    case 1: return chance < 0.2 ? .nan : value
                    case 2: return chance < 0.15 ? -999 : chance < 0.16 ? .nan : value
                    case 3: return value
                    default: return 7
                    }
                }
                features.append(("c\(column)", values))
            }
            all.append(
                BoostTable(
                    keys: keys, rows: Array(0..<rows), features: features, extra: party > 0 ? [:] : ["y": labels],
                    digest: [UInt8](repeating: 5, count: 32)))
        }
        tables = all
        let hosts = columns.count - 1
        func each(_ text: String) -> ParameterValue {
            .text([String](repeating: text, count: hosts).joined(separator: ";"))
        }
        var given: [String: ParameterValue] = [
            "guestDataset": .text("g"), "hostDatasets": each("h"), "guestKey": .text("id"), "hostKeys": each("id"),
            "label": .text("y"), "rows": .integer(Int64(rows)), "specials": .text("-999"),
            "hostColumnLimit": .integer(Int64(max(1, columns.dropFirst().max() ?? 1))),
        ]
        given.merge(parameters) { $1 }
        let parties =
            [TaskParty(site: "s0", role: "guest")] + (1...hosts).map { TaskParty(site: "s\($0)", role: "host") }
        setting = TaskSetting.example(of: WoeOperator(), parameters: given, parties: parties)
        remembered = parties.map { _ in [:] }
    }

    private var subject: WoeOperator { WoeOperator(shape: { [scheme] _ in scheme.shape }) }

    var description: OperatorDescription { subject.description }

    func plan() throws(Fault) -> WoePlan { try WoePlan(setting, shape: scheme.shape) }

    func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let tables = tables
        return try subject.makeProtocol(
            setting, party: party, data: TaskData(columns: remembered[party], threads: data.threads), scheme: scheme
        ) { plan, place throws(Fault) in
            tables[place].selecting { plan.learns(from: $0) }
        }
    }

    /// Takes in what every party remembers after a run.
    mutating func remember(_ lefts: [TaskLeft?]) throws {
        for party in setting.parties.indices {
            guard let left = lefts[party] else { continue }
            for kept in description.keeps(setting, party) {
                remembered[party][kept.owner] = try subject.columns(
                    of: kept.owner, before: remembered[party][kept.owner], from: left, setting, party: party)
            }
        }
    }

    /// What one place finds that has all columns and labels.
    func centralised() throws -> [WoePart] {
        let plan = try plan()
        let tables = tables.map { table in table.selecting { plan.learns(from: $0) } }
        let labels = tables[0].extra["y"]!
        return try tables.enumerated().map { party, table in
            try WoePart(
                table.features.enumerated().map { number, feature in
                    let edges = plan.edges[WoeColumnName(party: party, name: feature.name)]
                    let partition = try FinePartition(
                        column: feature.name, values: feature.values, specials: plan.specials,
                        method: edges.map { .manual($0) } ?? plan.method)
                    let counts = try FineCounts(partition, values: feature.values, labels: labels)
                    let isNamed = plan.sources[party].features != nil || party == 0
                    let rule = plan.rule(
                        of: WoeColumnName(party: party, name: isNamed ? feature.name : "\(number + 1)"))
                    do {
                        return try WoePart.Column(partition, MergedBins(rule.table(counts)))
                    } catch let fault as Fault where fault.is(ModelingFaults.binGuard) {
                        return try WoePart.Column(partition, nil)
                    }
                })
        }
    }
}

extension TaskRun {
    /// What is left at each party: its output, or its last checkpoint.
    var lefts: [TaskLeft?] {
        parties.indices.map { party in
            if let output = outputs[party] { return .output(output) }
            return checkpoints[party].last.map { .checkpoint($0.state) }
        }
    }
}
