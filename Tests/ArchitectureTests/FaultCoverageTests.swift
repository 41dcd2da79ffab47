import Testing

/// Every error that the documentation lists is expected by some test, by its name in the catalogue or its number.
@Suite struct FaultCoverageTests {
    @Test func everyFaultIsExpectedByATest() throws {
        let tests = try Repository.files(under: "Tests", endings: ["swift"]).map(Repository.text).joined()
        var checked = 0
        for file in Repository.files(under: "Sources/Faults/Catalogue", endings: ["swift"]) {
            let text = try Repository.text(file)
            let owner = try #require(text.firstMatch(of: /enum (\w+)/)).1
            for entry in text.matches(of: /static let (\w+) = FaultEntry\(\s*(\d+)/) {
                checked += 1
                let number = "ATL-" + String(repeating: "0", count: 4 - entry.2.count) + entry.2
                let isExpected = tests.contains("\(owner).\(entry.1)") || tests.contains(number)
                #expect(isExpected, "no test expects \(owner).\(entry.1) (\(number)); raise it in one")
            }
        }
        #expect(checked > 0)
    }
}
