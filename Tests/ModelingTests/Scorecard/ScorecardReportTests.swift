import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct ScorecardReportTests {
    private func sample(_ rows: Int, using random: inout SeededGenerator) -> (scores: [Double], labels: [Double]) {
        let scores = (0..<rows).map { _ in Double(Int.random(in: 400...600, using: &random)) }
        let labels = scores.map { Double(Int.random(in: 350...650, using: &random)) > $0 ? 1.0 : 0 }
        return (scores, labels)
    }

    @Test func everyLineOfTheCutoffTableIsACountOfRows() throws {
        var random = SeededGenerator.printed(for: "cut-offs")
        for _ in 0..<Effort.runs(10) {
            let (scores, labels) = sample(300, using: &random)
            let table = try CutoffTable(scores: scores, labels: labels)
            #expect(table.lines.count == 20)
            #expect(table.lines[0].approvalRate == 1 && table.lines[0].cutoff == scores.min())
            for line in table.lines + [table.line(at: 512.5), table.line(at: 1000)] {
                let approved = scores.indices.filter { scores[$0] >= line.cutoff }
                let bads = approved.count { labels[$0] == 1 }
                #expect(line.approved == BinCounts(goods: approved.count - bads, bads: bads))
                #expect(line.approvalRate == Double(approved.count) / 300)
                #expect(line.badRate == (approved.isEmpty ? 0 : Double(bads) / Double(approved.count)))
                #expect(line.badsCaught == Double(labels.count { $0 == 1 } - bads) / Double(labels.count { $0 == 1 }))
            }
            // Steps of five in a hundred, the row at the cut-off approved.
            for (step, line) in table.lines.enumerated() {
                #expect(line.rejected.rows <= step * 15)
                #expect(scores.count { $0 <= line.cutoff } > step * 15)
            }
        }
        #expect(throws: Fault(ModelingFaults.evaluation)) { try CutoffTable(scores: [1, 2], labels: [0, 0]) }
        #expect(throws: Fault(ModelingFaults.scorecardReport)) {
            try CutoffTable(scores: [1, 2], labels: [0, 1], steps: 0)
        }
    }

    @Test func theSwapSetIsFourCellsOfRows() throws {
        let swap = try SwapSet(
            scores: [1, 5, 9, 5, 2], cutoff: 5, existing: [8, 8, 7, 1, 2], existingCutoff: 7, labels: [1, 0, 0, 1, 1])
        #expect(swap.approvedByBoth == BinCounts(goods: 2) && swap.swappedIn == BinCounts(bads: 1))
        #expect(swap.swappedOut == BinCounts(bads: 1) && swap.rejectedByBoth == BinCounts(bads: 1))
        #expect(try SwapSet.equalCutoff(scores: [1, 5, 9, 5, 2], cutoff: 5, existing: [8, 8, 7, 1, 2]) == 7)
        #expect(try SwapSet.equalCutoff(scores: [1, 5], cutoff: 6, existing: [3, 4]) == 4.0.nextUp)
        #expect(throws: Fault(ModelingFaults.scorecardReport)) {
            try SwapSet(scores: [1], cutoff: .nan, existing: [1], existingCutoff: 1, labels: [0])
        }
        #expect(throws: Fault(ModelingFaults.label)) {
            try SwapSet(scores: [1], cutoff: 1, existing: [1], existingCutoff: 1, labels: [3])
        }
        #expect(throws: Fault(ModelingFaults.scorecardReport)) {
            try SwapSet.equalCutoff(scores: [], cutoff: 1, existing: [])
        }
    }

    @Test func aSwapSetWithACellBelowTheGuardIsForTheHolderOfTheLabelsAlone() throws {
        // Of 1,000 rows the new score alone approves 50 with 20 bads, or one bad or one row less.
        for (bads, goods, isFine) in [(20, 30, true), (19, 37, false), (20, 29, false), (0, 0, true)] {
            func rows(_ new: Double, _ old: Double, _ bads: Int, _ goods: Int) -> [(Double, Double, Double)] {
                (0..<bads + goods).map { (new, old, $0 < bads ? 1 : 0) }
            }
            let others = 1000 - bads - goods
            let all =
                rows(1, 0, bads, goods) + rows(1, 1, 100, others - 500) + rows(0, 1, 100, 100) + rows(0, 0, 100, 100)
            let swap = try SwapSet(
                scores: all.map(\.0), cutoff: 1, existing: all.map(\.1), existingCutoff: 1, labels: all.map(\.2))
            #expect(swap.swappedIn == BinCounts(goods: goods, bads: bads))
            if isFine {
                try swap.check()
            } else {
                let fault = #expect(throws: Fault(ModelingFaults.binGuard)) { try swap.check() }
                #expect(fault.map { !$0.description.contains("\(goods)") } == true)
            }
        }
        #expect(throws: Fault(ModelingFaults.scorecardReport)) {
            try SwapSet.equalCutoff(scores: [1], cutoff: .nan, existing: [1])
        }
    }

    @Test func monthsThatAreTooSmallArePutTogether() throws {
        var random = SeededGenerator.printed(for: "months")
        let (scores, labels) = sample(1200, using: &random)
        // Every third month is a small one: 10 rows among 12.
        let sizes = [200, 10, 190, 190, 10, 200, 190, 200, 10]
        let months = sizes.enumerated().flatMap { [String](repeating: "2026-0\($0.offset + 1)", count: $0.element) }
        let found = try ScoreMonths(scores: scores, labels: labels, months: months, reference: scores)
        #expect(
            found.periods.map(\.months) == [
                "2026-01"..."2026-01", "2026-02"..."2026-03", "2026-04"..."2026-04", "2026-05"..."2026-06",
                "2026-07"..."2026-07", "2026-08"..."2026-09",
            ])
        #expect(found.periods.map(\.counts.rows) == [200, 200, 190, 210, 190, 210])
        #expect(found.periods.allSatisfy { DisclosureGuard.required.allows($0.counts, of: 1200) })
        #expect(found.periods[0].meanScore == scores[..<200].sorted().reduce(0, +) / 200)
        #expect(found.periods.allSatisfy { $0.verdict != .shifted })
        let last = try ScoreStability(reference: scores, actual: Array(scores[990...]))
        #expect(found.periods[5].stability == last.index && found.periods[5].verdict == last.verdict)
        let order = Array(0..<1200).shuffled(using: &random)
        let other = try ScoreMonths(
            scores: order.map { scores[$0] }, labels: order.map { labels[$0] }, months: order.map { months[$0] },
            reference: scores)
        #expect(other == found)
    }

    @Test func aShiftedMonthIsSeen() throws {
        var random = SeededGenerator.printed(for: "shift")
        let (scores, labels) = sample(800, using: &random)
        let months = (0..<800).map { $0 < 400 ? "a" : "b" }
        let moved = scores.enumerated().map { $0.offset < 400 ? $0.element : $0.element - 100 }
        let found = try ScoreMonths(scores: moved, labels: labels, months: months, reference: scores)
        #expect(found.periods.map(\.verdict) == [.stable, .shifted])
    }

    @Test func fewRowsOrWrongOnesAreRefused() throws {
        #expect(throws: Fault(ModelingFaults.binGuard)) {
            try ScoreMonths(scores: [1, 2], labels: [0, 1], months: ["a", "b"], reference: [1, 2])
        }
        #expect(throws: Fault(ModelingFaults.scorecardReport)) {
            try ScoreMonths(scores: [1, 2], labels: [0, 1], months: ["a"], reference: [1, 2])
        }
        #expect(throws: Fault(ModelingFaults.label)) {
            try ScoreMonths(scores: [1], labels: [0.5], months: ["a"], reference: [1, 2])
        }
    }

    @Test func stabilityOfCountsIsThatOfTheScores() throws {
        let reference = (0..<1000).map(Double.init)
        let actual = (0..<500).map { Double($0) * 1.5 }
        let one = try ScoreStability(reference: reference, actual: actual)
        let edges = try BinEdges.quantiles(of: reference, bins: 10)
        var rows = [Int](repeating: 0, count: 10)
        for score in actual { rows[Int(edges.code(score))] += 1 }
        let other = try ScoreStability(referenceRows: [Int](repeating: 100, count: 10), actualRows: rows)
        #expect(one == other && one.bands.count == 10)
        for (reference, actual) in [
            ([1], [1, 2]), ([0], [1]), ([-1, 2], [1, 1]), ([], []), ([.max, .max], [1, 1]), ([1, 1], [.max, .max]),
        ] {
            #expect(throws: Fault(ModelingFaults.evaluation)) {
                try ScoreStability(referenceRows: reference, actualRows: actual)
            }
        }
    }
}
