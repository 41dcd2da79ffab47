import HTTPTypes
import Hummingbird
import People
import Resources

/// Who may use a dataset: grants with what was used of them, and to whom its columns are shown.
enum DatasetGrants {
    private static let prefix = DatasetPage.prefix

    static func add(to routes: PortalRoutes) {
        routes.page("data/datasets/:name/grants", page)
        routes.form("data/datasets/:name/grants", on: page) { visit, form in
            let dataset = try visit.part("name")
            try await visit.api.send(.post, "/grants", visit.placed(), document(dataset, form), key: form.key)
            return .to(path(visit, dataset), .created)
        }
        routes.form("data/datasets/:name/grants/:grant/revoke", on: page) { visit, form in
            let grant = try visit.part("grant")
            try await visit.api.send(
                .post, "/grants/\(encoded(grant))/revoke", visit.placed([("reason", form["reason"])]), key: form.key)
            return .to(path(visit, try visit.part("name")), .revoked)
        }
        routes.form("data/datasets/:name/offer", on: page) { visit, form in
            let dataset = try visit.part("name")
            try await visit.api.send(
                .post, "/datasets/\(encoded(dataset))/offer", visit.placed(),
                ["peer": .string(form["peer"] ?? ""), "isOffered": .bool(form["isOffered"] == "yes")], key: form.key)
            return .to(path(visit, dataset), .saved)
        }
    }

    private static func path(_ visit: Visit, _ dataset: String) -> String {
        visit.link("\(prefix)/\(encoded(dataset))/grants")
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        try await DatasetPage.page(visit, .grants, live: .init(kinds: ["grants"])) { dataset in
            let grants = try await visit.api.list("/grants", dataset.placed + [("limit", "1000")])
                .map(ProjectThing.init).filter { $0.spec["dataset"]?.string == dataset.name }
            let mayGrant = visit.may(.manage(.grants))
            let peers = mayGrant ? peerNames(try await visit.api.listIfSeen("/peers")) : []
            let operators = mayGrant ? try await operatorNames(visit) : []
            return table(grants, dataset, visit, mayGrant) + offers(dataset, visit, peers, mayGrant)
                + (mayGrant ? making(dataset, visit, peers, operators) : HTML())
        }
    }

    static func peerNames(_ peers: [JSONValue]) -> [String] {
        peers.filter { $0[path: "spec", "revoked"]?.bool != true }
            .compactMap { $0[path: "metadata", "name"]?.string }.sorted()
    }

    static func operatorNames(_ visit: Visit) async throws -> [String] {
        try await visit.api.listIfSeen("/operators").compactMap { $0["name"]?.string }.sorted()
    }

    static func standing(_ grant: ProjectThing) -> HTML {
        switch grant.status["state"]?.string {
        case "Active": state(Words("Active", "有效").html, .good)
        case "AwaitingApproval": state(Words("Awaits approval", "等待审批").html, .waiting)
        case "NotYet": state(Words("Not yet", "尚未生效").html, .waiting)
        case "UsedUp": state(Words("Used up", "次数用尽").html, .plain)
        case "Expired": state(Words("Expired", "已过期").html, .plain)
        case "Revoked": state(Words("Revoked", "已撤销").html, .bad)
        default: state(Words("Being checked", "检查中").html, .busy)
        }
    }

    private static func table(
        _ grants: [ProjectThing], _ dataset: ProjectThing, _ visit: Visit, _ mayGrant: Bool
    ) -> HTML {
        guard !grants.isEmpty else {
            return emptyState(
                Words(
                    "No peer may use this dataset. A grant says what for, how often and until when.",
                    "还没有对等站点可以使用此数据集。授权规定用途、次数和期限。"))
        }
        var columns: [Table.Column] = [
            .init(Words("Grant", "授权")), .init(Words("Peer", "对等站点")), .init(Words("State", "状态")),
            .init(Words("Used", "已用")), .init(Words("Until", "截止")), .init(Words("Columns", "列")),
            .init(Words("Algorithms", "算法")), .init(Words("Purpose", "用途")),
        ]
        if mayGrant { columns.append(.init(Words("End it", "终止"))) }
        return Table(
            Words("Grants", "授权"), columns,
            cells: grants.map { grant in
                var cells: [Table.Cell] = [
                    .init(plain(grant.name)), .init(plain(grant.spec["peer"]?.string ?? "")), .init(standing(grant)),
                    .init(
                        plain(
                            grant.status["used"]?.string?.replacing(" of ", with: " / ")
                                ?? "0 / \(grant.spec["uses"]?.integer ?? 1)")),
                    .init(time(grant.spec["notAfter"]?.string)), .init(names(grant.texts("columns"), most: 12)),
                    .init(names(grant.texts("algorithms"), most: 12)),
                    .init(plain(grant.spec["purpose"]?.string ?? "")),
                ]
                if mayGrant {
                    cells.append(
                        .init(
                            grant.spec["revoked"]?.bool == true
                                ? HTML()
                                : visit.button(
                                    dataset.path(prefix, "grants/\(encoded(grant.name))/revoke"), Words("Revoke", "撤销"),
                                    class: "danger quiet",
                                    confirm: Words(
                                        "Revoke this grant for good? Jobs that read with it are stopped.",
                                        "永久撤销此授权？使用它读取数据的任务将被停止。"))))
                }
                return cells
            }
        ).html
    }

    private static func offers(_ dataset: ProjectThing, _ visit: Visit, _ peers: [String], _ mayGrant: Bool) -> HTML {
        let offered = dataset.labels.keys.filter { $0.hasPrefix("offer/") }.map { String($0.dropFirst(6)) }.sorted()
        return section(
            Words("Shown to peers", "向对等站点展示"), id: "offers",
            Words(
                "A peer sees names and types of the columns, so that it can ask for a grant; no rows, and not how many.",
                "对等站点只能看到列名和类型，以便申请授权；看不到数据行，也不知道行数。")
        ) {
            if offered.isEmpty { tag("p") { Words("Shown to nobody.", "未向任何站点展示。") } }
            for peer in offered {
                tag("p") {
                    plain(peer + " ")
                    if mayGrant {
                        visit.button(
                            dataset.path(prefix, "offer"), Words("Do not show any more", "停止展示"), class: "quiet",
                            hidden: [("peer", peer), ("isOffered", "no")])
                    }
                }
            }
            let others = peers.filter { !offered.contains($0) }
            if mayGrant, !others.isEmpty {
                visit.form(dataset.path(prefix, "offer"), class: "filter") {
                    void(
                        "input", Attribute("type", "hidden"), Attribute("name", "isOffered"), Attribute("value", "yes"))
                    tag("div", .class("field")) {
                        tag("label", Attribute("for", "offer-peer")) { Words("Peer", "对等站点") }
                        tag("select", .id("offer-peer"), Attribute("name", "peer")) {
                            for peer in others { tag("option", Attribute("value", peer)) { plain(peer) } }
                        }
                    }
                    tag("button") { Words("Show its columns", "展示列") }
                }
            }
        }
    }

    private static func making(
        _ dataset: ProjectThing, _ visit: Visit, _ peers: [String], _ operators: [String]
    ) -> HTML {
        section(Words("Grant it to a peer", "授权给对等站点"), id: "making") {
            if peers.isEmpty {
                tag("p") { Words("There is no peer yet: join one first.", "还没有对等站点：请先加入。") }
            } else {
                visit.form(dataset.path(prefix, "grants")) {
                    visit.field("name", Words("Name of the grant", "授权名称"), isRequired: true)
                    visit.choice("peer", Words("Peer", "对等站点"), peers.map { ($0, plain($0)) }, isRequired: true)
                    TermFields.all(
                        visit, columns: (dataset.spec["columns"]?.array ?? []).compactMap { $0["name"]?.string },
                        ticked: [], operators: operators)
                    TermFields.guards(visit)
                    tag("button", .class("primary")) { Words("Grant", "授权") }
                }
            }
        }
    }

    private static func document(_ dataset: String, _ form: Form) throws -> JSONValue {
        var spec = try TermFields.terms(form)
        spec["peer"] = .string(form["peer"] ?? "")
        spec["dataset"] = .string(dataset)
        spec["purpose"] = form["purpose"].map { .string($0) }
        return [
            "apiVersion": .string(Resource.apiVersion), "kind": "Grant",
            "metadata": ["name": .string(form["name"] ?? "")], "spec": .object(spec),
        ]
    }
}
