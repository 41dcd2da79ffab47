import Faults
import Resources
import Testing

@Suite struct JSONParserTests {
    @Test(
        arguments: [
            ("null", JSONValue.null), ("true", true), ("false", false), ("\"\"", ""), ("[]", []), ("{}", [:]),
            (" \t\r\n[ 1 , 2 ] \n", [1, 2]), ("{ \"a\" : { \"b\" : [ null ] } }", ["a": ["b": [.null]]]),
            ("{\"\":1}", ["": 1]), ("[[],[[]],{}]", [[], [[]], [:]]), ("{\"a\":1,\"A\":2}", ["a": 1, "A": 2]),
        ] as [(String, JSONValue)])
    func itReadsValues(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test(
        arguments: [
            ("0", JSONValue.integer(0)), ("-0", .integer(0)), ("-1", .integer(-1)),
            ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("0.5", .number(0.5)), ("-0.0", .number(-0.0)), ("1.0", .number(1)), ("1e2", .number(100)),
            ("1E+2", .number(100)),
            ("1e-2", .number(0.01)), ("1.25e1", .number(12.5)), ("5e-324", .number(.leastNonzeroMagnitude)),
            ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)), ("1e-999", .number(0)),
            ("123456789012345678901234567890", .number(1.2345678901234568e29)),
        ] as [(String, JSONValue)])
    func itReadsNumbers(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test(arguments: [
        ("\\\" \\\\ \\/ \\b \\f \\n \\r \\t", "\" \\ / \u{8} \u{c} \n \r \t"), ("\\u0041\\u00e9\\u754c", "Aé界"),
        ("\\ud83c\\udfdd\\uD83C\\uDFDD", "🏝🏝"), ("\\u0000", "\0"), ("界🏝é", "界🏝é"), ("\u{7f}", "\u{7f}"),
        ("\\uFFFF\\uFFFE", "\u{FFFF}\u{FFFE}"), ("\\udbff\\udfff", "\u{10FFFF}"),
    ])
    func itReadsTexts(_ text: String, _ value: String) throws {
        #expect(try JSONParser.parse("\"\(text)\"") == .string(value))
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "tru", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,,2]",
        "{\"a\"",
        "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{1:2}", "{'a':1}", "{,}", "1 2",
        "null null",
        "01", "-01", "+1", "-", "--1", ".5", "1.", "1.e1", "1e", "1e+", "0x1", "1_000", "NaN", "Infinity", "-Infinity",
        "1e999",
        "-1e999", "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\u+123\"", "\"\t\"", "\"\n\"",
        "\"\u{1f}\"",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800a\"", "\"\\ud800\\ud800\"", "// c\n1", "/**/1",
        "[1]x",
        "\u{FEFF}1", "\u{a0}1", "'a'", "\"a\" : 1",
    ])
    func itRefusesWhatIsNotJSON(_ text: String) throws {
        #expect(throws: Fault(ResourceFaults.syntax)) { _ = try JSONParser.parse(text) }
    }

    @Test(
        arguments: [
            [0x22, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
            [0xFF], [0x00],
            [0x22, 0xE2, 0x82, 0x22], [0x7B, 0x22, 0xFE, 0x22, 0x3A, 0x31, 0x7D],
        ] as [[UInt8]])
    func itRefusesWhatIsNotUTF8(_ bytes: [UInt8]) throws {
        #expect(throws: Fault(ResourceFaults.syntax)) { _ = try JSONParser.parse(bytes) }
    }

    @Test func itRefusesAKeyThatAppearsTwiceAndNamesTheSecond() throws {
        for text in ["{\"a\":1,\n \"a\":2}", "{\"a\":1,\n \"\\u0061\":2}"] {
            let fault = #expect(throws: Fault.self) { _ = try JSONParser.parse(text) }
            #expect(fault?.is(ResourceFaults.duplicateKey) == true)
            #expect(fault?.place == "line 2, column 2")
            #expect(fault?.what.contains("'a'") == true)
        }
        #expect(throws: Fault(ResourceFaults.duplicateKey)) { _ = try JSONParser.parse("[{\"b\":{\"a\":1,\"a\":1}}]") }
    }

    @Test func itReadsTheDeepestAllowedAndRefusesTheNext() throws {
        let deepest = JSONParser.maximumDepth
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ levels: Int) -> String {
                String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
            }
            _ = try JSONParser.parse(nested(deepest))
            #expect(throws: Fault(ResourceFaults.tooDeep)) { _ = try JSONParser.parse(nested(deepest + 1)) }
        }
        #expect(throws: Fault(ResourceFaults.tooDeep)) {
            _ = try JSONParser.parse(String(repeating: "[", count: 1_000_000))
        }
    }

    @Test(arguments: [
        ("{\n  \"a\": x\n}", "line 2, column 8"), ("[1,\n2,\n3", "line 3, column 2"), ("\"界界\" x", "line 1, column 6"),
        ("", "line 1, column 1"),
    ])
    func itSaysWhere(_ text: String, _ place: String) throws {
        let fault = #expect(throws: Fault.self) { _ = try JSONParser.parse(text) }
        #expect(fault?.place == place)
    }

    @Test func messagesDoNotCarryValues() throws {
        let fault = #expect(throws: Fault.self) {
            _ = try JSONParser.parse("{\"key\": \"secret-value\" \"other-secret\"}")
        }
        let text = try #require(fault?.description)
        #expect(!text.contains("secret"))
    }

    /// Twice the length may take about twice the time: 4 MB of keys in well under what quadratic counting needs.
    @Test func itRunsInLinearTime() throws {
        func time(_ keys: Int) throws -> Duration {
            let text = "{" + (0..<keys).map { "\"key-\($0)\":\n\"\($0)\"" }.joined(separator: ",\n") + "}"
            let bytes = Array(text.utf8)
            let start = ContinuousClock.now
            #expect(try JSONParser.parse(bytes).object?.count == keys)
            return ContinuousClock.now - start
        }
        _ = try time(1000)
        let short = try (0..<3).map { _ in try time(4000) }.min()!
        let long = try (0..<3).map { _ in try time(64_000) }.min()!
        #expect(long / short < 100, "16 times the length; quadratic would be 256 times the time")
    }
}
