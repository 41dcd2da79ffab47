import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct ScorecardTests {
    @Test func theScaleIsTheUsualOne() throws {
        // Siddiqi's figures: 600 points at 20 : 1 or 50 : 1, 20 points double the odds.
        #expect(abs(ScorecardScale.usual.factor - 28.853_900_8) < 1e-6)
        #expect(abs(ScorecardScale.usual.offset - 513.561_438) < 1e-5)
        #expect(abs(try ScorecardScale(odds: 50).offset - 487.122_877) < 1e-5)
        let scale = try ScorecardScale(pdo: 50, base: 500, odds: 30, decimals: 2)
        #expect(abs(scale.score(logOdds: -Elementary.log(30)) - 500) < 1e-9)
        #expect(abs(scale.score(logOdds: -Elementary.log(60)) - 550) < 1e-9)
        #expect(abs(scale.logOdds(score: 550) + Elementary.log(60)) < 1e-12)
    }

    @Test func scalesOutOfRangeAreRefused() throws {
        for (pdo, base, odds, decimals) in [
            (0.0, 600.0, 20.0, 0), (10_001, 600, 20, 0), (20, .nan, 20, 0), (20, 1e7, 20, 0), (20, 600, 0, 0),
            (20, 600, .infinity, 0), (20, 600, 20, 4), (20, 600, 20, -1), (.nan, 600, 20, 0),
        ] {
            #expect(throws: Fault(ModelingFaults.scorecard)) {
                try ScorecardScale(pdo: pdo, base: base, odds: odds, decimals: decimals)
            }
        }
    }

    @Test func pointsAreWrittenExactly() throws {
        let scale = try ScorecardScale(decimals: 2)
        #expect([0, 5, -5, 100, -1234, 60].map(scale.text) == ["0.00", "0.05", "-0.05", "1.00", "-12.34", "0.60"])
        #expect(ScorecardScale.usual.text(-3) == "-3" && scale.points(-1234) == -12.34)
    }

    @Test func pointsReproduceTheLogOddsWithinTheRoundingBound() throws {
        var random = SeededGenerator.printed(for: "points")
        for _ in 0..<Effort.runs(6) {
            let sample = ScorecardSample(rows: 600, columns: [["a", "b"], ["a"]], using: &random)
            for base in [Scorecard.Base.spread, .apart] {
                let scale = try ScorecardScale(
                    pdo: Double.random(in: 5...80, using: &random), base: Double.random(in: -200...900, using: &random),
                    odds: Double.random(in: 0.5...60, using: &random), decimals: Int.random(in: 0...3, using: &random))
                let card = try sample.scorecard(scale: scale, base: base)
                let bound = Double(base == .spread ? 3 : 4) / 2 / Double(scale.unitsPerPoint)
                #expect(card.roundingBound == bound)
                let scores = try card.scores(sample.byName)
                var furthest = 0.0
                for (row, score) in scores.enumerated() {
                    let values = sample.values.joined().map { $0.values[row] }
                    furthest = max(furthest, abs(score - scale.score(logOdds: card.logOdds(values))))
                }
                #expect(furthest <= bound + 1e-9 * (1 + abs(scale.base)))
                // Parties' parts add up to the whole.
                let parts = try sample.byName.indices.map { try card.units(party: $0, sample.byName[$0]) }
                #expect(zip(parts[0], parts[1]).map { scale.points(card.baseUnits + $0 + $1) } == scores)
            }
        }
    }

    @Test func pointsApartFromTheBaseAreZeroWhereTheBinSaysNothing() throws {
        var random = SeededGenerator.printed(for: "base points")
        let sample = ScorecardSample(rows: 500, columns: [["a"]], using: &random)
        let card = try sample.scorecard(base: .apart)
        // Nothing was 1000 when the bins were made, so only missing and special values without rows would be empty; here a
        // bin of weight 0 is made by hand.
        let column = try ScorecardColumn(
            party: 0, partition: FinePartition(column: "z", edges: BinEdges([])),
            groups: BinGroups(ordinary: 1, assignment: [0, 1]), coefficient: 1, woe: [0.5, 0], units: [-14, 0],
            mean: -14)
        let more = try Scorecard(
            scale: card.scale, base: .apart, intercept: card.intercept, baseUnits: card.baseUnits,
            columns: card.columns + [column])
        let values = sample.byName.map { $0.merging(["z": sample.labels.map { _ in .nan }]) { $1 } }
        #expect(try more.scores(values) == card.scores(sample.byName))
        #expect(card.baseUnits == card.scale.units(card.scale.score(logOdds: card.intercept)) && card.baseUnits != 0)
    }

    @Test func riskierBinsHaveFewerPoints() throws {
        var random = SeededGenerator.printed(for: "sign")
        let sample = ScorecardSample(rows: 800, columns: [["a"], ["b"]], using: &random)
        let card = try sample.scorecard()
        for column in card.columns {
            #expect(column.coefficient > 0)
            let order = column.woe.indices.sorted { column.woe[$0] < column.woe[$1] }
            #expect(zip(order, order.dropFirst()).allSatisfy { column.units[$0] >= column.units[$1] })
        }
        let scores = try card.scores(sample.byName)
        #expect(try BinaryEvaluation(scores: scores.map { -$0 }, labels: sample.labels).auc().value > 0.6)
    }

    @Test func reasonsAreTheColumnsThatCostMost() throws {
        var random = SeededGenerator.printed(for: "reasons")
        let sample = ScorecardSample(rows: 400, columns: [["a", "b"], ["c"]], using: &random)
        let card = try sample.scorecard(scale: ScorecardScale(decimals: 1))
        let values = Array(sample.values.joined())
        for reference in [Scorecard.Reference.best, .mean] {
            let reasons = try card.reasons(sample.byName, against: reference, count: 2)
            for row in 0..<400 {
                let lost = card.columns.enumerated().map { place, column in
                    (reference == .best ? Double(column.best) / 10 : column.mean)
                        - Double(column.units(of: values[place].values[row])) / 10
                }
                let found = reasons[row]
                #expect(found.count == min(2, lost.count { $0 > 0 }))
                #expect(found.map(\.lost) == lost.filter { $0 > 0 }.sorted(by: >).prefix(2).map(\.self))
                for reason in found {
                    let place = try #require(
                        card.columns.firstIndex { $0.name == reason.column && $0.party == reason.party })
                    #expect(lost[place] == reason.lost)
                }
            }
        }
        #expect(try card.reasons(sample.byName, count: -1).allSatisfy(\.isEmpty))
        // Over all rows that were learnt from, what is lost and won against the mean is nothing.
        for (place, column) in card.columns.enumerated() {
            let sum = values[place].values.reduce(0.0) { $0 + Double(column.units(of: $1)) / 10 }
            #expect(abs(sum / 400 - column.mean) < 1e-9)
        }
    }

    @Test func whatDoesNotFitTogetherIsRefused() throws {
        var random = SeededGenerator.printed(for: "refused scorecards")
        let sample = ScorecardSample(rows: 400, columns: [["a", "b"]], using: &random)
        let card = try sample.scorecard()
        #expect(throws: Fault(ModelingFaults.scoring)) { try card.scores([["a": [1]]]) }
        #expect(throws: Fault(ModelingFaults.scoring)) { try card.scores([["a": [1], "b": [1, 2]]]) }
        #expect(throws: Fault(ModelingFaults.scoring)) { try card.scores([]) }
        #expect(throws: Fault(ModelingFaults.scoring)) { try card.units(party: 1, ["a": [1]]) }
        #expect(try card.scores([["a": [1], "b": [2], "other": []]]).count == 1)
        let column = card.columns[0]
        #expect(throws: Fault(ModelingFaults.scorecard)) {
            try Scorecard(scale: .usual, base: .spread, intercept: 0, baseUnits: 0, columns: [column, column])
        }
        #expect(throws: Fault(ModelingFaults.scorecard)) {
            try Scorecard(scale: .usual, base: .spread, intercept: 0, baseUnits: 1, columns: [column])
        }
        #expect(throws: Fault(ModelingFaults.scorecard)) {
            try Scorecard(scale: .usual, base: .apart, intercept: .nan, baseUnits: 1, columns: [column])
        }
        #expect(throws: Fault(ModelingFaults.scorecard)) {
            try ScorecardColumn(
                party: 0, partition: column.partition, groups: column.groups, coefficient: 1, woe: [], units: [],
                mean: 0)
        }
        // Numbers whose products would be infinite.
        for (coefficient, woe, mean) in [(1e13, 1.0, 0.0), (1, 1001, 0), (.nan, 1, 0), (1, .nan, 0), (1, 1, .infinity)]
        {
            #expect(throws: Fault(ModelingFaults.scorecard)) {
                try ScorecardColumn(
                    party: 0, partition: column.partition, groups: column.groups, coefficient: coefficient,
                    woe: column.woe.map { _ in woe }, units: column.units, mean: mean)
            }
        }
        #expect(throws: Fault(ModelingFaults.scorecard)) {
            try Scorecard(scale: .usual, base: .spread, intercept: 1e13, baseUnits: 0, columns: [column])
        }
    }
}
