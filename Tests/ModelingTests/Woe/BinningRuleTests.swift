import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct BinningRuleTests {
    @Test func theBestDivisionIsTheOneFoundByTryingAll() throws {
        let vectors = try ScorecardVectors.read()
        #expect(vectors.optimal.count == 16)
        for vector in vectors.optimal {
            let counts = try FineCounts.made(goods: vector.goods, bads: vector.bads)
            let least = DisclosureGuard(unchecked: vector.percent, bads: vector.least, goods: vector.least)
            let trend = try #require(BinningRule.Trend(rawValue: vector.trend))
            let starts = OptimalBins(counts, least).starts(most: vector.most, trend: trend)
            #expect(starts == vector.starts, "\(vector.trend) \(vector.goods) \(vector.bads)")
        }
    }

    @Test func bestDivisionsAreMonotoneAndMeetTheGuardWhateverTheCounts() throws {
        var random = SeededGenerator.printed(for: "optimal bins")
        var found = 0
        for _ in 0..<Effort.runs(40) {
            let fine = Int.random(in: 2...25, using: &random)
            let rows = (0..<fine).map { _ in Int.random(in: 0...400, using: &random) }
            let bads = rows.map { $0 * Int.random(in: 5...60, using: &random) / 100 }
            let others = [
                BinCounts(goods: Int.random(in: 0...150, using: &random), bads: Int.random(in: 0...60, using: &random))
            ]
            let counts = try FineCounts.made(goods: zip(rows, bads).map { $0 - $1 }, bads: bads, others: others)
            guard let table = try? BinningRule.optimal(most: 6).table(counts) else { continue }
            found += 1
            let own = table.bins.map(\.counts)
            #expect(own.allSatisfy { DisclosureGuard.required.allows($0, of: counts.total.rows) })
            #expect(own.total == counts.total && own.count <= 7)
            let isJoined = table.groups.ordinaryBins(of: table.groups.assignment[fine]) != nil
            let ordinary = own.indices.filter { table.groups.ordinaryBins(of: $0) != nil }
            #expect(isJoined || ordinary.count < 2 || table.direction != nil)
        }
        #expect(found > 5)
    }

    @Test func equalBadRatesAreNeverApart() throws {
        let counts = try FineCounts.made(rows: 500, percent: [10, 10, 20, 20, 20, 40])
        for trend in [BinningRule.Trend.free, .rising, .monotone] {
            let groups = try BinningRule.optimal(most: 10, trend: trend).groups(counts)
            #expect(groups.assignment == [0, 0, 1, 1, 1, 2])
        }
        #expect(throws: Fault(ModelingFaults.binGuard)) {
            try BinningRule.optimal(trend: .falling).groups(counts)
        }
    }

    @Test func fewerBinsGoBeforeMoreAndLowerEdgesBeforeHigherOnes() throws {
        // Mirrored rates: two divisions in two bins have the same IV.
        let counts = try FineCounts.made(goods: [80, 70, 80], bads: [20, 30, 20])
        let least = DisclosureGuard(unchecked: 0, bads: 1, goods: 1)
        #expect(OptimalBins(counts, least).starts(most: 2, trend: .free) == [1])
        #expect(OptimalBins(counts, least).starts(most: 3, trend: .free) == [1, 2])
        #expect(OptimalBins(counts, least).starts(most: 3, trend: .monotone) == [1])
    }

    @Test func chiSquareIsThatOfScipyAndMergesTheMostAlikeFirst() throws {
        let vectors = try ScorecardVectors.read()
        #expect(vectors.chiSquare.count == 20)
        for vector in vectors.chiSquare {
            let bins = vector.table.map { BinCounts(goods: $0[0], bads: $0[1]) }
            let found = ChiMerge.chiSquare(bins[0], bins[1])
            #expect(abs(found - vector.value) <= 1e-11 * max(1, vector.value))
        }
        let counts = try FineCounts.made(rows: 400, percent: [10, 11, 30, 31, 50])
        #expect(try BinningRule.chiMerge().groups(counts).assignment == [0, 0, 1, 1, 2])
        #expect(try BinningRule.chiMerge(most: 2, threshold: 0).groups(counts).assignment == [0, 0, 1, 1, 1])
        #expect(try BinningRule.chiMerge(threshold: 0).groups(counts).count == 5)
        #expect(ChiMerge.chiSquare(BinCounts(), BinCounts(goods: 1, bads: 1)) == 0)
    }

    @Test func quantilesHoldAboutEquallyManyRows() throws {
        let counts = try FineCounts.made(rows: 200, percent: [Int](repeating: 20, count: 49) + [40])
        let groups = try BinningRule.quantiles(bins: 10).groups(counts)
        #expect(groups.count == 10 && groups.counts(counts.all).allSatisfy { $0.rows == 1000 })
    }

    @Test func smallBinsJoinUntilTheGuardIsMet() throws {
        let counts = try FineCounts.made(
            goods: [900, 950, 30, 990], bads: [200, 40, 2, 19], others: [BinCounts(goods: 2, bads: 9)])
        for rule in [BinningRule.chiMerge(threshold: 0), .quantiles(bins: 4), .optimal()] {
            let table = try rule.table(counts)
            #expect(table.bins.allSatisfy { DisclosureGuard.required.allows($0.counts, of: counts.total.rows) })
            // The few missing rows are with the bin that has most, whatever their labels.
            let fullest = try #require(table.bins.map(\.counts.rows).max())
            #expect(table.bins[table.groups.assignment[4]].counts.rows == fullest)
        }
    }

    @Test func whereASmallSpecialBinGoesTellsNothingOfItsLabels() throws {
        for (goods, bads) in [(30, 0), (0, 30), (15, 15)] {
            let counts = try FineCounts.made(
                goods: [400, 700, 500], bads: [300, 100, 30], others: [BinCounts(goods: goods, bads: bads)])
            for rule in [BinningRule.optimal(), .chiMerge(), .quantiles(bins: 3), .starts([1, 2])] {
                let groups = try rule.groups(counts)
                #expect(groups.assignment == [0, 1, 2, 1])
                #expect(
                    groups.counts(counts.all).allSatisfy { DisclosureGuard.required.allows($0, of: counts.total.rows) })
            }
        }
        // Equally many rows: the lower bin.
        let equal = try FineCounts.made(
            goods: [400, 300], bads: [100, 200], others: [BinCounts(goods: 0, bads: 30)])
        #expect(try BinningRule.starts([1]).groups(equal).assignment == [0, 1, 0])
    }

    @Test func countsThatWouldOverflowAreRefused() throws {
        for goods in [[Int.max, 1], [1 << 31, 1], [(1 << 31) + 1], [-1, 2], [], [Int](repeating: 1, count: 256)] {
            #expect(throws: Fault(ModelingFaults.finePartition)) {
                try FineCounts.made(goods: goods, bads: goods.map { _ in 0 })
            }
        }
        #expect(throws: Fault(ModelingFaults.finePartition)) {
            try FineCounts.made(goods: [1], bads: [1], others: [BinCounts](repeating: BinCounts(), count: 66))
        }
        let most = try FineCounts.made(goods: [1 << 29, 1 << 30], bads: [1 << 28, 1 << 28])
        #expect(try BinningRule.optimal().groups(most).count == 2 && most.total.rows == FineCounts.mostRows)
    }

    @Test func smallSpecialBinsArePutTogetherBeforeTheyJoinAnOrdinaryOne() throws {
        let others = [BinCounts(goods: 45, bads: 15), BinCounts(goods: 300, bads: 90), BinCounts(goods: 45, bads: 15)]
        let counts = try FineCounts.made(goods: [800, 700], bads: [80, 150], others: others)
        let groups = try BinningRule.starts([1]).groups(counts)
        #expect(groups.assignment == [0, 1, 2, 3, 2])
    }

    @Test func startsByHandHaveToMeetTheGuard() throws {
        let counts = try FineCounts.made(goods: [190, 30, 800], bads: [40, 19, 100])
        #expect(try BinningRule.starts([2]).groups(counts).assignment == [0, 0, 1])
        let fault = #expect(throws: Fault(ModelingFaults.binGuard)) { try BinningRule.starts([1, 2]).groups(counts) }
        #expect(fault?.what.contains("bin 1 of 3") == true)
        #expect(throws: Fault(ModelingFaults.binGuard)) { try BinningRule.starts([]).groups(counts) }
        #expect(throws: Fault(ModelingFaults.binGroups)) { try BinningRule.starts([3]).groups(counts) }
    }

    @Test func settingsOutOfRangeAndOneClassAreRefused() throws {
        let counts = try FineCounts.made(rows: 400, percent: [10, 20])
        for rule in [BinningRule.optimal(most: 1), .optimal(most: 21), .chiMerge(most: 1), .quantiles(bins: 0)] {
            #expect(throws: Fault(ModelingFaults.binGroups)) { try rule.groups(counts) }
        }
        #expect(throws: Fault(ModelingFaults.label)) {
            try BinningRule.optimal().groups(.made(goods: [400, 400], bads: [0, 0]))
        }
    }

    @Test func twentyBadsAndTwentyGoodsAreEnoughAndOneLessIsNot() throws {
        let enough = try FineCounts.made(goods: [20, 30], bads: [30, 20])
        #expect(try BinningRule.optimal().groups(enough).count == 2)
        for short in [(goods: [19, 31], bads: [31, 19]), (goods: [20, 31], bads: [30, 19])] {
            let counts = try FineCounts.made(goods: short.goods, bads: short.bads)
            for rule in [BinningRule.optimal(), .chiMerge(), .quantiles(bins: 2), .starts([1])] {
                #expect(throws: Fault(ModelingFaults.binGuard)) { try rule.groups(counts) }
            }
        }
    }
}
