import API
import Hummingbird
import People
import Resources

/// What tasks can do: the catalogue of operators, and a form of each that writes its task.
struct AlgorithmsModule: PortalModule {
    var entries: [MenuEntry] {
        [MenuEntry(.algorithms, Words("Algorithms", "算法"), "/algorithms", asks: .view(.site))]
    }

    func add(to routes: PortalRoutes) {
        routes.page("algorithms", Self.list)
        routes.page("algorithms/:name", OperatorPage.page)
    }

    @Sendable private static func list(_ visit: Visit) async throws -> Page {
        let all = try await visit.api.list("/operators").map { OperatorView(json: $0) }
        let text = visit.query("text")?.lowercased()
        let found = all.filter { known in
            guard let text else { return true }
            let words = [known.words, OperatorTexts.words(known.summary)].compactMap { $0 }
            return ([known.name, known.summary] + words.flatMap { [$0.english, $0.chinese] })
                .contains { $0.lowercased().contains(text) }
        }
        return Page(
            Words("Algorithms", "算法"), in: .algorithms,
            intro: Words(
                "What a task of a job can do, who takes part in it, and what each party learns.",
                "任务的每个步骤能做什么、谁参与、各方会得知什么。")
        ) {
            visit.filter("/algorithms") {
                visit.field("text", Words("Name or what it does", "名称或用途"), type: "search", value: visit.query("text"))
            }
            tag("p", .class("note")) { Words("\(found.count) operators", "共 \(found.count) 个算子") }
            for group in OperatorWords.Group.allCases {
                let members = found.filter { $0.group == group }
                if !members.isEmpty {
                    section(group.words, id: "group-\(group.rawValue)") { table(group, members, visit) }
                }
            }
        }
    }

    private static func table(_ group: OperatorWords.Group, _ members: [OperatorView], _ visit: Visit) -> HTML {
        Table(
            group.words,
            [
                .init(Words("Operator", "算子")), .init(Words("What it does", "用途")), .init(Words("Parties", "参与方")),
                .init(Words("Crosses between sites", "站点间通信")), .init(Words("Version", "版本"), isNumber: true),
            ],
            rows: members.map { known in
                [
                    link(known.name, visit.link("/algorithms/\(encoded(known.name))")),
                    tag("div") {
                        if let words = known.words { tag("strong") { words } }
                        OperatorTexts.said(known.summary, in: "div")
                    },
                    OperatorPage.roles(known),
                    known.crosses
                        ? state(HTML(Words("messages", "有消息")), .busy) : state(HTML(Words("nothing", "无")), .good),
                    number(known.version),
                ]
            }
        ).html
    }
}
