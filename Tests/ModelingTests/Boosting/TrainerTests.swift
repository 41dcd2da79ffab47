import Faults
import Foundation
import ResourcesTestKit
import Synchronization
import Testing

@testable import Modeling

@Suite struct TrainerTests {
    @Test(arguments: Objective.allCases)
    func orderOfRowsAndThreadsMakeNoDifference(objective: Objective) throws {
        var random = SeededGenerator.printed(for: "order of rows and threads")
        for _ in 0..<Effort.runs(6) {
            let sample = Sample(
                rows: 300, columns: [3, 4], objective: objective, isWeighted: Bool.random(using: &random),
                using: &random)
            let settings = BoostingSettings.random(objective, using: &random)
            let digest = try BoostingTrainer(settings).train(sample.data()).model.digest()
            let shuffled = sample.reordered(Array(0..<300).shuffled(using: &random))
            #expect(try BoostingTrainer(settings).train(shuffled.data()).model.digest() == digest)
            #expect(try BoostingTrainer(settings, work: Self.threads).train(sample.data()).model.digest() == digest)
            #expect(try BoostingTrainer(settings, work: Self.backwards).train(sample.data()).model.digest() == digest)
        }
    }

    /// Only among equal gains does the order of columns say which comes first, so with values that do not tie the model is
    /// the same but for the columns' places.
    @Test func orderOfColumnsMakesNoDifferenceWithoutTies() throws {
        var random = SeededGenerator.printed(for: "order of columns")
        var sample = Sample(rows: 400, columns: [3, 3], objective: .squared, using: &random)
        for party in 0..<2 {
            for column in 0..<3 {
                for row in 0..<400 {
                    sample.values[party][column].values[row] += Double.random(in: 0..<1, using: &random)
                }
            }
        }
        var settings = BoostingSettings(objective: .squared)
        settings.columnShare = 0.7
        settings.cellGuard = 5
        // Small nodes tie after all: many columns divide three rows in the same way.
        settings.depth = 2
        settings.trees = 6
        settings.minimumChildWeight = 40
        let straight = try BoostingTrainer(settings).train(sample.data()).model
        var turned = sample
        turned.values = sample.values.map { $0.reversed() }
        let reversed = try BoostingTrainer(settings).train(turned.data()).model
        #expect(straight.structure == reversed.structure)
        for (part, other) in zip(straight.parts, reversed.parts) {
            #expect(
                part.conditions.map { part.columns[$0.column] } == other.conditions.map { other.columns[$0.column] })
        }
    }

    @Test func scoresOfTheModelAreThoseThatTrainingEndedWith() throws {
        var random = SeededGenerator.printed(for: "scores")
        for objective in Objective.allCases {
            let sample = Sample(rows: 200, columns: [2, 3], objective: objective, using: &random)
            var settings = BoostingSettings(objective: objective)
            settings.rowShare = 0.6
            settings.validationShare = 0.2
            settings.cellGuard = 3
            settings.trees = 7
            let result = try BoostingTrainer(settings).train(sample.data())
            let scores = try result.model.scores(sample.byName)
            var label = try LabelSide(settings, keys: sample.keys, labels: sample.labels, weights: nil)
            label.add(leaves: scores.map { Float($0 - label.baseScore) })
            let end = label.losses()
            let last = try #require(result.losses.last)
            #expect(result.losses.count == 7)
            #expect(abs(end.training - last.training) <= 1e-5 * last.training)
            #expect(abs(try #require(end.validation) - #require(last.validation)) <= 1e-5 * last.training)
            // Every tree lowers the loss of what it learns from.
            #expect(last.training < result.losses[0].training)
        }
    }

    @Test func trainingStopsAfterThePatienceAndKeepsTheBestTrees() throws {
        var random = SeededGenerator.printed(for: "early stopping")
        var sample = Sample(rows: 240, columns: [4], objective: .binary, using: &random)
        // Labels that no column explains: more trees only learn noise.
        sample.labels = sample.labels.map { _ in Bool.random(using: &random) ? 1 : 0 }
        var settings = BoostingSettings(objective: .binary)
        settings.trees = 200
        settings.rate = 1
        settings.validationShare = 0.4
        settings.patience = 3
        let result = try BoostingTrainer(settings).train(sample.data())
        let validation = result.losses.compactMap(\.validation)
        let best = try #require(validation.indices.min { (validation[$0], $0) < (validation[$1], $1) }) + 1
        #expect(validation.count == best + 3 && validation.count < 200)
        #expect(result.model.structure.trees.count == best)
        #expect(result.model.parts.allSatisfy { $0.conditions.allSatisfy { $0.tree < best } })
        // The same trees as without stopping.
        settings.patience = 0
        settings.trees = best
        let plain = try BoostingTrainer(settings).train(sample.data()).model
        #expect(plain.structure.trees == result.model.structure.trees)
    }

    @Test func aWeightOfTwoIsTheRowTwice() throws {
        // With weights 1 and 2 fixed-point weights are exact; a repeated row has another key, which squared loss and no
        // sampling do not look at.
        var random = SeededGenerator.printed(for: "weights")
        var sample = Sample(rows: 150, columns: [3], objective: .squared, isWeighted: true, using: &random)
        sample.labels = sample.labels.map { ($0 * 4).rounded() / 4 }
        sample.weights = sample.keys.map { _ in Bool.random(using: &random) ? 2 : 1 }
        sample.weights?[0] = 2
        let twice = (0..<150).flatMap { row in [Int](repeating: row, count: Int(sample.weights![row])) }
        var repeated = sample.reordered(twice)
        repeated.weights = nil
        repeated.keys = repeated.keys.indices.map { UInt64($0) }
        var settings = BoostingSettings(objective: .squared)
        settings.baseScore = 2
        settings.trees = 1
        let parties = try sample.parties()
        let weighted = try BoostingTrainer(settings).train(sample.data()).model
        let doubled = try BoostingTrainer(settings).train(
            TrainingData(
                keys: repeated.keys, labels: repeated.labels,
                parties: [
                    PartyColumns(
                        parties[0].columns.map { column in
                            try BinnedColumn(
                                name: column.name, codes: twice.map { column.codes[$0] }, edges: column.edges)
                        })
                ])
        ).model
        let conditions = weighted.parts[0].conditions
        #expect(!conditions.isEmpty && conditions == doubled.parts[0].conditions)
        for (one, other) in zip(weighted.structure.trees[0].nodes, doubled.structure.trees[0].nodes) {
            guard case .leaf(let a) = one.content, case .leaf(let b) = other.content else { continue }
            #expect(abs(a - b) <= 1e-4 * max(1, abs(a)))
        }
    }

    @Test func equalSplitsBelongToTheGuestThenToTheFirstHostAndTheFirstColumn() throws {
        let labels = (0..<100).map { $0 < 50 ? 0.0 : 1 }
        let column = (0..<100).map { Double($0 / 10) }
        let noise = (0..<100).map { Double($0 % 2) }
        var settings = BoostingSettings(objective: .binary)
        settings.trees = 1
        settings.depth = 1
        settings.cellGuard = 5
        settings.firstTreeByGuestAlone = false
        func owner(_ parties: [[[Double]]]) throws -> [Int] {
            let columns = try parties.map { party in
                try PartyColumns(binning: party.enumerated().map { ("c\($0.offset)", $0.element) })
            }
            let data = try TrainingData(keys: (0..<100).map { UInt64($0) }, labels: labels, parties: columns)
            let model = try BoostingTrainer(settings).train(data).model
            return model.parts.flatMap { part in part.conditions.flatMap { [part.party, $0.column] } }
        }
        #expect(try owner([[noise, column, column], [column], [column]]) == [0, 1])
        #expect(try owner([[noise], [noise, column, column], [column]]) == [1, 1])
        #expect(try owner([[noise], [noise], [column]]) == [2, 0])
    }

    /// What a guest does with sums of either side that it cannot tell apart, and an owner with the ids that come back.
    @Test func theBestOfAllPlacesByTheirSumsAloneIsWhatTheSearchFinds() throws {
        var random = SeededGenerator.printed(for: "places")
        for _ in 0..<Effort.runs(30) {
            let sample = Sample(rows: 120, columns: [4], objective: .binary, missing: 0.3, using: &random)
            let party = try sample.parties()[0]
            let all = (0..<120).map { Int32($0) }
            let gradients = Objective.binary.gradients(
                scores: sample.keys.map { _ in 0 }, labels: sample.labels, weights: nil, rows: all, bits: 16)
            let node = NodeRows(all.filter { _ in Bool.random(using: &random) }, of: gradients)
            let rule = SplitRule(l1: 0, l2: 0.1, minimumGain: 0, minimumChildWeight: 1, units: gradients.units)
            let side = PartySide(party: 1, columns: party, settings: BoostingSettings(objective: .binary))
            let histogram = PartyHistogram(party, used: Array(0..<4), over: node)
            let cells = party.columns.enumerated().map { place, column in
                let counts = column.counts(of: node.rows)
                #expect(counts == histogram.columns[place].counts)
                return CellPartition.whole(bins: column.edges.bins).coarsened(counts: counts, sibling: nil, least: 4)
            }
            var best: (gain: Double, places: [SplitPlace])?
            let places = cells.enumerated().flatMap { column, cells in
                cells.places(column: column, hasMissing: histogram.columns[column].missing.rows > 0)
            }
            #expect(places == places.sorted() && Set(places).count == places.count)
            for place in places.shuffled(using: &random) {
                let goesLeft = side.directions(of: node.rows, by: place)
                let told = Bool.random(using: &random)
                let sums = NodeRows(zip(node.rows, goesLeft).filter { $0.1 == told }.map(\.0), of: gradients).sums
                guard let gain = rule.gain(side: sums, total: node.sums, nodeScore: rule.score(node.sums)) else {
                    continue
                }
                if gain > best?.gain ?? 0 { best = (gain, []) }
                if gain == best?.gain { best?.places.append(place) }
            }
            let found = SplitSearch.best(histogram, total: node.sums, rule: rule, cells: cells)
            #expect(found?.gain.bitPattern == best?.gain.bitPattern && found?.place == best?.places.min())
        }
    }

    @Test func subtractionGivesTheHistogramOfTheOtherChild() throws {
        var random = SeededGenerator.printed(for: "subtraction")
        for _ in 0..<Effort.runs(20) {
            let sample = Sample(rows: 200, columns: [4], objective: .binary, using: &random)
            let party = try sample.parties()[0]
            let scores = sample.keys.map { _ in Double.random(in: -3...3, using: &random) }
            let all = (0..<200).map { Int32($0) }
            let gradients = Objective.binary.gradients(
                scores: scores, labels: sample.labels, weights: nil, rows: all, bits: 16)
            let isLeft = all.map { _ in Bool.random(using: &random) }
            let left = NodeRows(zip(all, isLeft).filter(\.1).map(\.0), of: gradients)
            let right = NodeRows(zip(all, isLeft).filter { !$0.1 }.map(\.0), of: gradients)
            let parent = PartyHistogram(party, used: [0, 1, 3], over: NodeRows(all, of: gradients))
            let child = PartyHistogram(party, used: [0, 1, 3], over: left)
            #expect(child.sibling(in: parent) == PartyHistogram(party, used: [0, 1, 3], over: right))
            for column in child.columns {
                #expect(column.cells.reduce(.zero) { $0 + $1 } == left.sums)
            }
        }
    }

    @Test func sumsDoNotOverflowAtTheLimits() {
        // As many rows as there may be, each with the largest gradients: 2^31 rows of 2^24 are 2^55.
        let most = GradientSums(first: 1 << 24 * 1, second: 1 << 24, rows: 1)
        var sums = most
        for _ in 0..<31 { sums = sums + sums }
        #expect(sums == GradientSums(first: 1 << 55, second: 1 << 55, rows: 1 << 31))
        #expect(GradientSums.zero - sums + sums == .zero)
    }

    @Test func gainIsTheSameWhenSidesChangePlaces() {
        var random = SeededGenerator.printed(for: "symmetry")
        let rule = SplitRule(
            l1: 0.3, l2: 0.1, minimumGain: 0, minimumChildWeight: 1, units: .init(first: 0x1p-16 / 3, second: 0x1p-16))
        for _ in 0..<2000 {
            func sums() -> GradientSums {
                GradientSums(
                    first: .random(in: -1 << 40...1 << 40, using: &random),
                    second: .random(in: 0...1 << 36, using: &random), rows: 5)
            }
            let (a, b) = (sums(), sums())
            let score = rule.score(a + b)
            let gain = rule.gain(side: a, total: a + b, nodeScore: score)
            #expect(gain?.bitPattern == rule.gain(side: b, total: a + b, nodeScore: score)?.bitPattern)
        }
    }

    @Test func aTreeWithoutRowsOrColumnsIsOneLeaf() throws {
        var settings = BoostingSettings(objective: .binary)
        settings.trees = 2
        let bare = try TrainingData(
            keys: [1, 2], labels: [0, 1], parties: [PartyColumns([]), PartyColumns(binning: [("a", [.nan, .nan])])])
        let model = try BoostingTrainer(settings).train(bare).model
        #expect(model.structure.trees.allSatisfy { $0.nodes.count == 1 })
        #expect(try model.predictions([[:], [:]]) == [])
        settings.rowShare = 1e-18
        let none = try BoostingTrainer(settings).train(bare).model
        #expect(none.structure.trees[0].nodes[0].content == .leaf(0))
    }

    @Test func badSettingsAndDataAreRefused() throws {
        var settings = BoostingSettings(objective: .binary)
        settings.trees = 0
        settings.rate = .nan
        settings.l2 = -1
        settings.patience = 3
        let fault = try #require(throws: Fault.self) { try settings.validate() }
        #expect(fault == Fault(ModelingFaults.settings))
        #expect(fault.parts.map(\.place) == ["trees", "rate", "l2", "patience"])
        let columns = try [PartyColumns(binning: [("a", [1, 2])])]
        #expect(throws: Fault(ModelingFaults.rows)) { try TrainingData(keys: [], labels: [], parties: columns) }
        #expect(throws: Fault(ModelingFaults.rows)) { try TrainingData(keys: [1, 2], labels: [0], parties: columns) }
        #expect(throws: Fault(ModelingFaults.rows)) { try TrainingData(keys: [1], labels: [0], parties: columns) }
        #expect(throws: Fault(ModelingFaults.rows)) { try TrainingData(keys: [1, 2], labels: [0, 1], parties: []) }
        #expect(throws: Fault(ModelingFaults.keyRepeated)) {
            try TrainingData(keys: [1, 1], labels: [0, 1], parties: columns)
        }
        for weights in [[1, 0], [1, -1], [.infinity, 1], [.nan, 1]] {
            #expect(throws: Fault(ModelingFaults.weight)) {
                try TrainingData(keys: [1, 2], labels: [0, 1], weights: weights, parties: columns)
            }
        }
        for (objective, label) in [(Objective.binary, 0.5), (.binary, .nan), (.squared, .infinity), (.squared, 1e31)] {
            let data = try TrainingData(keys: [1, 2], labels: [0, label], parties: columns)
            #expect(throws: Fault(ModelingFaults.label)) {
                try BoostingTrainer(BoostingSettings(objective: objective)).train(data)
            }
        }
        var held = BoostingSettings(objective: .binary)
        held.validationShare = 1.0.nextDown
        let data = try TrainingData(keys: [1, 2], labels: [0, 1], parties: columns)
        #expect(throws: Fault(ModelingFaults.rows)) { try BoostingTrainer(held).train(data) }
    }

    private static let backwards = ColumnWork { count, body in
        var results: [Int: ColumnHistogram] = [:]
        for place in (0..<count).reversed() { results[place] = body(place) }
        return (0..<count).map { results[$0]! }
    }

    private static let threads = ColumnWork { count, body in
        let results = Mutex<[Int: ColumnHistogram]>([:])
        DispatchQueue.concurrentPerform(iterations: count) { place in
            let result = body(place)
            results.withLock { $0[place] = result }
        }
        return results.withLock { results in (0..<count).map { results[$0]! } }
    }
}
