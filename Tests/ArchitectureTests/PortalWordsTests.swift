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

    /// `plain` is for what somebody named, a phrase without Chinese for numbers: words in them would be in one language
    /// alone.
    @Test func noPageHasWordsOutsideOfItsTexts() throws {
        var checked = 0
        for path in Repository.files(under: Self.folder, endings: ["swift"]) {
            let text = try Repository.text(path)
            let phrases = Self.literals(behind: /\bPhrase\(\s*"/, in: text).filter { $0.rest.hasPrefix(")") }
            for (words, _) in Self.literals(behind: /\bplain\(\s*"/, in: text) + phrases {
                checked += 1
                let others = Self.names.reduce(words) { $0.replacing($1, with: "") }
                let isWord = !Self.english.contains(words) && others.firstMatch(of: /[A-Za-z]{3,}/) != nil
                #expect(!isWord, "\(path): '\(words)' is no name and no number")
            }
        }
        #expect(checked > 50)
    }

    /// The same in both languages.
    private static let names = ["Active Directory", "OpenLDAP", "Atoll", "UTC", "PSI", "WOE", "KiB", "Mbit"]
    /// What stands in a part that is marked as English, where the API says what this build has no words for.
    private static let english: Set = ["Wanted: ….", "Fix: …"]

    /// Texts that begin where a match ends, with `…` for what is filled in, and the code behind each.
    private static func literals(behind start: Regex<Substring>, in text: String) -> [(words: String, rest: Substring)]
    {
        text.matches(of: start).map { match in
            var words = ""
            var rest = text[match.range.upperBound...]
            while true {
                words += literal(&rest)
                rest = rest.drop(while: \.isWhitespace)
                // A text may be put together from several.
                let next = rest.dropFirst().drop(while: \.isWhitespace)
                guard rest.hasPrefix("+"), next.hasPrefix("\"") else { break }
                rest = next.dropFirst()
            }
            return (words, rest)
        }
    }

    /// Takes a text up to its closing quote.
    private static func literal(_ rest: inout Substring) -> String {
        var words = ""
        while let character = rest.popFirst(), character != "\"" {
            guard character == "\\" else {
                words.append(character)
                continue
            }
            guard rest.first == "(" else {
                rest.removeFirst()
                continue
            }
            words.append("…")
            var depth = 0
            repeat {
                let inner = rest.popFirst()
                if inner == "(" { depth += 1 } else if inner == ")" { depth -= 1 }
            } while depth > 0 && !rest.isEmpty
        }
        return words
    }
}
