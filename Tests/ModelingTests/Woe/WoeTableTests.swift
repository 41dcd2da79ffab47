import Faults
import Testing

@testable import Modeling

@Suite struct WoeTableTests {
    @Test func weightsOfEvidenceAndIVAreThoseOfNumpy() throws {
        let vectors = try ScorecardVectors.read()
        #expect(vectors.woe.count == 3)
        for vector in vectors.woe {
            let partition = try FinePartition(
                column: "x", edges: BinEdges(vector.edges), specials: vector.specials)
            let values = vector.values.map { $0 ?? .nan }
            let counts = try FineCounts(partition, values: values, labels: vector.labels)
            #expect(counts.all.map(\.goods) == vector.goods && counts.all.map(\.bads) == vector.bads)
            let groups = try BinGroups(
                ordinary: partition.edges.bins, assignment: Array(0..<partition.bins))
            let table = try WoeTable(counts, groups)
            for (bin, woe) in zip(table.bins, vector.woe) { #expect(abs(bin.woe - woe) <= 1e-12) }
            #expect(abs(table.iv - vector.iv) <= 1e-12)
            let column = try WoeColumn(partition, table)
            #expect(column.transform(values) == values.map { table.bins[partition.bin(of: $0)].woe })
        }
    }

    @Test func aPositiveWeightIsARiskierBinAndABinWithoutRowsSaysNothing() throws {
        let counts = try FineCounts.made(goods: [50, 50], bads: [10, 30], others: [BinCounts()])
        let table = try WoeTable(counts, BinGroups(starts: [1], ordinary: 2, others: 1))
        #expect(table.bins[0].woe < 0 && table.bins[1].woe > 0 && table.bins[2].woe == 0 && table.bins[2].iv == 0)
        #expect(table.direction == .rising)
    }

    @Test func theDirectionIsToldOnlyWhereThereIsOne() throws {
        func direction(_ percent: [Int]) throws -> WoeTable.Direction? {
            let counts = try FineCounts.made(rows: 100, percent: percent)
            return try WoeTable(
                counts, BinGroups(starts: Array(1..<percent.count), ordinary: percent.count, others: 0)
            ).direction
        }
        #expect(try direction([1, 2, 3]) == .rising && direction([3, 2, 1]) == .falling)
        #expect(try direction([1, 3, 2]) == nil && direction([1, 1, 2]) == nil && direction([5]) == nil)
    }

    @Test func oneClassOrAnotherPartitionIsRefused() throws {
        let groups = try BinGroups(starts: [1], ordinary: 2, others: 0)
        #expect(throws: Fault(ModelingFaults.label)) { try WoeTable(.made(goods: [5, 5], bads: [0, 0]), groups) }
        #expect(throws: Fault(ModelingFaults.binGroups)) { try WoeTable(.made(goods: [5], bads: [5]), groups) }
        let table = try WoeTable(.made(goods: [5, 5], bads: [1, 2]), groups)
        #expect(throws: Fault(ModelingFaults.finePartitionChanged)) {
            try WoeColumn(FinePartition(column: "x", edges: BinEdges([0])), table)
        }
        let partition = try FinePartition(column: "x", edges: BinEdges([0]))
        #expect(throws: Fault(ModelingFaults.label)) { try FineCounts(partition, values: [1], labels: [2]) }
        #expect(throws: Fault(ModelingFaults.rows)) { try FineCounts(partition, values: [1], labels: []) }
        #expect(throws: Fault(ModelingFaults.finePartition)) { try FineCounts.made(goods: [], bads: []) }
        #expect(throws: Fault(ModelingFaults.finePartition)) { try FineCounts.made(goods: [-1], bads: [1]) }
    }
}
