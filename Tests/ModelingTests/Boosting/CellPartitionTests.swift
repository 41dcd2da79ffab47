import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct CellPartitionTests {
    @Test func binsAreJoinedUntilEveryCellIsEmptyOrLargeEnough() {
        let whole = CellPartition.whole(bins: 5)
        // The last number is that of missing values.
        func starts(_ counts: [Int], _ sibling: [Int]? = nil) -> [Int] {
            whole.coarsened(counts: counts, sibling: sibling, least: 5).starts
        }
        #expect(starts([5, 0, 7, 9, 5, 0]) == [0, 1, 2, 3, 4])
        #expect(starts([4, 1, 7, 9, 5, 0]) == [0, 2, 3, 4])
        #expect(starts([5, 5, 7, 9, 4, 0]) == [0, 1, 2, 3])
        #expect(starts([1, 1, 1, 1, 0, 0]) == [0])
        #expect(starts([0, 0, 0, 0, 3, 0]) == [0])
        // Both children have to be satisfied.
        #expect(starts([5, 5, 5, 5, 5, 0], [0, 3, 3, 9, 9, 0]) == [0, 1, 3, 4])
        // The end joins what is before it until that holds in both.
        #expect(starts([5, 5, 5, 5, 1, 0], [5, 0, 0, 0, 1, 0]) == [0])
    }

    @Test func fewMissingValuesJoinTheFirstCell() {
        let whole = CellPartition.whole(bins: 3)
        let enough = whole.coarsened(counts: [5, 5, 5, 6], sibling: [9, 9, 9, 0], least: 5)
        #expect(!enough.missingJoined && enough.starts == [0, 1, 2])
        let few = whole.coarsened(counts: [2, 5, 5, 3], sibling: nil, least: 5)
        #expect(few.missingJoined && few.starts == [0, 1, 2])
        let sibling = whole.coarsened(counts: [9, 9, 9, 9], sibling: [9, 9, 9, 1], least: 5)
        #expect(sibling.missingJoined)
        // Joined once, joined below.
        #expect(few.coarsened(counts: [9, 9, 9, 9], sibling: nil, least: 5).missingJoined)
    }

    @Test func theRuleHoldsAlongEveryPath() {
        var random = SeededGenerator.printed(for: "cells")
        for _ in 0..<Effort.runs(300) {
            let bins = Int.random(in: 1...20, using: &random)
            let least = Int.random(in: 1...12, using: &random)
            var partition = CellPartition.whole(bins: bins)
            var counts = (0...bins).map { _ in Int.random(in: 0...30, using: &random) }
            var sibling: [Int]?
            for _ in 0..<4 {
                let finer = partition
                partition = finer.coarsened(counts: counts, sibling: sibling, least: least)
                #expect(Set(partition.starts).isSubset(of: finer.starts) && partition.starts.first == 0)
                for child in [counts, sibling].compactMap(\.self) {
                    var cells = zip(partition.starts, partition.starts.dropFirst() + [bins]).map { start, end in
                        child[start..<end].reduce(0, +)
                    }
                    if partition.missingJoined { cells[0] += child[bins] } else { cells.append(child[bins]) }
                    let holds = cells.allSatisfy { $0 == 0 || $0 >= least }
                    #expect(holds || partition.starts.count == 1, "\(cells), least \(least)")
                }
                let left = counts.map { Int.random(in: 0...$0, using: &random) }
                sibling = zip(counts, left).map { $0 - $1 }
                counts = left
            }
        }
    }
}
