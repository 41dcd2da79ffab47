import Faults
import Testing

@Suite struct FaultNumberTests {
    @Test(arguments: [("ATL-1001", 1001), ("atl-0007", 7), ("9003", 9003), ("ATL-7", 7)] as [(String, UInt16)])
    func numbersAreRead(text: String, value: UInt16) {
        #expect(FaultNumber(text)?.rawValue == value)
    }

    @Test(arguments: [
        "", "ATL-", "ATL-10001", "ATL1001", "ATL--1", "-1", "+12", "ATL-+12", " 12", "12 ", "1e3", "١٢", "ATL-ATL-1",
    ])
    func otherTextIsNoNumber(text: String) {
        #expect(FaultNumber(text) == nil)
    }

    @Test(arguments: [0, 7, 42, 999, 9_999] as [UInt16])
    func aNumberIsReadBackFromItsText(value: UInt16) {
        let number = FaultNumber(rawValue: value)
        #expect(number.description.utf8.count == 8)
        #expect(FaultNumber(number.description) == number)
    }

    @Test func theRangeIsTheThousand() {
        #expect(FaultNumber(rawValue: 999).range == .program)
        #expect(FaultNumber(rawValue: 9_001).range == .observability)
        #expect(FaultNumber(rawValue: 10_000).range == nil)
    }
}
