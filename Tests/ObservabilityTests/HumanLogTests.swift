import Logging
import Testing

@testable import Observability

@Suite struct HumanLogTests {
    let sink = MemorySink()

    @Test func aLineReadsLikeThis() {
        sink.logger(.human(colour: false), ["app": "job/x"]).notice("done", metadata: ["rows": "12", "path": "a b"])
        #expect(sink.last == #"2026-03-01T08:15:30.250Z NOTICE   done  app=job/x logger=atoll.test path="a b" rows=12"#)
    }

    /// A loop and no arguments, which the runner would print as they are.
    @Test func textFromOutsideCannotActOnTheTerminal() {
        let shown = [
            ("a\nb", #"a\nb"#), ("a\r\nb", #"a\r\nb"#), ("\u{1B}[2J", #"\u{1b}[2J"#), ("\u{9B}1m", #"\u{9b}1m"#),
            ("x\u{202E}y", #"x\u{202e}y"#), ("x\u{2028}y", #"x\u{2028}y"#), (#"C:\n"#, #"C:\\n"#), ("汉字 ok", "汉字 ok"),
            ("\u{0}\u{7F}\t", #"\u{0}\u{7f}\t"#),
        ]
        for (text, escaped) in shown {
            #expect(HumanLogLine.escape(text) == escaped)
        }
    }

    @Test func aLineCannotBeForged() {
        let forged = "ok\n2026-03-01T08:15:30.250Z INFO     forged  app=site"
        let metadata: Logger.Metadata = ["k\ne=y": "\(forged)", "q": "say \"hi\"", "e": ""]
        sink.logger(.human(colour: false)).info("\(forged)", metadata: metadata)
        #expect(!sink.last.contains("\n"))
        #expect(sink.last.contains(#"q="say \"hi\"""#))
        #expect(sink.last.contains(#" e="" "#))
    }

    /// A blank or a quote with a combining mark is another character to Swift and still the border of a pair to a reader.
    @Test func aPairCannotBeForged() {
        let metadata: Logger.Metadata = ["a b=c": "1", "x": "y \u{308}app=portal", "z": "\"\u{308} app=portal"]
        sink.logger(.human(colour: false)).info("m", metadata: metadata)
        #expect(
            sink.last.hasSuffix(
                "\"a b=c\"=1 x=\"y \u{308}app=portal\" z=\"\\\"\u{308} app=portal\""))
    }

    @Test func colourIsOnlyThereWhenAskedFor() {
        sink.logger(.human(colour: true)).error("x")
        #expect(sink.last.contains("\u{1B}[31mERROR"))
        sink.logger(.human(colour: false)).error("x")
        #expect(!sink.last.contains("\u{1B}"))
    }
}
