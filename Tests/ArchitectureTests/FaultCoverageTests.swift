import Testing

/// Every error that the documentation lists is expected by some test, by its name in the catalogue.
@Suite struct FaultCoverageTests {
    @Test func everyFaultIsExpectedByATest() throws {
        // The catalogue's own tests speak about all entries and raise none.
        let tests = try Repository.files(under: "Tests", endings: ["swift"])
            .filter { !$0.hasPrefix("Tests/FaultsTests/") }.map(Repository.text).joined()
        var missing: [String] = []
        var checked = 0
        for file in Repository.files(under: "Sources/Faults/Catalogue", endings: ["swift"]) {
            let text = try Repository.text(file)
            let owner = try #require(text.firstMatch(of: /enum (\w+)/)).1
            for entry in text.matches(of: /static let (\w+) = FaultEntry\(\s*(\d+)/) {
                checked += 1
                // The whole name: `Faults.full` must not be found in `Faults.fullDisk`.
                let isExpected = tests.ranges(of: "\(owner).\(entry.1)").contains { range in
                    let next = tests[range.upperBound...].first
                    return next.map { !$0.isLetter && !$0.isNumber } ?? true
                }
                if !isExpected { missing.append("\(entry.2) \(owner).\(entry.1)") }
            }
        }
        #expect(checked > 0)
        #expect(missing == [], "raise each of these in a test and expect it by its entry")
    }
}
