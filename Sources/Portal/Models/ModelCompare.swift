import Models
import Resources

/// Two versions side by side.
enum ModelCompare {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let versions = try await visit.api.listAll("/modelversions", visit.placed())
        let references = versions.map { version in
            "\(version[path: "spec", "model"]?.string ?? ""):\(version[path: "spec", "version"]?.integer ?? 0)"
        }.sorted()
        let (first, second) = (visit.query("first"), visit.query("second"))
        var problem: HTML?
        var comparison: HTML?
        if let first, let second {
            let (one, other) = (try await facts(visit, first), try await facts(visit, second))
            if let one, let other {
                comparison = compared(visit, (first, one), (second, other))
            } else {
                problem = tag("p", .class("problem")) {
                    Words("One of the versions is not here.", "其中一个版本不在这里。")
                }
            }
        }
        return Page(Words("Compare versions", "比较版本"), in: .models) {
            ModelsModule.sections(visit, chosen: 2)
            if references.count < 2, visit.place.project != nil {
                emptyState(Words("Two versions are needed to compare.", "至少需要两个版本才能比较。")) {}
            } else if visit.place.project == nil {
                emptyState(
                    Words("Versions are compared within a project: choose one.", "请先选择一个项目再比较版本。")
                ) {
                    link(
                        Words("Choose a place", "选择位置"), visit.link("/places", [("next", "/model-comparison")]),
                        class: "button")
                }
            } else {
                visit.filter("/model-comparison") {
                    visit.choice(
                        "first", Words("One version", "一个版本"), references.map { ($0, plain($0)) }, chosen: first
                    )
                    visit.choice(
                        "second", Words("The other", "另一个版本"), references.map { ($0, plain($0)) },
                        chosen: second)
                    visit.box(
                        "all", HTML(Words("also what is the same", "显示相同项")),
                        isTicked: visit.query("all") != nil)
                }
            }
            problem
            comparison
        }
    }

    private static func facts(_ visit: Visit, _ reference: String) async throws -> JSONValue? {
        let words = reference.split(separator: ":").map(String.init)
        guard (1...2).contains(words.count) else { return nil }
        return try await visit.api.find(
            "/models/\(encoded(words[0]))/facts",
            visit.placed([("version", words.count == 2 ? words[1] : nil)]))
    }

    private static func compared(
        _ visit: Visit, _ one: (name: String, facts: JSONValue),
        _ other: (name: String, facts: JSONValue)
    ) -> HTML {
        let all = visit.query("all") != nil
        let rows = ModelComparison.rows(one.facts, other.facts).filter { all || $0.differs }
        return section(
            Words("\(one.name) and \(other.name)", "\(one.name) 与 \(other.name)"), id: "comparison"
        ) {
            if rows.isEmpty {
                tag("p") { Words("The versions do not differ.", "两个版本没有差别。") }
            } else {
                Table(
                    Words("What differs", "差别"),
                    [
                        .init(Words("What", "内容")), .init(Words(one.name, one.name)),
                        .init(Words(other.name, other.name)),
                    ] + (all ? [.init(Words("Differs", "是否不同"))] : []),
                    rows: rows.map { row in
                        [plain(row.what), plain(row.first ?? "–"), plain(row.second ?? "–")]
                            + (all
                                ? [
                                    row.differs
                                        ? state(HTML(Words("yes", "是")), .waiting)
                                        : state(HTML(Words("no", "否")), .plain)
                                ] : [])
                    }
                ).html
            }
            commandLines(
                ["atoll model compare \(one.name) \(other.name)\(all ? " --all" : "")\(visit.place.optionText)"],
                id: "command")
        }
    }
}
