import HTTPTypes
import Hummingbird
import People
import Resources

/// Who may use a dataset: grants with what was used of them, and to whom its columns are shown.
enum DatasetGrants {
    private static let prefix = DatasetPage.prefix

    static func add(to routes: PortalRoutes) {
        routes.page("data/datasets/:name/grants", page)
        routes.form("data/datasets/:name/offer", on: page) { visit, form in
            let dataset = try visit.part("name")
            try await visit.api.send(
                .post, "/datasets/\(encoded(dataset))/offer", visit.placed(),
                ["peer": .string(form["peer"] ?? ""), "isOffered": .bool(form["isOffered"] == "yes")], key: form.key)
            return .to(visit.link("\(prefix)/\(encoded(dataset))/grants"), .saved)
        }
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        try await DatasetPage.page(visit, .grants, live: .init(kinds: ["grants"])) { dataset in
            let grants = try await visit.api.listAll("/grants", dataset.placed)
                .map(ProjectThing.init).filter { $0.spec["dataset"]?.string == dataset.name }
            let (mayGrant, mayOffer) = (visit.may(.manage(.grants)), visit.may(.manage(.datasets)))
            let peers = mayOffer ? peerNames(try await visit.api.every("/peers")) : []
            return table(grants, dataset, mayGrant) + offers(dataset, visit, peers, mayOffer)
        }
    }

    static func peerNames(_ peers: [JSONValue]) -> [String] {
        peers.filter { $0[path: "spec", "revoked"]?.bool != true }
            .compactMap { $0[path: "metadata", "name"]?.string }.sorted()
    }

    static func operatorNames(_ visit: Visit) async throws -> [String] {
        try await visit.api.listIfSeen("/operators").compactMap { $0["name"]?.string }.sorted()
    }

    /// Grants have their own pages, which say what is lost by ending one.
    private static func table(_ grants: [ProjectThing], _ dataset: ProjectThing, _ mayGrant: Bool) -> HTML {
        let making =
            mayGrant
            ? tag("p") {
                link(
                    Words("Grant it to a peer", "授权给对等站点"),
                    address("/federation/new-grant", [("dataset", dataset.name)] + dataset.placed),
                    class: "button primary")
            } : HTML()
        guard !grants.isEmpty else {
            return emptyState(
                Words(
                    "No peer may use this dataset. A grant says what for, how often and until when.",
                    "还没有对等站点可以使用此数据集。授权规定用途、次数和期限。")
            ) { making }
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
                    .init(link(grant.name, grant.path("/federation/grants"))),
                    .init(plain(grant.spec["peer"]?.string ?? "")),
                    .init(StateWord.grant(grant.status["state"]?.string).html),
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
                                : link(
                                    Words("Revoke…", "撤销…"), grant.path("/federation/grants", "revoke"),
                                    class: "button danger quiet")))
                }
                return cells
            }
        ).html + making
    }

    private static func offers(_ dataset: ProjectThing, _ visit: Visit, _ peers: [String], _ mayOffer: Bool) -> HTML {
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
                    if mayOffer {
                        visit.button(
                            dataset.path(prefix, "offer"), Words("Do not show any more", "停止展示"), class: "quiet",
                            hidden: [("peer", peer), ("isOffered", "no")])
                    }
                }
            }
            let others = peers.filter { !offered.contains($0) }
            if mayOffer, !others.isEmpty {
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
}
