import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct PartitionHistoryTests {
    /// Twenty fine bins of 300 rows.
    private let counts = try! FineCounts.made(rows: 300, percent: (0..<20).map { 15 + $0 })

    private func groups(_ starts: [Int]) throws -> BinGroups { try BinGroups(starts: starts, ordinary: 20, others: 0) }

    @Test func theAttackByEdgesMovedByOneRowIsRefused() throws {
        var random = SeededGenerator.printed(for: "attack")
        let values = (0..<4000).map { _ in Double.random(in: 0...1, using: &random) }
        let labels = values.map { Double.random(in: 0...1, using: &random) < 0.2 + 0.3 * $0 ? 1.0 : 0 }
        let sorted = values.sorted()
        var history = PartitionHistory(column: "x")
        func admit(_ rank: Int) throws {
            // The edge is above exactly so many rows.
            let partition = try FinePartition(column: "x", values: values, method: .manual([Float(sorted[rank])]))
            let counts = try FineCounts(partition, values: values, labels: labels)
            try history.admit(BinGroups(edges: partition.edges.values, of: partition), counts: counts)
        }
        try admit(2000)
        let before = history
        // Two divisions whose bad counts differ by one row's label.
        #expect(throws: Fault(ModelingFaults.finePartitionChanged)) { try admit(2001) }
        #expect(history == before)
        try admit(2000)
        #expect(history.divisions.count == 1)
    }

    @Test func aDifferenceOfTooFewRowsIsRefusedAlsoInWholeFineBins() throws {
        var small = PartitionHistory(column: "x")
        let fine = try FineCounts.made(rows: 200, percent: (0..<25).map { 15 + $0 })
        func at(_ start: Int) throws -> BinGroups { try BinGroups(starts: [start], ordinary: 25, others: 0) }
        try small.admit(at(10), counts: fine)
        // One fine bin is 4 % of the rows, two are 8 %.
        let fault = #expect(throws: Fault(ModelingFaults.partitionDifference)) { try small.admit(at(11), counts: fine) }
        #expect(fault?.what.contains("division 1") == true && fault?.place == "x")
        try small.admit(at(12), counts: fine)
        #expect(throws: Fault(ModelingFaults.partitionDifference)) { try small.admit(at(13), counts: fine) }
        #expect(throws: Fault(ModelingFaults.partitionDifference)) { try small.admit(at(9), counts: fine) }
        #expect(small.divisions.count == 2)
    }

    @Test func aDifferenceOfExactlyTheLimitIsAllowed() throws {
        // The third fine bin has 5 % of the rows with 20 bads, then one bad less.
        for (bads, isAllowed) in [(20, true), (19, false)] {
            let wider = try FineCounts.made(goods: [700, 620, 100 - bads, 80], bads: [150, 300, bads, 50])
            #expect(wider.total.rows == 2000)
            var history = PartitionHistory(column: "x")
            try history.admit(BinGroups(starts: [2], ordinary: 4, others: 0), counts: wider, guard: .fine(1))
            let next = try BinGroups(starts: [3], ordinary: 4, others: 0)
            if isAllowed {
                try history.admit(next, counts: wider, guard: .fine(1))
            } else {
                #expect(throws: Fault(ModelingFaults.partitionDifference)) {
                    try history.admit(next, counts: wider, guard: .fine(1))
                }
            }
        }
    }

    @Test func theEleventhDivisionIsRefusedAndEarlierOnesStayFree() throws {
        var history = PartitionHistory(column: "x")
        for start in 2...11 { try history.admit(groups([start]), counts: counts) }
        #expect(history.divisions.count == 10)
        #expect(throws: Fault(ModelingFaults.partitionsSpent)) { try history.admit(groups([12]), counts: counts) }
        try history.admit(groups([5]), counts: counts)
        #expect(history.divisions.count == 10)
    }

    @Test func joinedMissingValuesCountAsADifference() throws {
        let counts = try FineCounts.made(
            goods: [500, 500], bads: [100, 200], others: [BinCounts(goods: 60, bads: 5)])
        var history = PartitionHistory(column: "x")
        try history.admit(BinGroups(ordinary: 2, assignment: [0, 1, 0]), counts: counts, guard: .fine(65))
        #expect(throws: Fault(ModelingFaults.partitionDifference)) {
            try history.admit(BinGroups(ordinary: 2, assignment: [0, 1, 1]), counts: counts, guard: .fine(65))
        }
    }

    @Test func fineBinsWithTooFewRowsAreRefusedAtTheFirstUse() throws {
        let two = try BinGroups(starts: [1], ordinary: 3, others: 1)
        func counts(_ third: Int, _ missing: Int) throws -> FineCounts {
            try FineCounts.made(
                goods: [500, 300, third - 50], bads: [200, 100, 50], others: [BinCounts(goods: missing)])
        }
        for (third, missing, place) in [(199, 0, "fine bin 2 of 4"), (200, 199, "fine bin 3 of 4")] {
            var history = PartitionHistory(column: "x")
            let fault = #expect(throws: Fault(ModelingFaults.finePartition)) {
                try history.admit(two, counts: counts(third, missing))
            }
            #expect(fault?.what == "\(place) has too few rows" && history.partition == nil)
            #expect(fault?.description.contains("199") == false)
        }
        var history = PartitionHistory(column: "x")
        try history.admit(two, counts: counts(200, 0))
        // The partition stays when a later version of the data has fewer rows in a fine bin.
        try history.admit(two, counts: counts(199, 0))
        #expect(history.divisions == [two])
    }

    @Test func groupsWithTooFewRowsOrOfOtherColumnsAreRefused() throws {
        var history = PartitionHistory(column: "x")
        let small = try FineCounts.made(goods: [100, 1000], bads: [19, 200])
        let two = try BinGroups(starts: [1], ordinary: 2, others: 0)
        #expect(throws: Fault(ModelingFaults.binGuard)) { try history.admit(two, counts: small, guard: .fine(1)) }
        #expect(throws: Fault(ModelingFaults.binGroups)) { try history.admit(two, counts: counts) }
        #expect(history == PartitionHistory(column: "x"))
        #expect(throws: Fault(ModelingFaults.finePartitionChanged)) {
            var other = PartitionHistory(column: "y")
            try other.admit(groups([5]), counts: counts)
        }
    }

    @Test func itComesBackFromJSONAsItWas() throws {
        var history = PartitionHistory(column: "x")
        try history.admit(groups([4, 9]), counts: counts)
        let bytes = try JSONEncoder().encode(history)
        #expect(try JSONDecoder().decode(PartitionHistory.self, from: bytes) == history)
        let text = String(decoding: bytes, as: UTF8.self)
        let partition = try #require(history.partition)
        let list = try #require(text.firstMatch(of: /"divisions":\[(\{[^}]*\})\]/))
        let twice = text.replacing(list.1, with: list.1 + "," + list.1)
        for damaged in [twice, text.replacing("\"\(partition)\"", with: "null")] {
            #expect(damaged != text)
            #expect(throws: Fault(ModelingFaults.binGroups)) {
                try JSONDecoder().decode(PartitionHistory.self, from: Data(damaged.utf8))
            }
        }
        // Fine bins can be fixed before anything is shown of them.
        var fixed = PartitionHistory(column: "x")
        try fixed.fix(counts.partition)
        #expect(try JSONDecoder().decode(PartitionHistory.self, from: JSONEncoder().encode(fixed)) == fixed)
        #expect(throws: Fault(ModelingFaults.finePartitionChanged)) { try fixed.fix(.woe(parts: [])) }
        let broken = String(decoding: bytes, as: UTF8.self).replacing("[0,0,0,0,1", with: "[0,1,0,0,1")
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(PartitionHistory.self, from: Data(broken.utf8))
        }
    }
}
