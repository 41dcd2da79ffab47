import Faults
import Testing

@testable import Modeling

@Suite struct DisclosureGuardTests {
    /// 5 % of 1,000 rows are 50.
    @Test(arguments: [
        (goods: 30, bads: 20, isAllowed: true), (goods: 29, bads: 20, isAllowed: false),
        (goods: 31, bads: 19, isAllowed: false), (goods: 20, bads: 30, isAllowed: true),
        (goods: 19, bads: 31, isAllowed: false), (goods: 19, bads: 500, isAllowed: false),
        (goods: 500, bads: 19, isAllowed: false), (goods: 0, bads: 0, isAllowed: true),
    ])
    func limitsHoldExactly(_ bin: (goods: Int, bads: Int, isAllowed: Bool)) throws {
        let counts = BinCounts(goods: bin.goods, bads: bin.bads)
        let rest = BinCounts(goods: 475, bads: 525 - counts.rows)
        #expect(DisclosureGuard.required.allows(counts, of: 1000) == bin.isAllowed)
        if bin.isAllowed {
            try DisclosureGuard.required.check([counts, rest], column: "x")
        } else {
            let fault = #expect(throws: Fault(ModelingFaults.binGuard)) {
                try DisclosureGuard.required.check([counts, rest], column: "x")
            }
            #expect(fault?.place == "x" && fault?.what.contains("bin 0 of 2") == true)
            #expect(fault?.wanted == "at least 5 % of the rows, 20 bads and 20 goods in every bin")
        }
    }

    @Test func aRefusalTellsNoCounts() throws {
        let counts = [BinCounts(goods: 513, bads: 417), BinCounts(goods: 11, bads: 7)]
        let fault = #expect(throws: Fault(ModelingFaults.binGuard)) {
            try DisclosureGuard.required.check(counts, column: "x")
        }
        let text = fault.map(\.description) ?? ""
        #expect(text.contains("too few rows and bads and goods"))
        #expect(!["513", "417", "11", "18"].contains { text.contains($0) })
    }

    @Test func aGuardMayBeStricterButNotWeaker() throws {
        #expect(try DisclosureGuard(percent: 10, bads: 50, goods: 50, fineRows: 500, partitions: 1).percent == 10)
        #expect(try DisclosureGuard() == .required)
        let weaker: [(Int, Int, Int, Int, Int)] = [
            (4, 20, 20, 200, 10), (51, 20, 20, 200, 10), (5, 19, 20, 200, 10), (5, 20, 19, 200, 10),
            (5, 20, 20, 199, 10), (5, 20, 20, 200, 11),
        ]
        for (percent, bads, goods, rows, partitions) in weaker {
            #expect(throws: Fault(ModelingFaults.binGuard)) {
                try DisclosureGuard(
                    percent: percent, bads: bads, goods: goods, fineRows: rows, partitions: partitions)
            }
        }
    }
}
