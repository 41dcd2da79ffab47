import Faults
import Testing

@testable import PrivateSetIntersection

@Suite struct KeyRuleTests {
    /// As bytes: two strings of Swift are equal when their normal forms are.
    private func bytes(_ rule: String, _ key: String) throws -> [UInt8]? {
        try KeyRules(parsing: rule).rules[0].apply(to: key)
    }

    private func gives(_ rule: String, _ key: String, _ wanted: String) throws -> Bool {
        try bytes(rule, key) == Array(wanted.utf8)
    }

    @Test func usualMakesSpellingsAlike() throws {
        #expect(KeyRule.usual == (try KeyRules(parsing: "trim nfc fold").rules[0]))
        // é as one scalar and as two; capital; white space of several kinds.
        for spelling in ["\u{e9}t\u{e9}", "e\u{301}te\u{301}", " \u{c9}T\u{c9}\u{a0}\n", "E\u{301}te\u{301}\u{3000}"] {
            #expect(try gives("trim nfc fold", spelling, "\u{e9}t\u{e9}"))
        }
        // Sharp s, final sigma and the long s fold as Unicode's case folding does.
        #expect(try gives("fold", "Stra\u{df}e", "strasse") && gives("fold", "STRASSE", "strasse"))
        #expect(try bytes("fold", "\u{3c2}") == bytes("fold", "\u{3a3}"))
        #expect(try gives("fold", "\u{17f}", "s"))
    }

    @Test func rulesDoNoMoreThanTheySay() throws {
        #expect(try gives("exact", " A\u{301} ", " A\u{301} "))
        #expect(try gives("trim", " A\u{301} ", "A\u{301}") && gives("nfc", " A\u{301}", " \u{c1}"))
        #expect(try gives("digits", "ID 0012-34 X", "001234"))
        #expect(try gives("fold alphanumeric", "Ab-1\u{e9} C", "ab1c"))
        #expect(try bytes("exact", "\u{e9}") != bytes("exact", "e\u{301}"))
    }

    @Test func whatIsEmptyIsMissing() throws {
        #expect(try bytes("trim", " \t\u{3000}") == nil && bytes("digits", "none") == nil && bytes("exact", "") == nil)
        let rules = try KeyRules(parsing: "trim, exact")
        #expect(rules.identifier(of: ["a", nil]) == nil && rules.identifier(of: [" ", "b"]) == nil)
    }

    @Test func severalColumnsJoinUnambiguously() throws {
        let rules = try KeyRules(parsing: "exact,exact")
        #expect(rules.identifier(of: ["ab", "c"]) == [0, 0, 0, 2, 97, 98, 0, 0, 0, 1, 99])
        #expect(rules.identifier(of: ["ab", "c"]) != rules.identifier(of: ["a", "bc"]))
    }

    @Test(arguments: ["", " ", "trim,", "upper", "trim trim", "exact trim", "trim;fold"])
    func unreadableRulesAreRefused(_ rules: String) {
        #expect(throws: Fault(AlignFaults.keyRuleUnknown)) { try KeyRules(parsing: rules) }
    }
}
