import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct ModelTests {
    private let sample: Sample
    private let model: BoostedModel

    init() throws {
        var random = SeededGenerator.printed(for: "model")
        sample = Sample(rows: 300, columns: [3, 3, 2], objective: .binary, using: &random)
        var settings = BoostingSettings(objective: .binary)
        settings.trees = 5
        settings.depth = 4
        settings.cellGuard = 5
        model = try BoostingTrainer(settings).train(sample.data()).model
    }

    @Test func aModelComesBackFromItsBytes() throws {
        let again = try BoostedModel(bytes: model.bytes)
        #expect(again == model)
        #expect(again.bytes == model.bytes)
        #expect(try again.digest() == model.digest())
        #expect(try again.predictions(sample.byName) == model.predictions(sample.byName))
        // The guest's share: the structure and its own part.
        let guest = BoostedModel(structure: model.structure, parts: [model.parts[0]])
        #expect(try BoostedModel(bytes: guest.bytes) == guest)
    }

    @Test func noDamagedByteGivesAnotherModelAndNoneIsACrash() throws {
        let bytes = model.bytes
        var random = SeededGenerator.printed(for: "damage")
        for _ in 0..<Effort.runs(400) {
            var damaged = bytes
            switch Int.random(in: 0...2, using: &random) {
            case 0: damaged.removeLast(Int.random(in: 1...bytes.count, using: &random))
            case 1: damaged.append(0)
            default:
                damaged[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
            do throws(Fault) {
                // What is accepted is another model, in canonical bytes, and can be used.
                let other = try BoostedModel(bytes: damaged)
                #expect(other.bytes == damaged)
                // With more parties than parts it is the share of some, and has no joint digest.
                let digest = try? other.digest()
                let own = try? model.digest()
                #expect(digest != own)
                _ = other.dump
            } catch {
                #expect(error == Fault(ModelingFaults.encoding))
            }
        }
        #expect(throws: Fault(ModelingFaults.encoding)) { try ModelDigest(bytes: [1, 2]) }
    }

    @Test func theJointDigestIsMadeOfWhatEachPartyHas() throws {
        let salts: [[UInt8]] = [[], [1, 2, 3], [4]]
        let parts = zip(model.parts, salts).map { $0.digest(salt: $1) }
        #expect(try model.digest(salts: salts) == .joint(structure: model.structure.digest, parts: parts))
        #expect(try model.digest(salts: salts) != model.digest())
        #expect(try ModelDigest(bytes: parts[1].bytes) == parts[1])
        let lacking = BoostedModel(structure: model.structure, parts: Array(model.parts.dropLast()))
        #expect(throws: Fault(ModelingFaults.incomplete)) { try lacking.digest() }
        #expect(throws: Fault(ModelingFaults.incomplete)) { try lacking.scores(sample.byName) }
    }

    @Test func theDumpShowsWhatIsHereAndNoMore() {
        let dump = model.dump
        #expect(dump.contains("objective binary, 5 trees of depth 4") && dump.contains("guest p0c0 < "))
        #expect(dump.contains("host1 p1c") && dump.contains("host2 p2c"))
        let splits = model.parts.reduce(0) { $0 + $1.conditions.count }
        #expect(dump.split(separator: "\n").count { $0.contains(" -> ") } == splits)
        let guest = BoostedModel(structure: model.structure, parts: [model.parts[0]])
        #expect(guest.dump.contains("host1 -> ") && !guest.dump.contains("p1c"))
    }

    @Test func importanceAddsUpTheSplits() throws {
        let importance = model.importance
        #expect(importance.map(\.gain) == importance.map(\.gain).sorted(by: >))
        #expect(importance.reduce(0) { $0 + $1.splits } == model.parts.reduce(0) { $0 + $1.conditions.count })
        let gains = model.structure.trees.flatMap(\.nodes).reduce(0.0) { sum, node in
            if case .split(_, let gain, _, _) = node.content { sum + gain } else { sum }
        }
        #expect(abs(importance.reduce(0) { $0 + $1.gain } - gains) <= 1e-9 * gains)
        #expect(importance.allSatisfy { $0.cover > 0 && $0.column.hasPrefix("p\($0.party)") })
    }

    @Test func reasonsAddUpToTheScore() throws {
        let reasons = try model.reasons(sample.byName)
        let scores = try model.scores(sample.byName)
        for row in 0..<sample.rows {
            let sum = reasons.rows[row].reduce(reasons.expected, +)
            #expect(abs(sum - scores[row]) < 1e-9)
            let strongest = reasons.strongest(row: row, count: 2, raising: true)
            #expect(strongest.allSatisfy { $0.amount > 0 } && strongest.count <= 2)
            if strongest.count == 2 { #expect(strongest[0].amount >= strongest[1].amount) }
            #expect(reasons.strongest(row: row, count: 9, raising: false).allSatisfy { $0.amount < 0 })
        }
    }

    /// By the definition: over all sets of columns, what the score is expected to be with and without one more.
    @Test func reasonsAreShapleyValues() throws {
        let reasons = try model.reasons(sample.byName)
        let columns = reasons.columns
        #expect(columns.count >= 4)
        let factorials = (0...columns.count).map { (1...max($0, 1)).reduce(1.0) { $0 * Double($1) } }
        for row in [0, 7, 42] {
            let values = (0..<1 << columns.count).map { expected(row: row, known: $0, columns) }
            for column in columns.indices {
                var sum = 0.0
                for set in values.indices where set & 1 << column == 0 {
                    let size = set.nonzeroBitCount
                    let weight = factorials[size] * factorials[columns.count - size - 1] / factorials[columns.count]
                    sum += weight * (values[set | 1 << column] - values[set])
                }
                #expect(abs(sum - reasons.rows[row][column]) < 1e-9, "row \(row), \(columns[column])")
            }
        }
    }

    @Test func columnsThatDoNotFitAreRefused() throws {
        var values = sample.byName
        values[1] = [:]
        #expect(throws: Fault(ModelingFaults.scoring)) { try model.scores(values) }
        values = sample.byName
        values[0]["p0c0"]?.removeLast()
        #expect(throws: Fault(ModelingFaults.scoring)) { try model.scores(values) }
        #expect(throws: Fault(ModelingFaults.scoring)) { try model.scores([sample.byName[0]]) }
    }

    /// What the trees give on average when only the columns of a set are known.
    private func expected(row: Int, known: Int, _ columns: [Reasons.Column]) -> Double {
        var total = model.structure.baseScore
        for (index, tree) in model.structure.trees.enumerated() {
            func walk(_ node: Int) -> Double {
                switch tree.nodes[node].content {
                case .leaf(let value): return Double(value)
                case .split(let owner, _, let left, let right):
                    let condition = model.parts[owner].conditions.first { $0.tree == index && $0.node == node }!
                    let name = model.parts[owner].columns[condition.column]
                    let place = columns.firstIndex { $0.party == owner && $0.name == name }!
                    if known & 1 << place != 0 {
                        return walk(condition.goesLeft(sample.byName[owner][name]![row]) ? left : right)
                    }
                    let sums = [left, right].map { Double(tree.nodes[$0].sums.second) }
                    return (walk(left) * sums[0] + walk(right) * sums[1]) / (sums[0] + sums[1])
                }
            }
            total += walk(0)
        }
        return total
    }
}
