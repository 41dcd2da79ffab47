import HTTPTypes
import Hummingbird
import People
import Resources

/// One dataset: what it is, its columns, rows, profile, comparison, grants, history, and its end.
enum DatasetPage {
    static let prefix = "/data/datasets"

    enum Tab: Int, CaseIterable {
        case overview, schema, rows, profile, compare, grants, history

        var path: String? { self == .overview ? nil : "\(self)" }

        var words: Words {
            switch self {
            case .overview: Words("Overview", "概览")
            case .schema: Words("Schema", "结构")
            case .rows: Words("First rows", "前几行")
            case .profile: Words("Profile", "画像")
            case .compare: Words("Compare", "版本比较")
            case .grants: Words("Grants", "授权")
            case .history: Words("History", "变更历史")
            }
        }

        /// What the API asks for it.
        var asks: Permission {
            switch self {
            case .overview, .schema, .history: .view(.datasets)
            case .rows, .profile, .compare: .view(.rows)
            case .grants: .view(.grants)
            }
        }
    }

    static func add(to routes: PortalRoutes) {
        routes.page("data/datasets/:name") { visit in try await page(visit, .overview) { overview($0, visit) } }
        routes.page("data/datasets/:name/schema") { visit in try await page(visit, .schema) { schema($0) } }
        routes.page("data/datasets/:name/rows", rows)
        routes.page("data/datasets/:name/profile", DatasetProfile.page)
        routes.page("data/datasets/:name/compare", DatasetComparison.page)
        routes.page("data/datasets/:name/history", history)
        DatasetGrants.add(to: routes)
        routes.page("data/datasets/:name/delete", ending)
        routes.form("data/datasets/:name/delete", on: ending) { visit, form in
            try await visit.api.send(
                .delete, "/datasets/\(encoded(try visit.part("name")))", visit.placed(), key: form.key)
            return .to(visit.link("/data"), .deleted)
        }
    }

    static func find(_ visit: Visit) async throws -> ProjectThing {
        ProjectThing(try await visit.api.get("/datasets/\(encoded(try visit.part("name")))", visit.placed()))
    }

    /// A page of the dataset that the address names, with its tabs.
    static func page(
        _ visit: Visit, _ tab: Tab, live: Page.Live? = nil, _ content: (ProjectThing) async throws -> HTML
    ) async throws -> Page {
        let dataset = try await find(visit)
        let seen = Tab.allCases.filter { $0 == tab || visit.may($0.asks) }
        let bar = tabs(
            seen.map { ($0.words, dataset.path(prefix, $0.path)) }, chosen: seen.firstIndex(of: tab) ?? 0)
        return Page(
            title: .name(dataset.name, kind: Words("Dataset", "数据集")), section: .data,
            trail: [(DataModule.trail.0.html, visit.link(DataModule.trail.1))],
            actions: actions(dataset, visit), live: live, bar + (try await content(dataset)))
    }

    private static func actions(_ dataset: ProjectThing, _ visit: Visit) -> HTML {
        guard visit.may(.manage(.datasets)) else { return HTML() }
        return link(Words("Delete…", "删除…"), dataset.path(prefix, "delete"), class: "button danger")
    }

    // MARK: Overview

    private static func overview(_ dataset: ProjectThing, _ visit: Visit) -> HTML {
        let spec = dataset.spec
        let source = spec["source"]
        let lineage = spec["lineage"]
        return section(Words("What it is", "基本信息"), id: "facts") {
            facts {
                fact(Words("State", "状态"), DatasetList.standing(dataset))
                fact(Words("Project", "项目"), plain(dataset.place))
                fact(Words("Rows", "行数"), number(spec["rows"]?.integer ?? 0))
                fact(Words("Columns", "列数"), number(Int64(spec["columns"]?.array?.count ?? 0)))
                fact(Words("Ids", "标识列"), names(dataset.texts("ids")))
                fact(Words("Label", "标签列"), plain(spec["label"]?.string ?? "–"))
                fact(Words("Size", "大小"), bytes(spec["bytes"]?.integer))
                fact(Words("Made", "创建时间"), time(dataset.made))
                source.map { source in
                    fact(
                        Words("Made of", "来源文件"),
                        Words("file ", "文件 ").html + plain(source["file"]?.string ?? "–") + plain(" · ")
                            + bytes(source["bytes"]?.integer))
                }
                lineage.map { lineage in
                    fact(
                        Words("Made of", "来源"),
                        Words("rows of dataset ", "数据集 ").html
                            + link(
                                lineage["dataset"]?.string ?? "",
                                address("\(prefix)/\(encoded(lineage["dataset"]?.string ?? ""))", dataset.placed))
                            + Words(", by task ", " 的行，由步骤 ").html + plain(lineage["task"]?.string ?? "")
                            + Words(" of job ", "，任务 ").html + plain(lineage["job"]?.string ?? ""))
                }
            }
            tag("h3") { Words("Digest of the content", "内容摘要") }
            copyable(spec["digest"]?.string ?? "", id: "digest", Words("Digest", "摘要"), isBlock: false)
        }
            + section(Words("By command", "命令行"), id: "command") {
                copyable(
                    "atoll data describe \(dataset.name) --tenant \(dataset.tenant) --project \(dataset.project)",
                    id: "command-text", Words("Command", "命令"))
            }
    }

    // MARK: Schema and rows

    private static func schema(_ dataset: ProjectThing) -> HTML {
        let ids = Set(dataset.texts("ids"))
        let label = dataset.spec["label"]?.string
        return Table(
            Words("Columns", "列"),
            [
                .init(Words("Name", "名称")), .init(Words("Place", "位置"), isNumber: true), .init(Words("Type", "类型")),
                .init(Words("Role", "角色")),
            ],
            rows: (dataset.spec["columns"]?.array ?? []).enumerated().map { index, column in
                let name = column["name"]?.string ?? ""
                let scale = column["scale"]?.integer.map { " (\($0))" } ?? ""
                let role: HTML =
                    ids.contains(name)
                    ? Words("Id", "标识").html : name == label ? Words("Label", "标签").html : Words("Feature", "特征").html
                return [
                    plain(name), number(Int64(index + 1)), type(column["type"]?.string ?? "") + plain(scale), role,
                ]
            }
        ).html
    }

    static func type(_ name: String) -> HTML {
        let base = name.split(separator: "(").first.map(String.init) ?? name
        let rest = plain(String(name.dropFirst(base.count)))
        return switch base {
        case "integer": Words("Integer", "整数").html + rest
        case "decimal": Words("Decimal", "定点小数").html + rest
        case "float": Words("Float", "浮点数").html + rest
        case "category": Words("Category", "类别").html + rest
        case "date": Words("Date", "日期").html + rest
        case "text": Words("Text", "文本").html + rest
        default: plain(name)
        }
    }

    @Sendable private static func rows(_ visit: Visit) async throws -> Page {
        try await page(visit, .rows) { dataset in
            let count = visit.query("rows").flatMap(Int.init).map { min(max($0, 1), 200) } ?? 20
            let head = try await visit.api.get(
                "/datasets/\(encoded(dataset.name))/head", dataset.placed + [("rows", "\(count)")])
            let columns = (head["columns"]?.array ?? []).compactMap(\.string)
            let table = Table(
                Words("First rows", "前几行"),
                [.init(Words("Row", "行"))] + columns.map { .init(Words($0, $0)) },
                rows: (head["rows"]?.array ?? []).enumerated().map { index, row in
                    [number(Int64(index + 1))]
                        + (row.array ?? []).map { cell in
                            cell.string.map { plain($0) }
                                ?? tag("span", .class("muted")) { Words("missing", "缺失") }
                        }
                }
            )
            return tag("p", .class("note")) {
                Words(
                    "Rows are shown to those who may see them, and every look is in the audit.",
                    "只有具备权限的人才能查看数据行，每次查看都会记入审计。")
            } + table.html
        }
    }

    // MARK: History and end

    @Sendable private static func history(_ visit: Visit) async throws -> Page {
        try await page(visit, .history) { dataset in
            let revisions = try await visit.api.list("/datasets/\(encoded(dataset.name))/history", dataset.placed)
            return Table(
                Words("Changes of its document", "文档变更"),
                [
                    .init(Words("Revision", "版本"), isNumber: true), .init(Words("When", "时间")),
                    .init(Words("Who", "操作人")), .init(Words("Why", "原因")),
                ],
                rows: revisions.map { revision in
                    [
                        number(revision["number"]?.integer ?? revision["revision"]?.integer ?? 0),
                        time(revision["time"]?.string), plain(revision["author"]?.string ?? "–"),
                        plain(revision["reason"]?.string ?? ""),
                    ]
                }
            ).html
        }
    }

    @Sendable private static func ending(_ visit: Visit) async throws -> Page {
        let dataset = try await find(visit)
        return Page(
            title: .words(Words("Delete a dataset", "删除数据集")), section: .data,
            trail: [
                (DataModule.trail.0.html, visit.link(DataModule.trail.1)), (plain(dataset.name), dataset.path(prefix)),
            ],
            section(Words("What is lost", "将丢失的内容"), id: "loss") {
                tag("p") {
                    plain(dataset.name)
                    Words(": its rows are removed for good (", "：其数据行将被永久删除（")
                    number(dataset.spec["rows"]?.integer ?? 0)
                    Words(
                        " rows), and nothing can be read with its grants any more. A dataset that a job reads is not deleted.",
                        " 行），其授权也不能再用于读取。任务正在读取的数据集不会被删除。")
                }
                visit.form(dataset.path(prefix, "delete")) {
                    tag("p") {
                        tag("button", .class("danger")) { Words("Delete for good", "永久删除") }
                        plain(" ")
                        link(Words("Keep it", "保留"), dataset.path(prefix), class: "button")
                    }
                }
            })
    }
}
