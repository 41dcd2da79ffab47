import Foundation
import Testing

/// The compiler asks each text of the portal for both languages; these hold that the second is one.
@Suite struct PortalWordsTests {
    private static let folder = "Sources/Portal"

    @Test func everyTextIsTranslated() throws {
        var checked = 0
        for path in Repository.files(under: Self.folder, endings: ["swift"]) {
            let text = try Repository.text(path)
            for match in text.matches(of: /Words\(\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"/) {
                checked += 1
                let (english, chinese) = (String(match.1), String(match.2))
                // Abbreviations, names of fields and values alone are the same in both.
                let needsNone = english.replacing(/\\\([^)]*\)/, with: "").firstMatch(of: /[a-z]{3,}/) == nil
                let isChinese = chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
                #expect(isChinese || needsNone, "\(path): '\(english)' has no Chinese")
                let strays = english.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
                #expect(!strays, "\(path): '\(english)' is no English")
            }
        }
        #expect(checked > 20)
    }

    /// `plain` is for what somebody named: a sentence in it would be in one language alone.
    @Test func noPageHasWordsOutsideOfItsTexts() throws {
        for path in Repository.files(under: Self.folder, endings: ["swift"]) {
            for match in try Repository.text(path).matches(of: /plain\("([^"\\]*)"\)/) {
                let isName = match.1 == "Active Directory"
                let isWord = !isName && match.1.firstMatch(of: /[A-Za-z]{3,}[ ][A-Za-z]{2,}/) != nil
                #expect(!isWord, "\(path): '\(match.1)' is no name and no number")
            }
        }
    }
}
