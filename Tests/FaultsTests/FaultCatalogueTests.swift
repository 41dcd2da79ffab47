import Faults
import Foundation
import Testing

@Suite struct FaultCatalogueTests {
    @Test func numbersAreUnique() {
        #expect(repeated(FaultCatalogue.all.map(\.number.description)).isEmpty)
    }

    @Test func namesAreUnique() {
        #expect(repeated(FaultCatalogue.all.map(\.name)).isEmpty)
    }

    @Test(arguments: FaultCatalogue.all.map(\.number))
    func anEntryIsWellFormed(number: FaultNumber) throws {
        let entry = try #require(FaultCatalogue.entry(number))
        #expect(entry.number == number)
        #expect(entry.number.range != nil)
        #expect(entry.name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(entry.name)")
        #expect(entry.title.hasSuffix("."), "\(number): a title is a sentence")
        #expect(entry.fix.hasSuffix("."), "\(number): a fix is a sentence")
        #expect((400...599).contains(entry.status), "\(number)")
    }

    /// An entry that is declared and left out of its file's `all` would be missing from `atoll explain` and the docs.
    @Test func everyDeclaredEntryIsInTheCatalogue() throws {
        let folder = root.appending(path: "Sources/Faults/Catalogue")
        var declared: [String] = []
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /FaultEntry\(\s*(\d+)/) {
                declared.append(FaultNumber(rawValue: try #require(UInt16(match.1))).description)
            }
        }
        #expect(declared.sorted() == FaultCatalogue.all.map(\.number.description))
    }

    /// With `ATOLL_WRITE_DOCS=1` (`make errors-doc`) the page is written first.
    @Test func thePageIsUpToDate() throws {
        let page = root.appending(path: "docs/errors.md")
        if ProcessInfo.processInfo.environment["ATOLL_WRITE_DOCS"] == "1" {
            try Data(FaultCatalogue.markdown().utf8).write(to: page)
        }
        let written = try String(contentsOf: page, encoding: .utf8)
        #expect(written == FaultCatalogue.markdown(), "docs/errors.md is out of date; run `make errors-doc`")
    }

    /// The package's root, found from this file.
    private let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func repeated(_ items: [String]) -> [String] {
        Dictionary(grouping: items) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    }
}
