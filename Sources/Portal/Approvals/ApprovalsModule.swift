import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// The second pair of eyes: what waits for whom, and deciding on it.
struct ApprovalsModule: PortalModule {
    var entries: [MenuEntry] {
        [MenuEntry(.approvals, Words("Approvals", "审批"), "/approvals", asks: .view(.approvals))]
    }

    func add(to routes: PortalRoutes) {
        routes.page("approvals", Self.inbox)
        routes.page("approvals/:name", Self.one)
        routes.form("approvals/:name", on: Self.one, Self.decide)
    }

    /// For those with a role on the whole site what is in the chosen place; for others what is in all of theirs, so
    /// that nobody has to look for what waits.
    static func load(_ visit: Visit) async throws -> [Item] {
        if visit.viewer.may(.view(.approvals), in: visit.place), visit.viewer.may(.view(.approvals), in: .platform) {
            return try await visit.api.all("/approvals", visit.place.parameters)
        }
        let places = visit.viewer.places.filter { visit.viewer.may(.view(.approvals), in: $0) }
        guard !places.isEmpty else { return try await visit.api.all("/approvals", visit.place.parameters) }
        var found: [Item] = []
        // A project inside of a tenant that is read as a whole is not read twice.
        for place in places where !places.contains(where: { $0 != place && $0.contains(place) }) {
            found += try await visit.api.all("/approvals", place.parameters)
        }
        return found
    }

    @Sendable private static func inbox(_ visit: Visit) async throws -> Page {
        let wanted = visit.query("q")
        let all = try await load(visit).filter {
            Item.matches(wanted, [$0.text("spec", "subject"), $0.text("spec", "what"), $0.text("spec", "requester")])
        }.sorted { $0.text("metadata", "creationTimestamp") > $1.text("metadata", "creationTimestamp") }
        let waiting = all.filter { ApprovalWords.standing($0) == .waiting }
        let mine = waiting.filter { mayDecide($0, visit) }
        let asked = all.filter { isOwn($0, visit) }
        let others = waiting.filter { !mayDecide($0, visit) && !isOwn($0, visit) }
        let decided = all.filter { ApprovalWords.standing($0) != .waiting }
        let paging = Paging(decided, visit)
        return Page(
            Words("Approvals", "审批"), in: .approvals,
            intro: Words(
                "Where a tenant wants two pairs of eyes, a second person decides: on jobs, uses of data, and results "
                    + "that leave the site.",
                "租户要求双人审批时，由第二人决定：任务、数据使用以及结果导出。"),
            live: visit.may(.view(.approvals)) ? .init(kinds: ["approvals"]) : nil
        ) {
            visit.filter("/approvals") {
                visit.field("q", Words("Subject or person", "对象或人员"), type: "search", value: wanted)
            }
            section(Words("Waiting for me", "待我审批"), id: "waiting") {
                if mine.isEmpty {
                    emptyState(Words("Nothing waits for you.", "没有等待您审批的内容。"))
                } else {
                    table(Words("Waiting for me", "待我审批"), mine)
                }
            }
            if !asked.isEmpty {
                section(Words("What I asked for", "我的申请"), id: "asked") {
                    table(Words("What I asked for", "我的申请"), Array(asked.prefix(Paging<Item>.size)))
                }
            }
            if !others.isEmpty {
                section(Words("Waiting for others", "待他人审批"), id: "others") {
                    table(Words("Waiting for others", "待他人审批"), Array(others.prefix(Paging<Item>.size)))
                }
            }
            section(Words("Decided", "已处理"), id: "decided") {
                if decided.isEmpty {
                    emptyState(Words("Nothing was decided yet.", "尚无已处理的审批。"))
                } else {
                    table(Words("Decided", "已处理"), Array(paging.shown))
                    paging.links(visit, "/approvals", [("q", wanted)])
                }
            }
            commandLines([["atoll", "approval", "list"] + visit.place.options])
        }
    }

    static func isOwn(_ approval: Item, _ visit: Visit) -> Bool {
        visit.viewer.user.map { approval.text("spec", "requester") == "user \($0)" } ?? false
    }

    static func mayDecide(_ approval: Item, _ visit: Visit) -> Bool {
        !isOwn(approval, visit) && visit.viewer.may(.manage(.approvals), in: approval.scope)
    }

    private static func table(_ title: Words, _ approvals: [Item]) -> HTML {
        Table(
            title,
            [
                .init(Words("What is asked for", "申请内容")), .init(Words("About", "类型")),
                .init(Words("Where", "位置")), .init(Words("Who asks", "申请人")), .init(Words("State", "状态")),
                .init(Words("Until", "截止时间")),
            ],
            rows: approvals.map { approval in
                [
                    tag("a", .href(path(approval))) { ApprovalWords.what(approval.text("spec", "what")) },
                    ApprovalWords.about(approval),
                    approval.scope.html, plain(approval.text("spec", "requester")),
                    ApprovalWords.shown(ApprovalWords.standing(approval)), time(approval.text("spec", "until")),
                ]
            }
        ).html
    }

    static func path(_ approval: Item) -> String {
        address("/approvals/\(encoded(approval.name))", approval.scope.parameters)
    }

    @Sendable private static func one(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let approval = Item(try await visit.api.get("/approvals/\(encoded(name))", visit.place.parameters))
        let standing = ApprovalWords.standing(approval)
        return Page(
            title: .name(approval.text("spec", "subject"), kind: Words("Approval", "审批")), section: .approvals,
            trail: [(HTML(Words("Approvals", "审批")), visit.link("/approvals"))],
            live: visit.may(.view(.approvals)) ? .init(kinds: ["approvals"]) : nil,
            asked(approval, standing) + leaks(approval) + decision(approval, standing, visit)
                + commandLines([
                    ["atoll", "approval", "show", name] + approval.scope.options,
                    ["atoll", "approval", "approve", name] + approval.scope.options + ["--reason", "seen"],
                    ["atoll", "approval", "refuse", name] + approval.scope.options + ["--reason", "too much"],
                ]))
    }

    private static func asked(_ approval: Item, _ standing: Approval.State) -> HTML {
        section(Words("What is asked for", "申请内容"), id: "asked") {
            facts {
                fact(Words("State", "状态"), ApprovalWords.shown(standing))
                fact(Words("About", "类型"), ApprovalWords.about(approval))
                fact(Words("Subject", "对象"), plain(approval.text("spec", "subject")))
                fact(Words("What would be done", "将执行的操作"), ApprovalWords.what(approval.text("spec", "what")))
                fact(Words("Why", "原因"), PlaceParts.orNone(approval.text("spec", "why")))
                fact(Words("What it costs this site", "对本站点的开销"), cost(approval))
                fact(Words("Who asks", "申请人"), plain(approval.text("spec", "requester")))
                fact(Words("Where", "位置"), approval.scope.html)
                fact(Words("Asked", "申请时间"), time(approval.text("metadata", "creationTimestamp")))
                fact(Words("Can be decided until", "审批截止"), time(approval.text("spec", "until")))
                fact(Words("Bound to", "绑定到"), plain(approval.text("spec", "binding")))
            }
            tag("p", .class("note")) {
                Words(
                    "Another plan, version or grant needs another approval.", "其他计划、版本或授权需要另外审批。")
            }
        }
    }

    private static func cost(_ approval: Item) -> HTML {
        var parts: [HTML] = []
        if let seconds = approval.value(["spec", "cost", "seconds"]).flatMap({
            $0.number ?? $0.integer.map(Double.init)
        }) {
            parts.append(plain(decimalText(seconds, 1)) + HTML(Words(" seconds", " 秒")))
        }
        if let count = approval.integer("spec", "cost", "bytes") {
            parts.append(bytes(count) + HTML(Words(" leave this site", " 离开本站点")))
        }
        if let count = approval.integer("spec", "cost", "memory") {
            parts.append(bytes(count) + HTML(Words(" of memory", " 内存")))
        }
        return parts.isEmpty ? HTML(Words("not known", "未知")) : PlaceWords.joined(parts)
    }

    private static func leaks(_ approval: Item) -> HTML {
        let leaks = approval.texts("spec", "leaks")
        return section(Words("Who learns what by it", "谁会因此获知什么"), id: "leaks") {
            if leaks.isEmpty {
                emptyState(Words("Nobody learns anything by it.", "没有任何一方因此获知信息。"))
            } else {
                tag("ul") {
                    for leak in leaks { tag("li") { ApprovalWords.leak(leak) } }
                }
            }
        }
    }

    private static func decision(_ approval: Item, _ standing: Approval.State, _ visit: Visit) -> HTML {
        section(Words("Decision", "审批决定"), id: "decision") {
            if standing != .waiting {
                facts {
                    fact(Words("State", "状态"), ApprovalWords.shown(standing))
                    fact(Words("By", "审批人"), PlaceParts.orNone(approval.text("status", "decidedBy")))
                    fact(Words("When", "时间"), time(approval.text("status", "decided")))
                    fact(Words("Reason", "理由"), PlaceParts.orNone(approval.text("status", "reason")))
                }
            } else if isOwn(approval, visit) {
                emptyState(
                    Words(
                        "You asked for it, so another person decides.", "这是您的申请，须由他人审批。"))
            } else if mayDecide(approval, visit) {
                tag("p") { ApprovalWords.consequence(approval) }
                visit.form(path(approval)) {
                    visit.area(
                        "reason", Words("Reason", "理由"), rows: 3,
                        hint: Words("Everybody who may see the approval reads it.", "所有可查看此审批的人都能看到。"))
                    tag("div", .class("actions")) {
                        tag(
                            "button", .class("primary"), Attribute("name", "decision"), Attribute("value", "approve")
                        ) { Words("Approve", "批准") }
                        tag("button", .class("danger"), Attribute("name", "decision"), Attribute("value", "refuse")) {
                            Words("Refuse", "拒绝")
                        }
                    }
                }
            } else {
                emptyState(
                    Words("Somebody with the right to approve here decides.", "由在此拥有审批权限的人决定。"))
            }
        }
    }

    @Sendable private static func decide(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let name = try visit.part("name")
        let decision = form["decision"] ?? ""
        guard ["approve", "refuse"].contains(decision) else {
            throw Fault(ProgramFaults.badRequest, "No decision is named.", at: "decision", wanted: "approve or refuse")
        }
        try await visit.api.send(
            .post, "/approvals/\(encoded(name))/\(decision)", visit.place.parameters + [("reason", form["reason"])],
            key: form.key)
        return .to(
            address("/approvals", visit.place.parameters), decision == "approve" ? .approved : .refused)
    }
}
