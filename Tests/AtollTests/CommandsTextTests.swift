import Resources
import Testing

@testable import atoll

@Suite struct CommandsTextTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("商户信用", 8), ("é", 1), ("e\u{301}", 1), ("한글", 4), ("ＡＢ", 4), ("🇨🇳", 2), ("👩‍👩‍👧", 2),
        ("☎\u{FE0F}", 2), ("a\u{200B}b", 2), ("…", 1), ("【x】", 5), ("ﾊﾝ", 2),
    ])
    func countsColumnsOfATerminal(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func aJobThatIsFollowedTakesOneRowForEachState() {
        let terminal = Terminal(descriptor: 1, isTerminal: true, columns: 20, environment: { _ in nil })
        let first = JobFollowing.redraw("check  Running  10 %  running 40/100", over: false, terminal)
        #expect(first == "check  Running  10…")
        #expect(JobFollowing.redraw("check  Running", over: true, terminal) == "\u{1B}[1A\u{1B}[2Kcheck  Running")
        let file = Terminal(descriptor: 1, isTerminal: false, columns: nil, environment: { _ in nil })
        #expect(JobFollowing.redraw("check  Running  10 %  running 40/100", over: true, file).hasSuffix("40/100"))
    }

    @Test func cutsAtColumnsAndNeverThroughAWideCharacter() {
        #expect(TerminalText.cut("商户信用", columns: 8) == "商户信用")
        #expect(TerminalText.cut("商户信用", columns: 7) == "商户信…")
        #expect(TerminalText.cut("商户信用", columns: 6) == "商户…")
        #expect(TerminalText.cut("abc", columns: 1) == "…")
        #expect(TerminalText.cut("abc", columns: 0) == "")
    }

    @Test func storedTextsCannotSteerTheTerminal() {
        #expect(TerminalText.line("a\u{1B}[2Jb\nc\td\u{9B}e\u{202E}f") == "a\\u{1b}[2Jb\\nc\\td\\u{9b}e\\u{202e}f")
        #expect(TerminalText.lines("a\nb\r") == "a\nb\\r")
        #expect(TerminalText.line("商户 e\u{301} 👩‍👩‍👧") == "商户 e\u{301} 👩‍👩‍👧")
    }

    private func terminal(_ columns: Int?, colour: Bool = false) -> Terminal {
        Terminal(descriptor: 1, isTerminal: columns != nil, columns: columns) {
            $0 == "NO_COLOR" && !colour ? "1" : nil
        }
    }

    @Test func alignsColumnsByWidth() {
        var table = TextTable(["NAME", "DISPLAY NAME", "STATE"])
        table.add(["retail-risk", "Retail risk", "Ready"])
        table.add(["smb", "商户信用", ""])
        #expect(
            table.text(for: terminal(nil)) == """
                NAME         DISPLAY NAME  STATE
                retail-risk  Retail risk   Ready
                smb          商户信用
                """
        )
    }

    @Test func anEmptyCellInTheMiddleKeepsTheColumns() {
        var table = TextTable(["A", "B", "C"])
        table.add(["1", "", "3"])
        #expect(table.text(for: terminal(nil)) == "A  B  C\n1     3")
    }

    @Test func onANarrowTerminalTheWidestColumnGivesWayButNeverTheFirst() {
        var table = TextTable(["NAME", "SUMMARY", "AGE"])
        table.add(["a-rather-long-name", "A department of the institution", "3m"])
        let lines = table.text(for: terminal(40)).split(separator: "\n")
        #expect(lines.map { DisplayWidth.of($0) }.max() == 40)
        #expect(lines.last == "a-rather-long-name  A department o…  3m")
        #expect(table.text(for: terminal(10)).contains("a-rather-long-name  A depar…  3m"))
        #expect(table.text(for: terminal(nil)).contains("A department of the institution"))
    }

    @Test func coloursDoNotMoveColumns() {
        var table = TextTable(["A", "B"])
        table.add([.init("x", .good), "y"])
        #expect(
            table.text(for: terminal(80, colour: true))
                == "\u{1B}[1mA\u{1B}[0m  \u{1B}[1mB\u{1B}[0m\n\u{1B}[32mx\u{1B}[0m  y")
    }

    @Test func noColoursWhereTheyAreNotWanted() {
        func hasColour(_ isTerminal: Bool, _ environment: [String: String]) -> Bool {
            Terminal(descriptor: 1, isTerminal: isTerminal, columns: 80) { environment[$0] }.hasColour
        }
        #expect(hasColour(true, ["TERM": "xterm"]))
        #expect(hasColour(true, ["NO_COLOR": ""]))
        #expect(!hasColour(true, ["NO_COLOR": "0"]))
        #expect(!hasColour(true, ["TERM": "dumb"]))
        #expect(!hasColour(false, ["TERM": "xterm"]))
    }

    @Test(arguments: [
        (-5, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (7199, "119m"), (7200, "2h"), (12_000, "3h20m"),
        (36_000, "10h"),
        (172_799, "47h"), (172_800, "2d"), (34_560_000, "400d"),
    ])
    func agesAreShort(seconds: Int64, text: String) {
        let now = Timestamp(milliseconds: 2_000_000_000_000)
        #expect(Age.text(since: Timestamp(milliseconds: now.milliseconds - seconds * 1000), now: now) == text)
    }

    @Test func valuesBecomeCells() {
        #expect(CellText.text(nil) == "-")
        #expect(CellText.text("") == "-")
        #expect(CellText.text(["a", "b"]) == "a,b")
        #expect(CellText.text([]) == "-")
        #expect(CellText.text(["b": 1, "a": [true]]) == #"{"a":[true],"b":1}"#)
        #expect(CellText.text(["spec": ["n": 3]], at: ["spec", "n"]) == "3")
        #expect(CellText.text(["spec": 1], at: ["spec", "n"]) == "-")
    }
}
