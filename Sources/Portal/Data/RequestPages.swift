import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// What this site asks of peers, and they of it.
enum RequestPages {
    private static let prefix = "/data/requests"

    static func add(to routes: PortalRoutes) {
        routes.page("data/requests", list)
        routes.page("data/requests/:name", one)
        routes.form("data/requests/:name/grant", on: one) { visit, form in
            var body = try TermFields.terms(form)
            // A day stands for its end; the day that was asked for stands for the moment that was.
            if let asked = form["until"], form["notAfter"] == String(asked.prefix(10)) {
                body["notAfter"] = .string(asked)
            }
            body["name"] = form["grant"].map { .string($0) }
            body["reason"] = form["reason"].map { .string($0) }
            return try await answer(visit, form, "grant", body, .approved)
        }
        routes.form("data/requests/:name/refuse", on: one) { visit, form in
            try await answer(visit, form, "refuse", ["reason": .string(form["why"] ?? "")], .refused)
        }
        routes.form("data/requests/:name/withdraw", on: one) { visit, form in
            try await visit.api.send(
                .delete, "/accessrequests/\(encoded(try visit.part("name")))", visit.placed(), key: form.key)
            return .to(visit.link(prefix), .cancelled)
        }
        routes.page("data/ask", askPage)
        routes.form("data/ask", on: askPage) { visit, form in
            let made = try await visit.api.send(.post, "/accessrequests", visit.placed(), document(form), key: form.key)
            return .to(ProjectThing(made).path(prefix), .sent)
        }
    }

    private static func answer(
        _ visit: Visit, _ form: Form, _ word: String, _ body: [String: JSONValue], _ said: Said
    ) async throws -> PortalRoutes.Outcome {
        let name = try visit.part("name")
        try await visit.api.send(
            .post, "/accessrequests/\(encoded(name))/\(word)", visit.placed(), .object(body), key: form.key)
        return .to(visit.link("\(prefix)/\(encoded(name))"), said)
    }

    private static func standing(_ request: ProjectThing) -> HTML {
        switch request.status["state"]?.string {
        case "Waiting": state(Words("Waiting", "等待答复").html, .waiting)
        case "Granted": state(Words("Granted", "已授权").html, .good)
        case "Refused": state(Words("Refused", "已拒绝").html, .bad)
        case "Withdrawn": state(Words("Withdrawn", "已撤回").html, .plain)
        case "Gone": state(Words("Gone at the peer", "对方已删除").html, .plain)
        default: state(Words("Being sent", "发送中").html, .busy)
        }
    }

    private static func direction(_ request: ProjectThing) -> HTML {
        isIncoming(request) ? Words("A peer asks", "对方申请").html : Words("This site asks", "本站申请").html
    }

    private static func isIncoming(_ request: ProjectThing) -> Bool { request.spec["direction"] == "incoming" }
    private static func isOpen(_ request: ProjectThing) -> Bool {
        ["Waiting", "Sending", nil].contains(request.status["state"]?.string)
    }

    // MARK: The list

    @Sendable private static func list(_ visit: Visit) async throws -> Page {
        let all = try await visit.api.listAll("/accessrequests", visit.placed()).map(ProjectThing.init)
        let (way, standing) = (visit.query("direction") ?? "", visit.query("state") ?? "")
        let shown = all.filter { request in
            (way.isEmpty || request.spec["direction"]?.string == way)
                && (standing.isEmpty || (standing == "open") == isOpen(request))
        }.sorted { (isOpen($0) ? 0 : 1, $1.made ?? "") < (isOpen($1) ? 0 : 1, $0.made ?? "") }
        let mayAsk = visit.may(.manage(.accessRequests)) && visit.place.project != nil
        return Page(
            Words("Access requests", "访问申请"), in: .data,
            intro: Words(
                "A site asks another for a grant on one of its datasets; the owner's people decide.",
                "一个站点向另一个站点申请其数据集的授权，由数据所有方决定。"),
            actions: mayAsk
                ? link(Words("Ask a peer", "向对等站点申请"), visit.link("/data/ask"), class: "button primary") : HTML(),
            live: .init(kinds: ["accessrequests"])
        ) {
            DataModule.lists(visit, chosen: 2)
            if all.isEmpty {
                emptyState(Words("Nothing is asked for here.", "这里没有申请。")) {
                    if visit.place.project == nil {
                        tag("p") {
                            link(
                                Words("Choose a project to ask", "选择项目后申请"),
                                visit.link("/places", [("next", visit.here)]))
                        }
                    }
                }
            } else {
                visit.filter(prefix) {
                    visit.choice(
                        "direction", Words("Who asks", "申请方"),
                        [
                            ("", Words("Any", "全部").html), ("incoming", Words("Peers", "对等站点").html),
                            ("outgoing", Words("This site", "本站").html),
                        ], chosen: way)
                    visit.choice(
                        "state", Words("State", "状态"),
                        [
                            ("", Words("Any", "全部").html), ("open", Words("Open", "未答复").html),
                            ("over", Words("Answered", "已答复").html),
                        ], chosen: standing)
                }
                table(shown)
            }
        }
    }

    private static func table(_ requests: [ProjectThing]) -> HTML {
        Table(
            Words("Access requests", "访问申请"),
            [
                .init(Words("Request", "申请")), .init(Words("Who asks", "申请方")), .init(Words("Peer", "对等站点")),
                .init(Words("Dataset", "数据集")), .init(Words("Purpose", "用途")), .init(Words("State", "状态")),
                .init(Words("Asked", "申请时间")),
            ],
            rows: requests.map { request in
                [
                    link(request.name, request.path(prefix)), direction(request),
                    plain(request.spec["peer"]?.string ?? ""), plain(request.spec["dataset"]?.string ?? ""),
                    plain(request.spec["purpose"]?.string ?? ""), standing(request), time(request.made),
                ]
            }
        ).html
    }

    // MARK: One request

    @Sendable private static func one(_ visit: Visit) async throws -> Page {
        let request = ProjectThing(
            try await visit.api.get("/accessrequests/\(encoded(try visit.part("name")))", visit.placed()))
        let mayAnswer = isIncoming(request) && isOpen(request) && visit.may(.manage(.grants))
        let operators = mayAnswer ? try await DatasetGrants.operatorNames(visit) : []
        let asked = request.texts("algorithms")
        return Page(
            title: .name(request.name, kind: Words("Access request", "访问申请")), section: .data,
            trail: [
                (DataModule.trail.0.html, visit.link(DataModule.trail.1)),
                (Words("Access requests", "访问申请").html, visit.link(prefix)),
            ],
            actions: withdrawing(request, visit), live: .init(kinds: ["accessrequests"]),
            asking(request) + outcome(request)
                + (mayAnswer ? answering(request, visit, operators.filter(asked.contains)) : HTML()))
    }

    private static func withdrawing(_ request: ProjectThing, _ visit: Visit) -> HTML {
        guard !isIncoming(request), visit.may(.manage(.accessRequests)) else { return HTML() }
        return visit.button(
            request.path(prefix, "withdraw"), isOpen(request) ? Words("Withdraw", "撤回") : Words("Remove", "移除"),
            class: "danger",
            confirm: isOpen(request)
                ? Words("Withdraw this request? The peer is told.", "撤回此申请？对方会收到通知。")
                : Words("Remove this request here? What was granted stays.", "在本站移除此申请？已授予的授权不受影响。"))
    }

    private static func asking(_ request: ProjectThing) -> HTML {
        section(Words("What is asked for", "申请内容"), id: "asked") {
            facts {
                fact(Words("State", "状态"), standing(request))
                fact(Words("Who asks", "申请方"), direction(request))
                fact(Words("Peer", "对等站点"), plain(request.spec["peer"]?.string ?? ""))
                fact(Words("Dataset", "数据集"), plain(request.spec["dataset"]?.string ?? ""))
                fact(Words("Purpose", "用途"), plain(request.spec["purpose"]?.string ?? ""))
                terms(request.spec)
                fact(Words("Asked", "申请时间"), time(request.made))
                fact(Words("Project here", "本站项目"), plain(request.place))
            }
        }
    }

    private static func terms(_ terms: JSONValue) -> HTML {
        func texts(_ member: String) -> [String] { (terms[member]?.array ?? []).compactMap(\.string) }
        return fact(Words("Columns", "列"), names(texts("columns")))
            + fact(Words("Algorithms", "算法"), names(texts("algorithms")))
            + fact(Words("May be told beside", "此外可告知"), names(texts("reveals")))
            + fact(Words("Most jobs", "最多任务数"), number(terms["uses"]?.integer ?? 1))
            + fact(Words("Until", "截止"), time(terms["notAfter"]?.string))
    }

    private static func outcome(_ request: ProjectThing) -> HTML {
        let status = request.status
        if let problem = status["problem"]?.string {
            return section(Words("On its way", "发送情况"), id: "way") {
                tag("p") { Words("It is sent again until the peer has it. Last time:", "将持续重发直到对方收到。上次结果：") }
                HTML(
                    english: tag("p", Attribute("lang", "en")) { plain(problem) },
                    chinese: tag("p") { faultLine(problem) })
            }
        }
        guard !isOpen(request) else { return HTML() }
        return section(Words("The answer", "答复"), id: "answer") {
            facts {
                if let who = status["decidedBy"]?.string { fact(Words("Decided by", "决定人"), plain(who)) }
                if let when = status["decided"]?.string { fact(Words("When", "时间"), time(when)) }
                if let reason = status["reason"]?.string, !reason.isEmpty {
                    fact(Words("Reason", "理由"), faultLine(reason, english: plain(reason)))
                }
                if let grant = status["grant"]?.string { fact(Words("Grant", "授权"), plain(grant)) }
                if let granted = status["granted"] { terms(granted) }
            }
        }
    }

    private static func answering(_ request: ProjectThing, _ visit: Visit, _ operators: [String]) -> HTML {
        section(
            Words("Grant it, or less of it", "授权全部或部分"), id: "granting",
            Words("More than was asked for is refused.", "不能超出申请范围。")
        ) {
            visit.form(request.path(prefix, "grant")) {
                visit.field("grant", Words("Name of the grant", "授权名称"), value: request.name, isRequired: true)
                TermFields.all(
                    visit, columns: request.texts("columns"), ticked: Set(request.texts("columns")),
                    operators: operators.isEmpty ? request.texts("algorithms") : operators,
                    algorithms: Set(request.texts("algorithms")), reveals: Set(request.texts("reveals")),
                    uses: request.spec["uses"]?.integer.map(String.init),
                    until: (request.spec["notAfter"]?.string?.prefix(10)).map(String.init), asksPurpose: false)
                void(
                    "input", Attribute("type", "hidden"), Attribute("name", "until"),
                    Attribute("value", request.spec["notAfter"]?.string ?? ""))
                TermFields.guards(visit)
                visit.field("reason", Words("A word to the peer", "给对方的说明"))
                tag("button", .class("primary")) { Words("Grant", "授权") }
            }
        }
            + section(Words("Refuse it", "拒绝"), id: "refusing") {
                visit.form(request.path(prefix, "refuse")) {
                    visit.field(
                        "why", Words("Why; the peer is told", "理由；对方会看到"), isRequired: true,
                        more: [Attribute("maxlength", "200")])
                    tag("button", .class("danger")) { Words("Refuse", "拒绝") }
                }
            }
    }

    // MARK: Asking

    @Sendable private static func askPage(_ visit: Visit) async throws -> Page {
        let peers = DatasetGrants.peerNames(try await visit.api.every("/peers"))
        let peer = visit.typed["peer"] ?? visit.query("peer")
        var content = HTML()
        if visit.place.project == nil {
            content = UploadPages.choosePlace(visit)
        } else if peers.isEmpty {
            content = emptyState(Words("There is no peer yet: join one first.", "还没有对等站点：请先加入。"))
        } else {
            content = choosePeer(visit, peers, peer)
            if let peer { content = content + (try await asking(visit, of: peer)) }
        }
        return Page(
            title: .words(Words("Ask a peer for data", "向对等站点申请数据")), section: .data,
            trail: [
                (DataModule.trail.0.html, visit.link(DataModule.trail.1)),
                (Words("Access requests", "访问申请").html, visit.link(prefix)),
            ], content)
    }

    private static func choosePeer(_ visit: Visit, _ peers: [String], _ peer: String?) -> HTML {
        tag("form", Attribute("method", "get"), .action("/data/ask"), .class("filter")) {
            visit.placeFields
            tag("div", .class("field")) {
                tag("label", Attribute("for", "ask-peer")) { Words("Peer", "对等站点") }
                tag("select", .id("ask-peer"), Attribute("name", "peer")) {
                    for name in peers {
                        tag("option", Attribute("value", name), .flag("selected", name == peer)) { plain(name) }
                    }
                }
            }
            tag("button") { Words("See what it offers", "查看其提供的数据") }
        }
    }

    private static func asking(_ visit: Visit, of peer: String) async throws -> HTML {
        let offers: [JSONValue]
        var note = HTML()
        do {
            offers = try await visit.api.list("/peers/\(encoded(peer))/offers", visit.placed())
        } catch let refusal as Refusal where refusal.status != 403 {
            // Without a link the dataset can still be named.
            offers = []
            note = tag("p", .class("note")) {
                Words("The peer cannot be reached now: ", "目前无法联系对方：")
                faultLine("\(refusal.code) \(refusal.detail)")
            }
        }
        let dataset = visit.typed["dataset"] ?? visit.query("dataset")
        let offer = offers.first { $0["name"]?.string == dataset }
        let columns = (offer?["columns"]?.array ?? []).compactMap { $0["name"]?.string }
        let operators = try await DatasetGrants.operatorNames(visit)
        return note + offered(offers, peer, visit)
            + section(Words("The request", "申请"), id: "request") {
                visit.form(visit.link("/data/ask", [("peer", peer)])) {
                    void("input", Attribute("type", "hidden"), Attribute("name", "peer"), Attribute("value", peer))
                    visit.field(
                        "name", Words("Name of the request", "申请名称"),
                        hint: Words("Lower-case letters, digits and -", "小写字母、数字和 -"), isRequired: true)
                    visit.field(
                        "dataset", Words("Dataset at the peer", "对方的数据集"), value: dataset,
                        hint: Words("NAME, or TENANT/PROJECT/NAME", "名称，或 租户/项目/名称"), isRequired: true)
                    TermFields.all(visit, columns: columns, ticked: [], operators: operators)
                    tag("button", .class("primary")) { Words("Ask", "提交申请") }
                }
            }
    }

    private static func offered(_ offers: [JSONValue], _ peer: String, _ visit: Visit) -> HTML {
        section(
            Words("What the peer offers", "对方提供的数据"), id: "offers",
            Words("Names and types of columns, no rows.", "仅列名与类型，不含数据行。")
        ) {
            if offers.isEmpty {
                tag("p") {
                    Words(
                        "Nothing is shown to this site; a dataset can still be asked for by its name.",
                        "对方未向本站展示数据；仍可按名称申请。")
                }
            } else {
                Table(
                    Words("Datasets of the peer", "对方的数据集"),
                    [
                        .init(Words("Dataset", "数据集")), .init(Words("Ids", "标识列")), .init(Words("Label", "标签列")),
                        .init(Words("Columns", "列")),
                    ],
                    rows: offers.map { offer in
                        let name = offer["name"]?.string ?? ""
                        return [
                            link(name, visit.link("/data/ask", [("peer", peer), ("dataset", name)]) + "#request"),
                            names((offer["ids"]?.array ?? []).compactMap(\.string)),
                            plain(offer["label"]?.string ?? "–"),
                            names(
                                (offer["columns"]?.array ?? []).map {
                                    "\($0["name"]?.string ?? "") (\($0["type"]?.string ?? ""))"
                                }, most: 40),
                        ]
                    }
                ).html
            }
        }
    }

    private static func document(_ form: Form) throws -> JSONValue {
        var spec = try TermFields.terms(form)
        for field in ["peer", "dataset", "purpose"] { spec[field] = form[field].map { .string($0) } }
        return [
            "apiVersion": .string(Resource.apiVersion), "kind": "AccessRequest",
            "metadata": ["name": .string(form["name"] ?? "")], "spec": .object(spec),
        ]
    }
}
