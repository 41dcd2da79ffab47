import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// `/federation/peers/NAME`: one peer, and its end.
enum PeerPage {
    static func add(to routes: PortalRoutes) {
        routes.page("federation/peers/:name", page)
        addSettings(to: routes)
        revocation.add(to: routes)
    }

    /// What of a peer is a matter of this site.
    private static func addSettings(to routes: PortalRoutes) {
        routes.form("federation/peers/:name", on: page) { visit, form in
            let path = "/peers/\(encoded(try visit.part("name")))"
            try await visit.api.change(path, key: form.key) { spec in
                spec["displayName"] = .string(form["displayName"] ?? "")
                spec["bandwidthLimit"] = form.integer("bandwidthLimit") ?? 0
            }
            return .to(visit.link("/federation\(path)"), .saved)
        }
    }

    private static func settings(_ visit: Visit, _ name: String, _ spec: JSONValue) -> HTML {
        guard visit.may(.manage(.peers)), spec["revoked"]?.bool != true else { return HTML() }
        return section(Words("Settings", "设置"), id: "settings") {
            visit.form(visit.link("/federation/peers/\(encoded(name))")) {
                visit.field(
                    "displayName", Words("The name that people see", "显示名称"), value: spec["displayName"]?.string,
                    isRequired: true)
                visit.field(
                    "bandwidthLimit", Words("Most that is sent to it, in Mbit/s", "发送速率上限（Mbit/s）"), type: "number",
                    value: "\(spec["bandwidthLimit"]?.integer ?? 0)", hint: Words("0 for no limit", "0 表示不限"),
                    more: [Attribute("min", "0")])
                tag("button") { Words("Save", "保存") }
            }
        }
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let peer = try await visit.api.get("/peers/\(encoded(name))")
        let routes = try await visit.api.every("/routes").filter { $0[path: "spec", "peer"]?.string == name }
        let isRevoked = peer[path: "spec", "revoked"]?.bool ?? false
        var actions = HTML()
        if visit.may(.manage(.peers)), !isRevoked {
            actions = link(
                Words("Revoke…", "撤销…"), visit.link("/federation/peers/\(encoded(name))/revoke"), class: "button danger"
            )
        }
        return Page(
            title: .name(name, kind: Words("Peer", "对等站点")), section: .federation,
            trail: FederationTab.peers.trail(visit), actions: actions, live: Page.Live(kinds: ["peers", "routes"]),
            content(visit, name, peer, routes))
    }

    private static func content(_ visit: Visit, _ name: String, _ peer: JSONValue, _ routes: [JSONValue]) -> HTML {
        let spec = peer["spec"] ?? [:]
        let site = spec["site"]?.string ?? ""
        let limit = spec["bandwidthLimit"]?.integer ?? 0
        let overview = section(Words("Overview", "概况"), id: "overview") {
            facts {
                fact(Words("State", "状态"), StateWord.peer(peer[path: "status", "state"]?.string).html)
                fact(Words("The name that people see", "显示名称"), plain(spec["displayName"]?.string ?? "–"))
                fact(Words("Fingerprint", "指纹"), code(fingerprint(site)))
                fact(
                    Words("Addresses", "地址"),
                    spec.texts("addresses").isEmpty
                        ? HTML(Words("none told", "未提供")) : .joined(spec.texts("addresses").map(code), by: void("br")))
                fact(
                    Words("Most that is sent", "发送速率上限"),
                    limit == 0 ? HTML(Words("no limit", "不限")) : plain("\(numberText(limit)) Mbit/s"))
                fact(Words("Since", "加入时间"), time(peer[path: "metadata", "creationTimestamp"]?.string))
                peer[path: "status", "leafSerial"]?.integer.map {
                    fact(Words("Certificate's serial", "证书序列号"), code("\($0)"))
                }
            }
        }
        let trust = section(Words("Trust and link", "信任与连接"), id: "conditions") {
            Table(
                Words("Conditions", "条件"),
                [
                    .init(Words("What", "项目")), .init(Words("State", "状态")), .init(Words("Why", "原因")),
                    .init(Words("Since", "起始时间")),
                ], rows: (peer[path: "status", "conditions"]?.array ?? []).map(condition)
            ).html
        }
        let how = section(Words("Routes", "路由"), id: "routes") {
            routes.isEmpty
                ? emptyState(Words("No route leads to this peer.", "没有通向该站点的路由。")) {
                    if visit.may(.manage(.routes)) {
                        link(
                            Words("Make a route", "新建路由"), visit.link("/federation/new-route", [("peer", name)]),
                            class: "button")
                    }
                } : RoutePages.table(visit, routes)
        }
        return overview + trust + how + settings(visit, name, spec)
            + section(Words("Site id", "站点标识"), id: "id") {
                copyable(site, id: "site-id", Words("Site id", "站点标识"))
            } + further(visit, name)
            + commandLines(["atoll describe peer \(name)", "atoll ledger show --peer \(name)"])
    }

    private static func condition(_ condition: JSONValue) -> [HTML] {
        let type = condition["type"]?.string ?? ""
        let words: HTML =
            switch type {
            case "Trusted": HTML(Words("Trusted", "受信任"))
            case "Connected": HTML(Words("Connected", "已连接"))
            default: plain(type)
            }
        let isHeld = condition["status"]?.string == "True"
        return [
            words,
            isHeld ? state(HTML(Words("yes", "是")), .good) : state(HTML(Words("no", "否")), .bad),
            faultLine(condition["message"]?.string ?? ""), time(condition["lastTransitionTime"]?.string),
        ]
    }

    private static func further(_ visit: Visit, _ name: String) -> HTML {
        var links: [HTML] = []
        if visit.may(.view(.grants)) {
            links.append(
                link(
                    Words("What it may use", "其可用的授权"), visit.link("/federation/grants", [("peer", name)]),
                    class: "button"))
        }
        if visit.may(.view(.ledger)) {
            links.append(
                link(
                    Words("What crossed", "往来账本"), visit.link("/federation/ledger", [("peer", name)]), class: "button")
            )
        }
        return links.isEmpty ? HTML() : tag("p", .class("actions")) { HTML.joined(links, by: plain(" ")) }
    }

    private static let revocation = Revocation(
        things: "peers", isPlaced: false, tab: .peers, title: Words("Revoke a peer", "撤销对等站点"),
        asking: Words("Write the peer's name", "请输入对等站点名称"), noun: "peer"
    ) { visit, name in
        _ = try await visit.api.get("/peers/\(encoded(name))")
        let routes = try await visit.api.every("/routes").count { $0[path: "spec", "peer"]?.string == name }
        let grants = try await visit.api.every("/grants").count {
            $0[path: "spec", "peer"]?.string == name && $0[path: "status", "state"]?.string == "Active"
        }
        let jobs = try await visit.api.every("/jobs").map { JobView(json: $0) }.count { job in
            !job.isOver && (job.spec["peers"]?.array ?? []).contains { $0["peer"]?.string == name }
        }
        return [
            Words("Every link with the peer is cut at once: \(routes) route(s) end.", "与对方的所有连接立即切断：\(routes) 条路由终止。"),
            Words("Jobs with the peer fail: \(jobs) are not at their end.", "与对方的任务将失败：\(jobs) 个任务尚未结束。"),
            Words("It can use nothing any more: \(grants) active grant(s).", "对方不能再使用任何数据：\(grants) 个有效授权。"),
            Words("Models made with it cannot score without its part.", "与对方共建的模型缺少对方部分后无法评分。"),
            Words(
                "It cannot be undone, and no rollback brings the peer back. The ledger keeps what crossed.",
                "此操作不可撤回，回滚也不能恢复。账本保留往来记录。"),
        ]
    }
}
