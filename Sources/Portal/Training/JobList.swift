import People
import Resources

/// All jobs of a place: filtered, sorted, by pages.
enum JobList {
    private static let rows = 50

    private enum Order: String, CaseIterable {
        case newest, oldest, name, state

        var words: Words {
            switch self {
            case .newest: Words("Newest first", "最新优先")
            case .oldest: Words("Oldest first", "最早优先")
            case .name: Words("Name", "名称")
            case .state: Words("State", "状态")
            }
        }

        func comes(_ one: JobView, before other: JobView) -> Bool {
            switch self {
            case .newest: (one.created ?? "", one.name) > (other.created ?? "", other.name)
            case .oldest: (one.created ?? "", one.name) < (other.created ?? "", other.name)
            case .name: (one.name, one.created ?? "") < (other.name, other.created ?? "")
            case .state: (one.stateName, other.created ?? "") < (other.stateName, one.created ?? "")
            }
        }
    }

    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let all = try await visit.api.listAll("/jobs", visit.placed()).map { JobView(json: $0) }
        let (state, text) = (visit.query("state"), visit.query("text"))
        let order = visit.query("sort").flatMap(Order.init(rawValue:)) ?? .newest
        let found = all.filter { job in
            (state == nil || job.stateName == state)
                && (text.map { matches(job, $0.lowercased()) } ?? true)
        }.sorted(by: order.comes)
        let paging = Paging(found, visit, size: rows)
        return Page(
            Words("Training", "训练"), in: .training,
            intro: Words(
                "Jobs between sites, and what this site has computed alone.", "站点之间的任务，以及本站点单独执行的计算。"),
            actions: actions(visit), live: .init(kinds: ["jobs"])
        ) {
            filter(visit, order)
            if all.isEmpty {
                emptyState(Words("There is no job here yet.", "这里还没有任务。")) {
                    if visit.may(.manage(.jobs)) {
                        link(Words("Train a model", "训练模型"), visit.link("/training/new"), class: "button primary")
                    }
                }
            } else {
                table(visit, Array(paging.shown))
                paging.links(visit, "/training", ["text", "state", "sort"].map { ($0, visit.query($0)) })
            }
        }
    }

    private static func matches(_ job: JobView, _ text: String) -> Bool {
        [job.name, job.project ?? "", job.owner, job.message, job.id ?? ""].contains { $0.lowercased().contains(text) }
    }

    private static func actions(_ visit: Visit) -> HTML {
        guard visit.may(.manage(.jobs)) else { return HTML() }
        return link(Words("Train a model", "训练模型"), visit.link("/training/new"), class: "button primary")
            + link(Words("Write a document", "编写任务文档"), visit.link("/training/document"), class: "button")
    }

    private static func filter(_ visit: Visit, _ order: Order) -> HTML {
        let states: [(value: String, shown: HTML)] =
            [("", HTML(Words("Every state", "所有状态")))] + JobState.allCases.map { ($0.rawValue, HTML($0.words)) }
        return visit.filter("/training") {
            visit.field(
                "text", Words("Name, owner or message", "名称、发起站点或消息"), type: "search", value: visit.query("text"))
            visit.choice("state", Words("State", "状态"), states, chosen: visit.query("state") ?? "")
            visit.choice(
                "sort", Words("Order", "排序"), Order.allCases.map { ($0.rawValue, HTML($0.words)) },
                chosen: order.rawValue)
        }
    }

    private static func table(_ visit: Visit, _ jobs: [JobView]) -> HTML {
        tag("form", Attribute("method", "get"), .action("/training/compare")) {
            visit.placeFields
            Table(
                Words("Jobs", "任务列表"),
                [
                    .init(Words("Name", "名称")), .init(Words("State", "状态")), .init(Words("Progress", "进度")),
                    .init(Words("Project", "项目")), .init(Words("Owner", "发起站点")), .init(Words("Begun", "开始时间")),
                    .init(Words("Message", "消息")), .init(Words("Compare", "对比")),
                ], rows: jobs.map { row($0, visit) }
            ).html
            tag("button") { Words("Compare the chosen jobs", "对比所选任务") }
        }
    }

    private static func row(_ job: JobView, _ visit: Visit) -> [HTML] {
        [
            job.nameLink, JobState.html(job.stateName),
            tag("span", .class("nowrap")) { plain(job.progress) },
            tag("span", .class("nowrap")) {
                plain([job.tenant, job.project].compactMap(\.self).joined(separator: " / "))
            }, HTML(job.ownerWords),
            time(job.created), job.messageHTML(.class("brief")),
            tag("label", .class("box")) {
                void(
                    "input", Attribute("type", "checkbox"), Attribute("name", "job"),
                    Attribute("value", RunComparison.reference(job)))
                tag("span", .class("unseen")) {
                    Words("Compare ", "对比 ")
                    plain(job.name)
                }
            },
        ]
    }
}
