import Resources

/// What a verification of the ledger found.
enum LedgerFindings {
    static func page(_ visit: Visit, _ report: JSONValue) -> Page {
        let isWhole = report["whole"]?.bool ?? false
        let findings = report["findings"]?.array ?? []
        let more = report["moreFindings"]?.integer ?? 0
        func count(_ member: String) -> HTML { number(report[member]?.integer ?? 0) }
        let content = section(Words("Result", "结果"), id: "result") {
            tag("p", Attribute("role", "status")) {
                isWhole
                    ? state(HTML(Words("The ledger holds together.", "账本完整无误。")), .good)
                    : state(HTML(Words("The ledger does not hold together.", "账本存在问题。")), .bad)
            }
            facts {
                fact(Words("Checked", "校验时间"), time(.now))
                fact(Words("Chains", "链"), count("chains"))
                fact(Words("Lines", "行"), count("lines"))
                fact(Words("Co-signed statements", "共同签名的声明"), count("statements"))
                fact(Words("Closing receipts", "关闭回执"), count("receipts"))
            }
            if !findings.isEmpty {
                Table(
                    Words("What does not hold", "不成立之处"),
                    [.init(Words("Where", "位置")), .init(Words("What", "问题"))],
                    rows: findings.map { [inEnglish($0["place"]?.string ?? ""), inEnglish($0["what"]?.string ?? "")] }
                ).html
            }
            if more > 0 {
                tag("p") { Words("\(numberText(more)) more are not shown.", "另有 \(numberText(more)) 项未显示。") }
            }
            tag("p") { link(Words("Back to the ledger", "返回账本"), visit.link("/federation/ledger"), class: "button") }
            commandLines(["atoll ledger verify"])
        }
        return Page(
            title: .words(Words("Verification of the ledger", "账本校验")), section: .federation,
            trail: FederationTab.ledger.trail(visit), content)
    }
}
