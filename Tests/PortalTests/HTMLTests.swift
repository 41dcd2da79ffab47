import Testing

@testable import Portal

@Suite struct HTMLTests {
    private let hostile = "<script>alert('x')</script>\"&\u{202E}"

    @Test func textsAndAttributesAreEscaped() {
        let html = tag("p", Attribute("title", hostile), Attribute("lang", Words(hostile, hostile))) {
            plain(hostile)
            Words(hostile, hostile)
        }
        for language in Language.allCases {
            let text = html.write(language)
            let escaped = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\u{FFFD}"
            #expect(text == "<p title=\"\(escaped)\" lang=\"\(escaped)\">\(escaped)\(escaped)</p>")
        }
    }

    @Test func wordsAreWrittenInTheReadersLanguage() {
        let html = tag("p") { Words("Datasets", "数据集") }
        #expect(html.write(.english) == "<p>Datasets</p>")
        #expect(html.write(.chinese) == "<p>数据集</p>")
    }

    @Test(arguments: [
        "javascript:alert(1)", "//elsewhere.example", "https://elsewhere.example", "data:text/html,x", "/\\elsewhere",
        "/\t/elsewhere.example", "/\n/elsewhere.example", "/\r/elsewhere.example",
    ])
    func linksStayInTheSite(_ address: String) {
        #expect(tag("a", .href(address)) { HTML() }.write(.english) == "<a href=\"#\"></a>")
    }

    @Test func flagsAndAbsentAttributes() {
        let html = void("input", .flag("required"), .flag("checked", false), .optional("value", nil))
        #expect(html.write(.english) == "<input required>")
    }

    @Test func numbersAreForPeople() {
        #expect(numberText(0) == "0")
        #expect(numberText(-1_234_567) == "-1,234,567")
        #expect(numberText(999) == "999")
        #expect(decimalText(1234.5, 2) == "1,234.50")
        #expect(decimalText(-0.05, 1) == "-0.1")
        #expect(decimalText(0.999, 2) == "1.00")
        #expect(bytesText(999) == "999 B")
        #expect(bytesText(1536) == "1.5 kB")
        #expect(bytesText(5 << 40) == "5.5 TB")
    }
}
