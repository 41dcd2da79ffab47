import API
import Charts
import Faults
import People
import Resources

/// One job: how it stands at every party, what came out, its log, its plan, and what was done to it.
enum JobPage {
    private enum Tab: Int, CaseIterable {
        case overview, results, log, plan, audit

        var words: Words {
            switch self {
            case .overview: Words("Overview", "概览")
            case .results: Words("Results", "结果")
            case .log: Words("Events and log", "事件与日志")
            case .plan: Words("Plan", "计划")
            case .audit: Words("Audit", "审计")
            }
        }

        var path: String { self == .overview ? "" : "/\(self)" }
    }

    /// The job of the address.
    static func job(_ visit: Visit) async throws -> JobView {
        let json = try await visit.api.get("/jobs/\(encoded(try visit.part("name")))", visit.placed())
        return JobView(json: json, site: try await visit.api.find("/site")?["id"]?.string)
    }

    private static func page(_ visit: Visit, _ job: JobView, _ tab: Tab, live: Page.Live? = nil, _ content: HTML)
        -> Page
    {
        let all = Tab.allCases.filter { $0 != .audit || visit.may(.view(.audit)) }
        return Page(
            title: .name(job.name, kind: Words("Job", "任务")), section: .training,
            trail: [(HTML(Words("Training", "训练")), visit.link("/training"))], actions: actions(visit, job), live: live,
            tabs(all.map { ($0.words, job.path($0.path)) }, chosen: all.firstIndex(of: tab) ?? 0) + content)
    }

    private static func actions(_ visit: Visit, _ job: JobView) -> HTML {
        var result = HTML()
        for action in JobAction.allCases where action.fits(job) && visit.may(action.asks) {
            result =
                result
                + visit.button(
                    job.path("/\(action.rawValue)"), action.words,
                    class: action == .cancel ? "danger" : action == .approve || action == .resume ? "primary" : "",
                    confirm: action.confirm)
        }
        if job.isOwn, visit.may(.manage(.jobs)) {
            result =
                result
                + link(
                    Words("Clone", "复制为新任务"), visit.link("/training/document", [("from", job.name)]), class: "button")
        }
        return result
    }

    // MARK: Overview

    @Sendable static func overview(_ visit: Visit) async throws -> Page {
        let job = try await job(visit)
        let charts = JobCharts(job: job, now: .now)
        return page(
            visit, job, .overview, live: job.isOver ? nil : .init(kinds: ["jobs"], every: 15),
            standing(job) + approval(job) + pictures(charts) + parties(job) + tasks(job)
                + JobDocument.copies(job))
    }

    static func standing(_ job: JobView) -> HTML {
        section(Words("How it stands", "当前状态"), id: "standing") {
            tag("div", Attribute("aria-live", "polite")) {
                facts {
                    fact(Words("State", "状态"), JobState.html(job.stateName))
                    if !job.progress.isEmpty { fact(Words("Progress", "进度"), plain(job.progress)) }
                    if job.state == .running, let seconds = job.status["remainingSeconds"]?.number {
                        fact(Words("Left of the running step", "当前步骤剩余"), plain(Figures.seconds(seconds)))
                    }
                    if !job.message.isEmpty {
                        fact(Words("Message", "消息"), job.messageHTML())
                    }
                }
            }
            job.reasonBox
            facts {
                fact(Words("Owner", "发起站点"), HTML(job.ownerWords))
                fact(Words("Begun", "开始时间"), time(job.created))
                if let name = job.baselineOf {
                    let other = address(
                        "/training/jobs/\(encoded(name))", [("tenant", job.tenant), ("project", job.project)])
                    fact(Words("Compared with", "对比任务"), link(name, other))
                }
                if let id = job.id { fact(Words("Id", "编号"), tag("span", .class("id")) { plain(id) }) }
            }
        }
    }

    /// What whoever may approve must know before they do.
    private static func approval(_ job: JobView) -> HTML {
        guard job.state == .awaitingApproval else { return HTML() }
        return section(Words("An approval is waited for", "等待审批"), id: "approval") {
            tag("p") {
                Words(
                    "Somebody other than the requester decides. Read the plan first: what crosses, and what each party learns.",
                    "须由申请人以外的人决定。请先阅读计划：传输哪些消息、各方会得知什么。")
            }
            link(Words("Read the plan", "查看计划"), job.path("/plan"), class: "button")
        }
    }

    static func pictures(_ charts: JobCharts) -> HTML {
        tag("div", .class("card")) { figure(charts.graph, id: "steps") }
            + (charts.lanes.map { lanes in tag("div", .class("card")) { figure(lanes, id: "lanes") } } ?? HTML())
    }

    static func parties(_ job: JobView) -> HTML {
        section(Words("Parties", "参与方"), id: "parties") {
            Table(
                Words("Parties", "参与方"),
                [
                    .init(Words("Site", "站点")), .init(Words("Role", "角色")), .init(Words("State", "状态")),
                    .init(Words("Waits for", "等待")), .init(Words("Message", "消息")),
                ],
                rows: job.parties.map { party in
                    [
                        HTML(job.words(of: party)), OperatorWords.role(party["role"]?.string),
                        JobState.html(party["state"]?.string),
                        party["waitsFor"]?.string.map { HTML(job.words(ofSite: $0)) } ?? plain("–"),
                        tag("span", Attribute("lang", "en")) { plain(party["message"]?.string ?? "") },
                    ]
                }
            ).html
        }
    }

    /// Every party's side of every step.
    static func tasks(_ job: JobView) -> HTML {
        let sides = job.parties.flatMap { party in
            (party["tasks"]?.array ?? []).map { (party: job.words(of: party), side: $0) }
        }
        guard !sides.isEmpty else { return HTML() }
        return section(Words("Steps at each party", "各参与方的步骤"), id: "sides") {
            Table(
                Words("Steps at each party", "各参与方的步骤"),
                [
                    .init(Words("Step", "步骤")), .init(Words("Site", "站点")), .init(Words("State", "状态")),
                    .init(Words("Done", "已完成"), isNumber: true), .init(Words("Each second", "每秒"), isNumber: true),
                    .init(Words("Left", "剩余"), isNumber: true), .init(Words("Problem", "问题")),
                ],
                cells: sides.map { party, side in
                    let done = side["done"]?.integer.map { done in
                        "\(numberText(done)) / \(numberText(side["total"]?.integer ?? 0))"
                    }
                    let (rate, left) = (side["perSecond"]?.number, side["remainingSeconds"]?.number)
                    return [
                        .init(plain(side["name"]?.string ?? "")), .init(HTML(party)),
                        .init(sideState(side["state"]?.string)), .init(plain(done ?? "–")),
                        .init(plain(rate.map(Figures.short) ?? "–"), sortedBy: rate.map { "\($0)" }),
                        .init(plain(left.map(Figures.seconds) ?? "–"), sortedBy: left.map { "\($0)" }),
                        .init(faultLine(side["problem"]?.string ?? "–")),
                    ]
                }
            ).html
        }
    }

    private static func sideState(_ name: String?) -> HTML {
        let known: TaskState =
            switch name {
            case "running": .running
            case "done": .done
            case "failed": .failed
            default: .waiting
            }
        return state(HTML(known.words), known.mood)
    }

    // MARK: Results, log, plan, audit

    @Sendable static func results(_ visit: Visit) async throws -> Page {
        let job = try await job(visit)
        return page(
            visit, job, .results, live: job.isOver ? nil : .init(kinds: ["jobs"]),
            try await JobResults(visit: visit, job: job).html)
    }

    private static let mostLines = 500

    @Sendable static func log(_ visit: Visit) async throws -> Page {
        let job = try await job(visit)
        let all = try await visit.api.list("/jobs/\(encoded(job.name))/log", visit.placed())
        let (task, text) = (visit.query("task"), visit.query("text")?.lowercased())
        let found = all.filter { line in
            (task == nil || line["task"]?.string == task)
                && (text.map { (line["text"]?.string ?? "").lowercased().contains($0) } ?? true)
        }
        let shown = found.suffix(mostLines)
        let tasks: [(value: String, shown: HTML)] =
            [("", HTML(Words("Every step", "所有步骤")))]
            + job.tasks.compactMap { $0["name"]?.string }.map { ($0, plain($0)) }
        var content = JobEvents(job: job).html
        content =
            content
            + visit.filter("/training/jobs/\(encoded(job.name))/log") {
                visit.choice("task", Words("Step", "步骤"), tasks, chosen: task ?? "")
                visit.field("text", Words("Text", "文本"), type: "search", value: visit.query("text"))
            }
        content =
            content
            + tag("p", .class("note")) {
                Words(
                    "The last \(shown.count) of \(found.count) lines of this site's side.",
                    "本站点一方的日志，共 \(found.count) 行，显示最后 \(shown.count) 行。")
            }
        content = content + lines(shown.reversed())
        content =
            content
            + copyable(
                "atoll job logs \(job.name)\(JobDocument.scope(job)) --follow", id: "command", Words("Command", "命令"),
                isBlock: false)
        return page(visit, job, .log, live: job.isOver ? nil : .init(kinds: ["jobs"], every: 5), content)
    }

    /// Whether a record of the audit names the job, and not one whose name begins alike.
    private static func isAbout(_ job: JobView, _ record: JSONValue) -> Bool {
        let text = "\(record["path"]?.string ?? "") \(record["detail"]?.string ?? "")"
        return text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.contains { $0 == job.name }
    }

    private static func lines(_ lines: [JSONValue]) -> HTML {
        guard !lines.isEmpty else { return emptyState(Words("Nothing was said yet.", "暂无日志。")) { HTML() } }
        return Table(
            Words("Log", "日志"),
            [
                .init(Words("Time", "时间")), .init(Words("Step", "步骤")), .init(Words("Level", "级别")),
                .init(Words("Line", "内容")),
            ],
            rows: lines.map { line in
                let moment = (line["time"]?.string ?? "").prefix(19).replacing("T", with: " ")
                return [
                    tag("span", .class("id nowrap")) { plain(String(moment)) }, plain(line["task"]?.string ?? ""),
                    level(line["level"]?.integer ?? 0),
                    tag("span", .class("id long"), Attribute("lang", "en")) { plain(line["text"]?.string ?? "") },
                ]
            }
        ).html
    }

    /// 0 trace to 6 critical.
    private static func level(_ level: Int64) -> HTML {
        switch level {
        case 5...: state(HTML(Words("error", "错误")), .bad)
        case 4: state(HTML(Words("warning", "警告")), .waiting)
        default: HTML(Words("information", "信息"))
        }
    }

    @Sendable static func plan(_ visit: Visit) async throws -> Page {
        let job = try await job(visit)
        let plan = try await visit.api.get("/jobs/\(encoded(job.name))/plan", visit.placed())
        return page(visit, job, .plan, PlanView(plan: plan, names: try await SiteNames.read(visit)).html)
    }

    /// `403 ATL-2003`.
    private static func result(_ record: JSONValue) -> String {
        let status = record["status"]?.integer.flatMap { $0 > 0 ? "\($0)" : nil }
        let fault = record["fault"]?.integer.flatMap { UInt16(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
        return [status, fault.map { FaultNumber(rawValue: $0).description }].compactMap(\.self).joined(separator: " ")
    }

    @Sendable static func audit(_ visit: Visit) async throws -> Page {
        let job = try await job(visit)
        // The audit is looked through by text; what is about this job alone is kept here.
        let all = try await visit.api.list("/audit", visit.placed([("text", job.name), ("limit", "500")]))
            .filter { Self.isAbout(job, $0) }
        let content = section(Words("What was done to it", "操作记录"), id: "deeds") {
            if all.isEmpty {
                tag("p") { Words("Nothing is kept of it.", "没有记录。") }
            } else {
                Table(
                    Words("What was done to it", "操作记录"),
                    [
                        .init(Words("Time", "时间")), .init(Words("Who", "操作者")), .init(Words("What", "操作")),
                        .init(Words("Result", "结果")),
                    ],
                    rows: all.map { record in
                        [
                            record["time"]?.integer.map { time(Timestamp(milliseconds: $0)) } ?? plain("–"),
                            plain(record["account"]?.string ?? ""),
                            tag("span", .class("id")) {
                                plain("\(record["method"]?.string ?? "") \(record["path"]?.string ?? "")")
                            },
                            plain(result(record)),
                        ]
                    }
                ).html
            }
        }
        return page(visit, job, .audit, content)
    }
}
