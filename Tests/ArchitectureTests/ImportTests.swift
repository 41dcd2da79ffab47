import Testing

/// Holds the imports of every target to what the manifest declares for it. SwiftPM itself lets a target import whatever
/// some other target has brought into the build.
@Suite struct ImportTests {
    @Test func aTargetImportsOnlyWhatItDeclares() throws {
        for target in try Manifest.root.get().targets {
            let declared = Set(target.dependencies.map(\.name)).union(Self.toolchain)
            for file in Repository.files(under: target.folder, endings: ["swift"]) {
                for module in Self.imports(of: try Repository.text(file)) {
                    #expect(
                        declared.contains(module), "\(file) imports \(module), which \(target.name) does not declare")
                }
            }
        }
    }

    @Test func importsAreFoundInEveryForm() {
        // Written with another word, since this file's own lines are looked at too.
        let text = """
            take A
            public take B
            @testable take C
            @preconcurrency internal take struct D.Thing
                take E  // indented, inside #if
            @_spi(X) take F.Sub
            // take G
            let text = "take H"
            """.replacing("take", with: "import")
        #expect(Self.imports(of: text) == ["A", "B", "C", "D", "E", "F"])
    }

    /// Modules that come with the toolchain.
    private static let toolchain: Set = [
        "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "FoundationXML", "Glibc", "Musl", "RegexBuilder",
        "Swift",
        "Synchronization", "Testing",
    ]

    /// The modules a file imports, in order.
    private static func imports(of text: String) -> [String] {
        let line =
            /^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
            .anchorsMatchLineEndings()
        return text.matches(of: line).map { String($0.1) }
    }
}
