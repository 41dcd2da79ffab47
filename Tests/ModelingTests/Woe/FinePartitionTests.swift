import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct FinePartitionTests {
    @Test func ordinarySpecialAndMissingValuesHaveBinsOfTheirOwn() throws {
        let partition = try FinePartition(column: "x", edges: BinEdges([0, 1]), specials: [-999, 0.5])
        #expect(partition.bins == 6 && partition.others == 3..<6)
        let values: [Double] = [-5, 0, 0.9, 1, -999, 0.5, .nan, .infinity]
        #expect(values.map(partition.bin) == [0, 1, 1, 2, 3, 4, 5, 2])
    }

    @Test func smallSpecialsCountAsMissingAndFewMissingJoinTheFullestBin() throws {
        func made(_ specials: Int, _ missing: Int) throws -> FinePartition {
            let values =
                [Double](repeating: 1, count: 20) + [Double](repeating: 2, count: 30)
                + [Double](repeating: -9, count: specials) + [Double](repeating: .nan, count: missing)
            return try FinePartition(column: "x", values: values, specials: [-9], guard: .fine(10))
        }
        // Both have enough rows, or none.
        for counts in [(10, 10), (0, 10), (10, 0), (0, 0)] {
            let partition = try made(counts.0, counts.1)
            #expect(partition.specialBins == [2] && partition.missingBin == 3 && partition.bins == 4)
        }
        let together = try made(9, 1)
        #expect(together.specialBins == [2] && together.missingBin == 2 && together.bins == 3)
        let joined = try made(4, 5)
        #expect(joined.specialBins == [1] && joined.missingBin == 1 && joined.bins == 2)
        #expect(joined.bin(of: .nan) == joined.bin(of: 2) && joined.bin(of: -9) == 1)
        let few = try made(10, 9)
        #expect(few.specialBins == [2] && few.missingBin == 1 && few.bins == 3)
    }

    /// Unless a test asks for less, a fine bin has 200 rows.
    @Test func noFineBinHasFewerThanTwoHundredRows() throws {
        func rows(_ ordinary: Int, _ special: Int, _ missing: Int) throws -> (FinePartition, [Int]) {
            let values =
                (0..<ordinary).map(Double.init) + [Double](repeating: -9, count: special)
                + [Double](repeating: -8, count: special / 2) + [Double](repeating: .nan, count: missing)
            let partition = try FinePartition(column: "x", values: values, specials: [-9, -8])
            var rows = [Int](repeating: 0, count: partition.bins)
            for value in values { rows[partition.bin(of: value)] += 1 }
            return (partition, rows)
        }
        #expect(try rows(400, 0, 0).1 == [200, 200, 0, 0, 0])
        #expect(try rows(399, 0, 200).1 == [399, 0, 0, 200])
        // Too few ordinary rows: with the missing ones, or with the special value that has most.
        #expect(try rows(199, 400, 200).1 == [399, 400, 200])
        #expect(try rows(199, 400, 0).1 == [599, 200, 0])
        #expect(try rows(100, 400, 50).1 == [550, 200])
        #expect(try rows(0, 400, 50).1 == [450, 200])
        #expect(try rows(0, 400, 200).1 == [0, 400, 200, 200])
        #expect(try rows(100, 60, 40).1 == [230])
        let joined = try rows(199, 400, 0).0
        #expect(joined.specialBins == [0, 1] && joined.missingBin == 2 && joined.bin(of: 5) == 0)
        // No column has fewer.
        for (ordinary, special, missing) in [(199, 0, 0), (0, 0, 199), (100, 40, 39), (0, 0, 0)] {
            let fault = #expect(throws: Fault(ModelingFaults.finePartition)) { try rows(ordinary, special, missing) }
            #expect(fault?.place == "x" && fault?.wanted == "at least 200 rows")
        }
        _ = try rows(0, 0, 200)
    }

    @Test(arguments: [FinePartition.Method.quantiles(bins: 12), .equalWidth(bins: 12)])
    func everyFineBinHasEnoughRows(method: FinePartition.Method) throws {
        var random = SeededGenerator.printed(for: "fine bins")
        for _ in 0..<Effort.runs(20) {
            let rows = Int.random(in: 25...600, using: &random)
            let values = (0..<rows).map { _ -> Double in
                let value = Double.random(in: -2...2, using: &random)
                return Int.random(in: 0..<10, using: &random) == 0 ? .nan : value * value * value
            }
            let partition = try FinePartition(
                column: "x", values: values, specials: [0.5], method: method, guard: .fine(25))
            var counts = [Int](repeating: 0, count: partition.bins)
            for value in values { counts[partition.bin(of: value)] += 1 }
            #expect(counts.allSatisfy { $0 == 0 || $0 >= 25 })
            if rows > 400, case .equalWidth = method { #expect(partition.edges.bins > 2) }
        }
    }

    @Test func manualEdgesWithTooFewRowsAreRefused() throws {
        let values = (0..<40).map(Double.init)
        _ = try FinePartition(column: "x", values: values, method: .manual([20]), guard: .fine(20))
        let fault = #expect(throws: Fault(ModelingFaults.finePartition)) {
            try FinePartition(column: "x", values: values, method: .manual([19]), guard: .fine(20))
        }
        #expect(fault?.place == "x" && fault?.what == "fine bin 0 of 2 has too few rows")
        #expect(fault?.description.contains("19") == false)
        #expect(throws: Fault(ModelingFaults.edges)) {
            try FinePartition(column: "x", values: values, method: .manual([5, 5]))
        }
        #expect(throws: Fault(ModelingFaults.edges)) {
            try FinePartition(column: "x", values: values, method: .equalWidth(bins: 1))
        }
        for method in [FinePartition.Method.equalWidth(bins: 3), .quantiles(bins: 3), .manual([1])] {
            for wrong in [Double.infinity, 1e39] {
                #expect(throws: Fault(ModelingFaults.value)) {
                    try FinePartition(column: "x", values: values + [wrong], method: method, guard: .fine(1))
                }
            }
        }
    }

    @Test func whatIsNoPartitionIsRefused() throws {
        let edges = try BinEdges([0])
        let wrong: [([Double], [Int]?, Int?)] = [
            ([2, 1], nil, nil), ([.infinity], nil, nil), ([1], [2, 3], nil), ([1], [-1], nil), ([1], [4], 3),
            ([1], [5], 9), ([], nil, 3), ((0...64).map(Double.init), nil, nil),
        ]
        for (specials, bins, missing) in wrong {
            #expect(throws: Fault(ModelingFaults.finePartition)) {
                try FinePartition(
                    column: "x", edges: edges, specials: specials, specialBins: bins, missingBin: missing)
            }
        }
        #expect(throws: Fault(ModelingFaults.finePartition)) { try FinePartition(column: "", edges: edges) }
    }

    @Test func anyChangeChangesTheDigest() throws {
        let one = try FinePartition(column: "x", edges: BinEdges([0, 1]), specials: [-9])
        let others = [
            try FinePartition(column: "y", edges: BinEdges([0, 1]), specials: [-9]),
            try FinePartition(column: "x", edges: BinEdges([0, Float(1).nextUp]), specials: [-9]),
            try FinePartition(column: "x", edges: BinEdges([0, 1]), specials: [-8]),
            try FinePartition(column: "x", edges: BinEdges([0, 1]), specials: [-9], specialBins: [3], missingBin: 3),
            try FinePartition(column: "x", edges: BinEdges([0, 1]), specials: [-9], specialBins: [3], missingBin: 0),
        ]
        #expect(Set(([one] + others).map(\.digest)).count == 6)
        #expect(try FinePartition(column: "x", edges: BinEdges([0, 1]), specials: [-9]).digest == one.digest)
    }
}
