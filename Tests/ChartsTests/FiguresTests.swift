import Testing

@testable import Charts

/// Numbers, texts and their widths.
@Suite struct FiguresTests {
    @Test func numbersAreWrittenAsPeopleReadThem() {
        #expect(Figures.fixed(1_234.5, 2) == "1,234.50" && Figures.fixed(-0.004, 2) == "0.00")
        #expect(
            Figures.fixed(-1.005, 1) == "−1.0" && Figures.fixed(0.05, 2) == "0.05" && Figures.fixed(9.999, 2) == "10.00"
        )
        #expect(Figures.fixed(.nan, 2) == "–" && Figures.fixed(-.infinity, 2) == "–")
        #expect(Figures.short(0) == "0" && Figures.short(123_456) == "123,456" && Figures.short(12.3456) == "12.35")
        #expect(
            Figures.short(0.000_123_45) == "0.0001235" && Figures.short(-2.5) == "−2.5"
                && Figures.short(1e20) == "1e+20")
        #expect(Figures.signed(0.0391, 3) == "+0.039" && Figures.signed(-0.0391, 3) == "−0.039")
        #expect(Figures.signed(0.0001, 3) == "0.000" && Figures.percent(0.1234) == "12.3%")
        #expect(Figures.count(-1_234_567) == "−1,234,567" && Figures.count(.min) == "−9,223,372,036,854,775,808")
    }

    @Test func unitsChangeWhereTheyShould() {
        #expect(
            Figures.bytes(999) == "999 B" && Figures.bytes(999.6) == "1.0 kB" && Figures.bytes(81_200_000) == "81.2 MB")
        #expect(Figures.bytes(123_456) == "123 kB" && Figures.bytes(5e15) == "5,000 TB")
        #expect(
            Figures.seconds(0.0123) == "12 ms" && Figures.seconds(0.9996) == "1.0 s"
                && Figures.seconds(59.96) == "1 min 0 s")
        #expect(Figures.seconds(3_599.6) == "1 h 0 min" && Figures.seconds(7_384) == "2 h 3 min")
        #expect(
            Figures.duration(108) == Phrase("1 min 48 s", chinese: "1 分 48 秒") && Figures.duration(.nan).chinese == nil)
    }

    @Test func markupEscapesEverything() {
        let text = "<a b=\"c\">&'\u{0}\u{7}\u{202E}x"
        #expect(Markup.escape(text) == "&lt;a b=&quot;c&quot;&gt;&amp;&#39;\u{FFFD}\u{FFFD}\u{FFFD}x")
        #expect(
            Markup.text("p", [("title", "\"")], Phrase("<", chinese: ">"))
                == "<p title=\"&quot;\" data-zh=\"&gt;\">&lt;</p>")
        #expect(Markup.text("p", [], Phrase("a", chinese: "a")) == "<p>a</p>")
    }

    @Test func phrasesAreFilledOnceInBothLanguages() {
        let phrase = Phrase("{1} of {0} {9} {", chinese: "{0} 之 {1}")
        let filled = phrase.filled(Phrase("a{1}"), Phrase("b", chinese: "乙"))
        #expect(filled.english == "b of a{1} {9} {" && filled.chinese == "a{1} 之 乙")
        #expect(Phrase("{0}").filled("x").chinese == nil)
        #expect((Phrase("a", chinese: "甲") + "1").chinese == "甲1" && (Phrase("a") + "b").chinese == nil)
    }

    @Test func textsAreCutToTheirRoom() {
        for text in ["short", String(repeating: "W", count: 500), String(repeating: "信", count: 500), "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦"] {
            let cut = TextWidth.fit(text, 100, size: 12)
            #expect(TextWidth.of(cut, size: 12) <= 103)
            #expect(cut == text || cut.hasSuffix("…"))
        }
        #expect(TextWidth.fit("short", 100, size: 12) == "short")
    }
}
