import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Who did what, when, from where, and how it ended.
struct AuditModule: PortalModule {
    var entries: [MenuEntry] { [MenuEntry(.audit, Words("Audit", "审计"), "/audit", asks: .view(.audit))] }

    func add(to routes: PortalRoutes) {
        routes.page("audit", Self.page)
        routes.form("audit/verify", on: Self.page, Self.verify)
        routes.file("audit/export") { visit in
            var answer = try await visit.api.respond("/audit/export")
            guard answer.status == .ok else {
                // Asked again as what it then is, a problem.
                _ = try await visit.api.get("/audit/export")
                throw Fault(ProgramFaults.unexpected)
            }
            answer.headers[.contentDisposition] = "attachment; filename=\"audit.jsonl\""
            answer.headers[.cacheControl] = "no-store"
            return answer
        }
    }

    private static let filters = ["account", "kind", "text", "since", "until"]
    private static let size = 100

    @Sendable private static func page(_ visit: Visit) async throws -> Page { try await page(visit, found: nil) }

    /// - Parameter found: of a check of the chain, when one was asked for.
    private static func page(_ visit: Visit, found: Item?) async throws -> Page {
        let asked = filters.map { ($0, visit.query($0)) }
        let query = asked.map { name, value in (name, ["since", "until"].contains(name) ? value.map(moment) : value) }
        let records: [Item]
        var refusal: Refusal?
        do {
            let parts = query + [("before", visit.query("before")), ("limit", "\(size)")]
            records = try await visit.api.list("/audit", visit.placed(parts)).map(Item.init)
        } catch let problem as Refusal where problem.status == 400 || problem.status == 422 {
            // What was asked for stays in the fields, with what is wrong about it.
            (records, refusal) = ([], problem)
        }
        let isWhole = visit.viewer.may(.view(.audit), in: .platform)
        return Page(
            Words("Audit", "审计"), in: .audit,
            intro: Words(
                "Every change, login, refusal and reading of rows, newest first. Records are chained and signed.",
                "所有更改、登录、拒绝与行数据读取，最新在前。记录以链式签名保存。"),
            actions: isWhole
                ? link(Words("Download all of it", "下载全部"), "/audit/export", class: "button") : HTML()
        ) {
            found.map { verdict($0) }
            filterForm(visit, asked)
            refusal.map { problemBox($0) }
            if records.isEmpty {
                emptyState(Words("There are no such records.", "没有符合条件的记录。"))
            } else {
                table(records)
            }
            paging(visit, asked, records)
            if isWhole { checkForm(visit) }
            commandLines([
                ["atoll", "audit", "list"] + visit.place.options
                    + query.flatMap { name, value in value.map { ["--\(name)", $0] } ?? [] },
                ["atoll", "audit", "verify"], ["atoll", "audit", "export", "--output", "audit.jsonl"],
            ])
        }
    }

    /// A browser's own field of date and time says neither seconds nor the zone, which is UTC here.
    private static func moment(_ text: String) -> String {
        text.utf8.count == 16 ? text + ":00Z" : text.utf8.count == 19 ? text + "Z" : text
    }

    private static func filterForm(_ visit: Visit, _ asked: [(String, String?)]) -> HTML {
        let values = Dictionary(uniqueKeysWithValues: asked)
        func value(_ name: String) -> String? { values[name] ?? nil }
        return visit.filter("/audit") {
            visit.field(
                "account", Words("Who, such as \"user ana\"", "谁，例如 \"user ana\""), value: value("account"))
            visit.choice(
                "kind", Words("Kind", "类别"),
                [("", HTML(Words("all", "全部")))]
                    + AuditRecord.Kind.allCases.map { ($0.rawValue, HTML(words($0))) }, chosen: value("kind"))
            visit.field("text", Words("In what, route or address", "内容、路径或地址"), type: "search", value: value("text"))
            for (name, label) in [
                ("since", Words("From (UTC)", "起始 (UTC)")), ("until", Words("Before (UTC)", "截止 (UTC)")),
            ] {
                visit.field(name, label, type: "datetime-local", value: value(name).map { String($0.prefix(16)) })
            }
        }
    }

    private static func words(_ kind: AuditRecord.Kind) -> Words {
        switch kind {
        case .change: Words("change", "更改")
        case .login: Words("login", "登录")
        case .read: Words("reading", "读取")
        case .refusal: Words("refusal", "拒绝")
        }
    }

    private static func table(_ records: [Item]) -> HTML {
        Table(
            Words("Records of the audit", "审计记录"),
            [
                .init(Words("When", "时间")), .init(Words("Who", "谁")), .init(Words("From", "来源")),
                .init(Words("Kind", "类别")), .init(Words("What", "内容")), .init(Words("Where", "位置")),
                .init(Words("Result", "结果")),
            ],
            cells: records.map { record in
                let tenant = record.text("tenant")
                let place =
                    tenant.isEmpty
                    ? plain("–") : Scope(tenant: tenant, project: record.text("project").nonEmpty).html
                return [
                    .init(moment(record), sortedBy: "\(record.integer("number") ?? 0)"),
                    .init(who(record)), .init(plain(record.text("address"))),
                    .init(
                        AuditRecord.Kind(rawValue: record.text("kind")).map { HTML(words($0)) }
                            ?? plain(record.text("kind"))),
                    .init(what(record)), .init(place), .init(result(record)),
                ]
            }
        ).html
    }

    private static func moment(_ record: Item) -> HTML {
        time(Timestamp(milliseconds: record.integer("time") ?? 0))
            + tag("span", .class("muted")) { plain(" #\(record.integer("number") ?? 0)") }
    }

    /// The session or token itself is in what is downloaded.
    private static func who(_ record: Item) -> HTML {
        let account = record.text("account")
        let means = record.text("means").split(separator: " ").first.map(String.init) ?? ""
        return (account.isEmpty ? HTML(Words("nobody known", "未知")) : plain(account))
            + (means.isEmpty ? HTML() : tag("span", .class("muted")) { plain(" (\(means))") })
    }

    private static func what(_ record: Item) -> HTML {
        let detail = record.text("detail")
        return tag("span", .class("long")) { plain("\(record.text("method")) \(record.text("path"))") }
            + (detail.isEmpty ? HTML() : tag("span", .class("muted")) { plain(" (\(detail))") })
            + ((record.integer("unwritten") ?? 0) > 0
                ? HTML(Words(" after refusals that were too many to write: ", "；此前未逐条记录的拒绝："))
                    + number(record.integer("unwritten") ?? 0) : HTML())
    }

    private static func result(_ record: Item) -> HTML {
        let fault = (record.integer("fault")).flatMap { UInt16(exactly: $0) } ?? 0
        guard fault != 0 else { return state(HTML(Words("done", "完成")), .good) }
        return state(plain(FaultNumber(rawValue: fault).description), .bad)
    }

    /// Records are told by number, so the next page begins before the last of this one.
    private static func paging(_ visit: Visit, _ asked: [(String, String?)], _ records: [Item]) -> HTML {
        let isLater = visit.query("before") != nil
        let last = records.count == size ? records.last?.integer("number") : nil
        guard isLater || last != nil else { return HTML() }
        return tag("nav", .class("pages"), .label(Words("Pages of the list", "列表分页"))) {
            tag("p") {
                if isLater { link(Words("Newest", "最新"), visit.link("/audit", asked), class: "button") }
                if let last {
                    link(
                        Words("Older", "更早"), visit.link("/audit", asked + [("before", "\(last)")]), class: "button")
                }
            }
        }
    }

    private static func checkForm(_ visit: Visit) -> HTML {
        section(
            Words("Is it whole?", "是否完整？"), id: "check",
            Words(
                "Reads every record and checks the chain and its signed head. A download is checked offline by "
                    + "atoll audit verify --file.",
                "读取全部记录，检查链及其签名的链头。下载的文件可用 atoll audit verify --file 离线检查。")
        ) {
            visit.button(visit.link("/audit/verify"), Words("Check it", "检查"))
        }
    }

    @Sendable private static func verify(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let found = Item(try await visit.api.send(.post, "/audit/verify", key: form.key))
        return .page(try await page(visit, found: found))
    }

    private static func verdict(_ found: Item) -> HTML {
        section(Words("What the check found", "检查结果"), id: "verdict") {
            tag("p") {
                found.isSet("whole")
                    ? state(HTML(Words("the chain is whole", "链完整")), .good)
                    : state(HTML(Words("something does not hold", "存在不一致")), .bad)
            }
            tag("p") {
                number(found.integer("records") ?? 0)
                Words(" records", " 条记录")
            }
            if !found.items("findings").isEmpty {
                Table(
                    Words("Findings", "发现"), [.init(Words("Where", "位置")), .init(Words("What", "内容"))],
                    rows: found.items("findings").prefix(100).map { [plain($0.text("place")), plain($0.text("what"))] }
                ).html
            }
        }
    }
}

extension String {
    /// Nil for an empty one.
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
