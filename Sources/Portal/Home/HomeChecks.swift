import People
import Resources

/// What the site finds wrong with itself, on top of everything else.
struct HomeChecks {
    private let findings: [JSONValue]
    private let path: String

    /// Nil for viewers who may not see checks.
    init?(_ visit: Visit) async throws {
        guard visit.may(.view(.checks)) else { return nil }
        findings = try await visit.api.list("/doctor").filter { $0["status"]?.string != "pass" }
        path = visit.link("/system") + "#checks"
    }

    var html: HTML {
        guard !findings.isEmpty else { return HTML() }
        return section(Words("The site needs attention", "站点需要处理"), id: "attention") {
            Table(
                Words("Checks that do not pass", "未通过的检查"),
                [.init(Words("Check", "检查项")), .init(Words("Result", "结果")), .init(Words("Found", "发现"))],
                rows: findings.map { finding in
                    [
                        plain(finding["id"]?.string ?? ""), checkState(finding["status"]?.string ?? ""),
                        faultLine(finding["found"]?.string ?? ""),
                    ]
                }
            ).html
            tag("p") { link(Words("What to do about it", "如何处理"), path) }
        }
    }
}

/// The result of a check.
func checkState(_ status: String) -> HTML {
    switch status {
    case "pass": state(HTML(Words("Passes", "通过")), .good)
    case "warn": state(HTML(Words("Warns", "警告")), .waiting)
    case "fail": state(HTML(Words("Fails", "失败")), .bad)
    default: state(plain(status), .plain)
    }
}
