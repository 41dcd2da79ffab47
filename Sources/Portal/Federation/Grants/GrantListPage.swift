import Hummingbird
import People
import Resources

/// `/federation/grants`: what peers may use of this site's data, and how much of it is used.
enum GrantListPage {
    private static let states = ["Active", "AwaitingApproval", "NotYet", "UsedUp", "Expired", "Revoked"]

    static func add(to routes: PortalRoutes) {
        routes.page("federation/grants", list)
    }

    @Sendable private static func list(_ visit: Visit) async throws -> Page {
        let peers = try await KnownPeers.of(visit)
        let (peer, wanted) = (visit.query("peer"), visit.query("state"))
        let grants = Paging(
            try await visit.api.listAll("/grants", visit.placed()).filter { grant in
                (peer == nil || grant[path: "spec", "peer"]?.string == peer)
                    && (wanted == nil || grant[path: "status", "state"]?.string == wanted)
            }, visit)
        var actions = HTML()
        if visit.may(.manage(.grants)) {
            actions = link(
                Words("New grant", "新建授权"), visit.link("/federation/new-grant", [("peer", peer)]),
                class: "button primary")
        }
        return Page(
            Words("Grants", "授权"), in: .federation,
            intro: Words(
                "What each peer may use of this site's datasets: what for, how often, until when. Nothing else is read for it.",
                "各对等站点可使用本站点哪些数据集：用途、次数、期限。除此之外不会为其读取任何数据。"),
            actions: actions, live: Page.Live(kinds: ["grants"])
        ) {
            FederationTab.grants.bar(visit)
            visit.filter("/federation/grants") {
                visit.choice(
                    "peer", Words("Peer", "对等站点"),
                    [(value: "", shown: HTML(Words("all", "全部")))] + peers.options, chosen: peer)
                visit.choice(
                    "state", Words("State", "状态"),
                    [(value: "", shown: HTML(Words("all", "全部")))]
                        + states.map { (value: $0, shown: HTML(StateWord.grant($0).words)) }, chosen: wanted)
            }
            if grants.all == 0 {
                emptyState(Words("There is no such grant here.", "这里没有符合条件的授权。")) { HTML() }
            } else {
                table(visit, Array(grants.shown))
                grants.links(visit, "/federation/grants", [("peer", peer), ("state", wanted)])
            }
            commandLines(["atoll grant list" + visit.place.optionText])
        }
    }

    private static func table(_ visit: Visit, _ grants: [JSONValue]) -> HTML {
        Table(
            Words("Grants", "授权"),
            [
                .init(Words("Name", "名称")), .init(Words("Project", "项目")), .init(Words("Peer", "对等站点")),
                .init(Words("Dataset", "数据集")), .init(Words("State", "状态")), .init(Words("Used", "已用")),
                .init(Words("Until", "期限")), .init(Words("What for", "用途")),
            ],
            cells: grants.map { grant in
                let (spec, status) = (grant["spec"] ?? [:], grant["status"] ?? [:])
                let (used, uses) = (status["uses"]?.integer ?? 0, spec["uses"]?.integer ?? 1)
                return [
                    .init(link(grant.resourceName, path(visit, grant))),
                    .init(plain(place(grant))), .init(plain(spec["peer"]?.string ?? "")),
                    .init(plain(spec["dataset"]?.string ?? "")),
                    .init(StateWord.grant(status["state"]?.string).html),
                    .init(meter(used, of: uses), sortedBy: "\(used)"),
                    .init(time(spec["notAfter"]?.string), sortedBy: spec["notAfter"]?.string),
                    .init(plain(spec["purpose"]?.string ?? "")),
                ]
            }
        ).html
    }

    /// `retail / cards`.
    private static func place(_ grant: JSONValue) -> String {
        ["tenant", "project"].compactMap { grant[path: "metadata", $0]?.string }.joined(separator: " / ")
    }

    /// The page of a grant, which lives in its own place wherever it is listed.
    private static func path(_ visit: Visit, _ grant: JSONValue) -> String {
        let scope = ["tenant", "project"].map { ($0, grant[path: "metadata", $0]?.string) }
        return address("/federation/grants/\(encoded(grant.resourceName))", scope)
    }

    /// The browser's own bar, with the numbers beside it.
    private static func meter(_ used: Int64, of most: Int64) -> HTML {
        let numbers = Words("\(numberText(used)) of \(numberText(most))", "\(numberText(used)) / \(numberText(most))")
        return tag(
            "meter", Attribute("min", "0"), Attribute("max", "\(max(1, most))"),
            Attribute("value", "\(min(used, most))"),
            .label(numbers)
        ) { numbers } + plain(" ") + HTML(numbers)
    }
}
