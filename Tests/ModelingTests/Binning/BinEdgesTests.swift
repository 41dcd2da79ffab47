import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct BinEdgesTests {
    @Test func fewDistinctValuesHaveABinEach() throws {
        let edges = try BinEdges.quantiles(of: [3, 1, .nan, 2, 2, 1], bins: 3)
        #expect(edges.values == [1.5, 2.5])
        #expect([1, 1.5, 2, 2.5, 9, -9, .infinity, -.infinity, .nan].map(edges.code) == [0, 1, 1, 2, 2, 0, 2, 0, 3])
        #expect(edges.missingCode == 3)
    }

    @Test func nothingAndOneValueMakeOneBin() throws {
        #expect(try BinEdges.quantiles(of: []).bins == 1)
        #expect(try BinEdges.quantiles(of: [.nan, .nan]).bins == 1)
        #expect(try BinEdges.quantiles(of: [5, 5, 5]).bins == 1)
        #expect(try BinEdges.quantiles(of: [-0.0, 0.0]).bins == 1)
    }

    @Test func distinctValuesFillBinsEvenly() throws {
        let values = (0..<3200).map { Double($0 * 7919 % 3200) }
        let edges = try BinEdges.quantiles(of: values)
        #expect(edges.bins == 32)
        #expect(rowsPerBin(values, edges).allSatisfy { $0 == 100 })
    }

    @Test func aHeavyValueTakesOneBinAndTheOthersShareTheRest() throws {
        let values = [Double](repeating: 0, count: 6000) + (1...3100).map(Double.init)
        let edges = try BinEdges.quantiles(of: values)
        #expect(edges.bins == 32)
        let rows = rowsPerBin(values, edges)
        #expect(rows[0] == 6000 && rows.dropFirst().allSatisfy { $0 == 100 })
        // Not swallowed by the bin of the few values below it.
        let below = try BinEdges.quantiles(of: values + (1...50).map { Double(-$0) })
        #expect(rowsPerBin(values + (1...50).map { Double(-$0) }, below)[1] == 6000)
    }

    @Test func noBinHasFewerRowsThanAsked() throws {
        var random = SeededGenerator.printed(for: "bins of least rows")
        for _ in 0..<Effort.runs(60) {
            let count = Int.random(in: 1...400, using: &random)
            let values = (0..<count).map { _ -> Double in
                switch Int.random(in: 0...3, using: &random) {
                case 0: .nan
                case 1: 0
                default: Double(Int.random(in: -20...20, using: &random))
                }
            }
            let least = Int.random(in: 1...30, using: &random)
            let bins = Int.random(in: 2...40, using: &random)
            let edges = try BinEdges.quantiles(of: values, bins: bins, leastRows: least)
            #expect(edges.bins <= bins)
            let rows = rowsPerBin(values, edges)
            #expect(rows.count == 1 || rows.allSatisfy { $0 >= least }, "\(rows)")
            // The order of the rows is of no account.
            #expect(try BinEdges.quantiles(of: values.shuffled(using: &random), bins: bins, leastRows: least) == edges)
            // An edge separates as the code does.
            for value in values where !value.isNaN {
                let code = Int(edges.code(value))
                for (place, edge) in edges.values.enumerated() { #expect((Float(value) < edge) == (code <= place)) }
            }
        }
    }

    @Test func neighbouringFloatsAreStillSeparated() throws {
        let low: Float = 1
        let edges = try BinEdges.quantiles(of: [Double(low), Double(low.nextUp)])
        #expect(edges.values == [low.nextUp])
        // Values that differ as doubles alone are the same here.
        #expect(try BinEdges.quantiles(of: [1, 1 + 1e-12]).bins == 1)
    }

    @Test func badEdgesValuesAndCodesAreRefused() throws {
        #expect(throws: Fault(ModelingFaults.edges)) { try BinEdges([1, 1]) }
        #expect(throws: Fault(ModelingFaults.edges)) { try BinEdges([.nan]) }
        #expect(throws: Fault(ModelingFaults.edges)) { try BinEdges((0..<255).map(Float.init)) }
        #expect(try BinEdges((0..<254).map(Float.init)).missingCode == 255)
        #expect(throws: Fault(ModelingFaults.edges)) { try BinEdges.quantiles(of: [1], bins: 1) }
        #expect(throws: Fault(ModelingFaults.edges)) { try BinEdges.quantiles(of: [1], bins: 256) }
        #expect(throws: Fault(ModelingFaults.value)) { try BinEdges.quantiles(of: [.infinity]) }
        #expect(throws: Fault(ModelingFaults.value)) { try PartyColumns(binning: [("a", [1e300])]) }
        #expect(throws: Fault(ModelingFaults.columns)) {
            try BinnedColumn(name: "a", codes: [3], edges: BinEdges([1]))
        }
        #expect(throws: Fault(ModelingFaults.columns)) { try PartyColumns(binning: [("a", [1]), ("a", [1])]) }
        #expect(throws: Fault(ModelingFaults.columns)) { try PartyColumns(binning: [("a", [1]), ("b", [1, 2])]) }
        #expect(throws: Fault(ModelingFaults.columns)) { try PartyColumns(binning: [("", [1])]) }
    }

    private func rowsPerBin(_ values: [Double], _ edges: BinEdges) -> [Int] {
        var rows = [Int](repeating: 0, count: edges.bins)
        for value in values where !value.isNaN { rows[Int(edges.code(value))] += 1 }
        return rows
    }
}
