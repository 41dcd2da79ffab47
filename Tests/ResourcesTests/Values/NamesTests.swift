import Faults
import Resources
import Testing

@Suite struct NamesTests {
    @Test(arguments: [
        "a", "0", "a-b", "a--b", "9z", String(repeating: "x", count: 63), "a" + String(repeating: "-", count: 61) + "b",
    ])
    func names(_ name: String) throws {
        #expect(Names.isValid(name))
        try Names.check(name, at: "metadata.name")
    }

    @Test(arguments: [
        "", "-", "-a", "a-", "A", "aB", "a_b", "a.b", "a b", " a", "a\n", "é", "ａ", "a/b", "a~b", "a\0",
        String(repeating: "x", count: 64),
    ])
    func notNames(_ name: String) throws {
        #expect(!Names.isValid(name))
        let fault = #expect(throws: Fault.self) { try Names.check(name, at: "metadata.name") }
        #expect(fault?.is(ResourceFaults.invalidName) == true)
        #expect(fault?.place == "metadata.name" && fault?.wanted != nil)
    }

    @Test func dottedNamesAreNamesJoinedByDots() {
        for name in ["a", "train.boosting", "a.b-c.9"] { #expect(Names.isDotted(name), "\(name)") }
        for name in ["", ".", ".a", "a.", "a..b", "A.b", "a.b_c", "a.-b", "a b"] {
            #expect(!Names.isDotted(name), "\(name)")
        }
    }

    @Test(arguments: [
        ("a", ""), ("app.io/Name_1-x", "Value/2.0_x-"),
        (String(repeating: "k", count: 63), String(repeating: "v", count: 63)),
    ])
    func labels(_ key: String, _ value: String) throws {
        try Names.checkLabel(key, value, at: "labels")
    }

    @Test(arguments: [
        ("", "v"), ("k", String(repeating: "v", count: 64)), (String(repeating: "k", count: 64), "v"), ("k=", "v"),
        ("k", "a,b"), ("k", "a b"),
        ("!k", "v"), ("k", "é"), ("k\u{10}", "v"), ("k", "\u{19}"), ("k", "a\u{11}b"), ("k", "~"), ("k", "@"),
        ("k", "["), ("k", "`"), ("k", "{"),
    ])
    func notLabels(_ key: String, _ value: String) throws {
        #expect(throws: Fault(ResourceFaults.invalidLabel)) { try Names.checkLabel(key, value, at: "labels") }
    }

    @Test func exactlyTheseBytesAreAllowedInLabels() {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./".unicodeScalars)
        for code in UInt8.min...127 {
            let scalar = Unicode.Scalar(code)
            let isAccepted = (try? Names.checkLabel("k", String(Character(scalar)), at: "x")) != nil
            #expect(isAccepted == allowed.contains(scalar), "byte \(code)")
        }
    }
}
