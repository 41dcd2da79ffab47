import Faults
import Resources
import Testing

@testable import Portal

@Suite struct FaultTextTests {
    @Test(arguments: FaultCatalogue.all.map(\.number))
    func everyFaultHasChinese(_ number: FaultNumber) throws {
        let entry = try #require(FaultCatalogue.entry(number))
        let words = try #require(FaultWords.chinese(number), "\(number) has no Chinese: add it to FaultWords")
        for (english, chinese) in [(entry.title, words.summary), (entry.fix, words.fix)] {
            #expect(Self.hasHan(chinese) && chinese.hasSuffix("。"), "\(number): '\(chinese)'")
            for command in english.matches(of: /`[^`]+`/) {
                #expect(chinese.contains(command.0), "\(number): \(command.0) is not in '\(chinese)'")
            }
        }
    }

    @Test func noChineseIsOfAFaultThatIsNot() {
        let known = Set(FaultCatalogue.all.map { Int($0.number.rawValue) })
        #expect(FaultWords.tables.count == FaultRange.allCases.count)
        for (table, range) in zip(FaultWords.tables, FaultRange.allCases) {
            for number in table.keys {
                #expect(known.contains(number), "\(number)")
                #expect(number / 1_000 == Int(range.rawValue), "\(number) is in the table of another thousand")
            }
        }
    }

    @Test func theCataloguesOwnSentencesAreInTheReadersLanguage() {
        let entry = RequestFaults.formToken
        let box = problemBox(Refusal(Fault(entry, at: "form")))
        let (english, chinese) = (box.write(.english), box.write(.chinese))
        #expect(
            english.contains(
                "<div lang=\"en\"><p>\(entry.title)</p><dl class=\"facts\"><div><dt>Where</dt><dd>form</dd></div>"
                    + "<div><dt>Fix</dt><dd>\(entry.fix)</dd></div></dl></div>"))
        #expect(!Self.hasHan(english))
        #expect(chinese.contains("<div><p>该表单并非来自本浏览器从本站点获得的页面。</p>"))
        #expect(chinese.contains("<dt>位置</dt><dd><span lang=\"en\">form</span></dd>"))
        #expect(chinese.contains("<dt>解决办法</dt><dd>请从本页面重新提交表单"))
        #expect(!chinese.contains(entry.title) && !chinese.contains(entry.fix))
    }

    @Test func whatTheAPISaysBeyondThemStaysAndIsMarked() {
        let fault = Fault(ResourceFaults.outOfRange, "It is <9>.", wanted: "1 to 8", fix: "Take & write 8.")
        let chinese = problemBox(Refusal(fault)).write(.chinese)
        #expect(chinese.contains("<p>某字段的值超出范围。 <span lang=\"en\">It is &lt;9&gt;.</span></p>"))
        #expect(chinese.contains("<dt>应为</dt><dd><span lang=\"en\">1 to 8</span></dd>"))
        #expect(chinese.contains("<dt>解决办法</dt><dd><span lang=\"en\">Take &amp; write 8.</span></dd>"))
    }

    @Test func everyMistakeOfADocumentIsTold() {
        let fault = Fault(ResourceFaults.invalidDocument, parts: [Fault(ResourceFaults.missingField, at: "spec.a")])
        let chinese = problemBox(Refusal(fault)).write(.chinese)
        #expect(chinese.contains("文档有多处错误。") && chinese.contains("缺少必填字段。"))
    }

    /// A newer peer's fault is shown as the peer tells it.
    @Test func anUnknownNumberStaysInEnglish() {
        let box = problemBox(Refusal(status: 409, problem: ["code": "ATL-9999", "detail": "New.", "fix": "Wait."]))
        #expect(box.write(.chinese).contains("<div lang=\"en\"><p>New.</p>"))
        for line in ["ATL-9999 New.", "ATL-12345 New.", "as ATL-3037 says", "ATL-3037", "–"] {
            #expect(faultLine(line).write(.chinese) == "<span lang=\"en\">\(line)</span>")
        }
    }

    @Test(arguments: [
        ("ATL-3045 The peer could not work on the call.", "ATL-3045 对等站点未能处理该调用。"),
        ("ATL-3045: No room.", "ATL-3045 对等站点未能处理该调用。 <span lang=\"en\">No room.</span>"),
        (
            "ATL-3045 The peer could not work on the call. (3 times)",
            "ATL-3045 对等站点未能处理该调用。 <span lang=\"en\">(3 times)</span>"
        ), ("ATL-17 <b>", "ATL-0017 发生了没有专属编号的故障。 <span lang=\"en\">&lt;b&gt;</span>"),
    ])
    func aLineWithANumberIsToldInChinese(_ line: String, _ chinese: String) {
        #expect(faultLine(line).write(.chinese) == chinese)
        #expect(faultLine("ATL-3045 No room.").write(.english) == "<span lang=\"en\">ATL-3045 No room.</span>")
    }

    @Test func aJobSaysWhyInTheReadersLanguage() {
        let entry = JobFaults.overtime
        let reason: JSONValue = [
            "number": .string(entry.number.description), "text": .string(entry.title), "fix": .string(entry.fix),
        ]
        func job(_ message: String) -> JobView {
            JobView(json: ["status": ["reason": reason, "message": .string(message)]])
        }
        let box = job("").reasonBox
        #expect(box.write(.english).contains("<p>Fix: \(entry.fix)</p>"))
        #expect(box.write(.english).hasPrefix("<div class=\"problem\" lang=\"en\">"))
        #expect(box.write(.chinese).contains("<p>任务运行时间超过其上限。</p><p>解决办法：请提高 spec.limits.time"))
        let again = job("starts again: \(entry.title)").messageHTML(.class("brief"))
        #expect(again.write(.english) == "<span lang=\"en\" class=\"brief\">starts again: \(entry.title)</span>")
        #expect(again.write(.chinese) == "<span class=\"brief\">将重新启动：任务运行时间超过其上限。</span>")
        #expect(job("bank: agrees").messageHTML().write(.chinese) == "<span lang=\"en\">bank: agrees</span>")
    }

    private static func hasHan(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}
