import Resources

extension JobView {
    /// Why it ended or does not go on, by number.
    var reasonBox: HTML {
        guard let reason = status["reason"] else { return HTML() }
        let (number, detail) = (reason["number"]?.string ?? "", reason["text"]?.string ?? "")
        let fix = reason["fix"]?.string ?? ""
        let english = tag("div", .class("problem"), Attribute("lang", "en")) {
            tag("h3") { plain(number) }
            tag("p") { plain(detail) }
            if !fix.isEmpty { tag("p") { plain("Fix: \(fix)") } }
        }
        guard let text = FaultText(number, detail: detail, fix: fix) else { return english }
        let chinese = tag("div", .class("problem")) {
            tag("h3") { plain(number) }
            tag("p") { text.chineseDetail }
            text.chineseFix.map { fix in tag("p") { HTML(Words("Fix: ", "解决办法：")) + fix } }
        }
        return HTML(english: english, chinese: chinese)
    }

    /// Why it stands where it does; a reason with a number is told in the reader's language.
    func messageHTML(_ attributes: Attribute...) -> HTML {
        let english = tag("span", [Attribute("lang", "en")] + attributes) { plain(message) }
        guard let reason = status["reason"], let detail = reason["text"]?.string, !detail.isEmpty,
            message.hasSuffix(detail),
            let text = FaultText(reason["number"]?.string ?? "", detail: detail)
        else { return english }
        let before = message.dropLast(detail.count)
        let chinese = tag("span", attributes) {
            if before == "starts again: " { Words("starts again: ", "将重新启动：") } else { plain(String(before)) }
            text.chineseDetail
        }
        return HTML(english: english, chinese: chinese)
    }
}
