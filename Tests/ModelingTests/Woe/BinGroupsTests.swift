import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct BinGroupsTests {
    @Test func groupsAreNumberedByTheirFirstFineBin() throws {
        let groups = try BinGroups(ordinary: 4, assignment: [7, 7, 2, 9, 2, 5])
        #expect(groups.assignment == [0, 0, 1, 2, 1, 3] && groups.count == 4)
        #expect(groups.fineBins(of: 1) == [2, 4] && groups.ordinaryBins(of: 1) == 2...2)
        #expect(groups.ordinaryBins(of: 3) == nil && groups.ordinaryBins(of: 0) == 0...1)
        #expect(try groups == BinGroups(ordinary: 4, assignment: [0, 0, 1, 2, 1, 3]))
    }

    @Test func ordinaryFineBinsApartFromEachOtherAreNoGroup() throws {
        for assignment in [[0, 1, 0], [0, 1, 0, 1], []] {
            #expect(throws: Fault(ModelingFaults.binGroups)) { try BinGroups(ordinary: 3, assignment: assignment) }
        }
        #expect(throws: Fault(ModelingFaults.binGroups)) { try BinGroups(starts: [2, 2], ordinary: 4, others: 0) }
        #expect(throws: Fault(ModelingFaults.binGroups)) { try BinGroups(starts: [4], ordinary: 4, others: 0) }
    }

    @Test func manualEdgesMustBeFineEdges() throws {
        let partition = try FinePartition(column: "x", edges: BinEdges([1, 2, 3]))
        #expect(try BinGroups(edges: [2], of: partition).assignment == [0, 0, 1, 1, 2])
        let fault = #expect(throws: Fault(ModelingFaults.binGroups)) {
            try BinGroups(edges: [1, Float(2).nextUp], of: partition)
        }
        #expect(fault?.place == "x" && fault?.what.contains("edge 1") == true)
        #expect(throws: Fault(ModelingFaults.binGroups)) { try BinGroups(edges: [2, 1], of: partition) }
    }

    @Test func mergingAndSplittingRecomputeEverythingFromCounts() throws {
        let others = [BinCounts(goods: 30, bads: 9), BinCounts(goods: 40, bads: 4)]
        let counts = try FineCounts.made(goods: [90, 80, 70, 60], bads: [10, 20, 30, 40], others: others)
        let groups = try BinGroups(starts: [1, 2, 3], ordinary: 4, others: 2)
        let table = try WoeTable(counts, groups)
        #expect(table.direction == .rising && table.bins.count == 6)
        let merged = try table.merging(1, 2)
        #expect(merged.bins.map(\.counts.bads) == [10, 50, 40, 9, 4] && merged.iv < table.iv)
        #expect(merged.direction == .rising)
        let joined = try merged.merging(0, 3)
        #expect(
            joined.bins.map(\.counts.goods) == [120, 150, 60, 40] && joined.groups.assignment == [0, 1, 1, 2, 0, 3])
        // Back again, whatever the way, is the same value.
        let least = DisclosureGuard(unchecked: 0, bads: 1, goods: 1)
        let back = try joined.splitting(0, at: 4, guard: least).splitting(1, at: 2, guard: least)
        #expect(back == table && back.iv == table.iv)
        #expect(throws: Fault(ModelingFaults.binGroups)) { try table.merging(0, 2) }
        #expect(throws: Fault(ModelingFaults.binGroups)) { try table.merging(0, 9) }
        for (group, bin) in [(0, 0), (0, 1), (1, 2), (4, 4)] {
            #expect(throws: Fault(ModelingFaults.binGroups)) { try table.splitting(group, at: bin, guard: least) }
        }
        #expect(throws: Fault(ModelingFaults.binGuard)) { try merged.splitting(1, at: 2) }
    }

    @Test func aSplitOfRandomGroupsIsUndoneByMerging() throws {
        var random = SeededGenerator.printed(for: "splits")
        for _ in 0..<Effort.runs(100) {
            let fine = Int.random(in: 2...12, using: &random)
            let starts = (1..<fine).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            let groups = try BinGroups(starts: starts, ordinary: fine, others: 2)
            guard
                let group = (0..<groups.count).filter({ groups.fineBins(of: $0).count > 1 }).randomElement(
                    using: &random)
            else { continue }
            let bin = groups.fineBins(of: group).dropFirst().randomElement(using: &random)!
            let split = try groups.splitting(group, at: bin)
            #expect(split.count == groups.count + 1)
            #expect(try split.merging(split.assignment[bin], split.assignment[bin - 1]) == groups)
        }
    }
}
