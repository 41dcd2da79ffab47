import Faults
import Resources
import Testing

@Suite struct LabelSelectorTests {
    @Test(
        arguments: [
            ("", []), ("  ", []), ("app=web", [.equals("app", "web")]), ("app!=web", [.differs("app", "web")]),
            ("app", [.exists("app")]),
            ("!app", [.absent("app")]), ("app=", [.equals("app", "")]), ("app!=", [.differs("app", "")]),
            (" a=1 , !b,c ", [.equals("a", "1"), .absent("b"), .exists("c")]),
            ("x.io/a=b/c", [.equals("x.io/a", "b/c")]),
        ] as [(String, [LabelSelector.Requirement])])
    func itReads(_ text: String, _ requirements: [LabelSelector.Requirement]) throws {
        let selector = try LabelSelector(text)
        #expect(selector.requirements == requirements)
        #expect(try LabelSelector(selector.description) == selector)
    }

    @Test(arguments: [
        ",", "a,", ",a", "a,,b", "=", "=a", "!", "!=a", "!!a", "a==b", "a=b=c", "!a=b", "a b", "a=b c", "a =b", "é",
        "a=é", "a in (b)", "a>1",
        "a,\u{11}=b", String(repeating: "a", count: 64),
    ])
    func itRefuses(_ text: String) throws {
        let fault = #expect(throws: Fault.self) { _ = try LabelSelector(text) }
        #expect(fault?.is(ResourceFaults.invalidSelector) == true)
    }

    @Test func itMatches() throws {
        let labels = ["app": "web", "empty": ""]
        let cases: [(String, Bool)] = [
            ("", true), ("app=web", true), ("app=job", false), ("app!=web", false), ("app!=job", true),
            ("none!=x", true), ("app", true),
            ("none", false), ("!none", true), ("!app", false), ("empty=", true), ("empty", true), ("none=", false),
            ("app=web,!none", true),
            ("app=web,none", false), ("App=web", false),
        ]
        for (text, wanted) in cases { #expect(try LabelSelector(text).matches(labels) == wanted, "\(text)") }
        #expect(LabelSelector.everything.matches([:]))
    }
}
