import HTTPTypes
import Hummingbird
import People
import Resources

/// `/federation/routes`: how peers are reached, layer by layer.
enum RoutePages {
    static func add(to routes: PortalRoutes) {
        routes.page("federation/routes", list)
        routes.page("federation/routes/:name", RoutePage.page)
        routes.form("federation/routes/:name", on: RoutePage.page) { visit, form in
            let path = "/routes/\(encoded(try visit.part("name")))"
            try await visit.api.change(path, key: form.key) { spec in
                // Nothing written is no address, which a direct route may not have.
                spec["address"] = form["address"].map { .string($0) }
                spec["probeEvery"] = form.integer("probeEvery") ?? spec["probeEvery"]
            }
            return .to(visit.link("/federation\(path)"), .saved)
        }
        routes.form("federation/routes/:name/probe", on: RoutePage.page) { visit, form in
            let name = try visit.part("name")
            try await visit.api.send(.post, "/routes/\(encoded(name))/probe", [], [:], key: form.key)
            return .to(visit.link("/federation/routes/\(encoded(name))"), .done)
        }
        routes.form("federation/routes/:name/delete", on: RoutePage.page) { visit, form in
            let name = try visit.part("name")
            try await visit.api.send(.delete, "/routes/\(encoded(name))", key: form.key)
            return .to(visit.link("/federation/routes"), .deleted)
        }
        routes.page("federation/new-route", new)
        routes.form("federation/new-route", on: new) { visit, form in
            let name = form["name"] ?? ""
            var spec: [String: JSONValue] = [
                "peer": .string(form["peer"] ?? ""), "kind": .string(form["kind"] ?? "direct"),
            ]
            if let address = form["address"] { spec["address"] = .string(address) }
            let document: JSONValue = [
                "apiVersion": .string(Resource.apiVersion), "kind": "Route", "metadata": ["name": .string(name)],
                "spec": .object(spec),
            ]
            try await visit.api.send(.post, "/routes", [], document, key: form.key)
            return .to(visit.link("/federation/routes/\(encoded(name))"), .created)
        }
    }

    @Sendable private static func list(_ visit: Visit) async throws -> Page {
        let site = try await visit.api.find("/site")
        let routes = try await visit.api.every("/routes")
        let peers = try await KnownPeers.of(visit)
        let byPeer = Dictionary(grouping: routes) { $0[path: "spec", "peer"]?.string ?? "" }
        var actions = HTML()
        if visit.may(.manage(.routes)) {
            actions = link(Words("New route", "新建路由"), visit.link("/federation/new-route"), class: "button")
        }
        return Page(
            Words("Routes", "路由"), in: .federation,
            intro: Words(
                "How this site reaches each peer. Joining makes routes; a probe says at which layer one fails.",
                "本站点如何到达各对等站点。加入时自动建立路由；探测会指出在哪一层失败。"),
            actions: actions, live: Page.Live(kinds: ["routes"])
        ) {
            FederationTab.routes.bar(visit)
            if routes.isEmpty {
                emptyState(
                    Words("There are no routes yet; joining another site makes one.", "还没有路由；加入其他站点时会自动建立。")
                ) { HTML() }
            } else {
                section(Words("Map of routes", "路由图"), id: "map") {
                    figure(PeerListPage.map(site, peers, byPeer), id: "route-map")
                }
                section(Words("All routes", "全部路由"), id: "routes") { table(visit, routes) }
            }
            commandLines(["atoll route list", "atoll route probe NAME"])
        }
    }

    static func table(_ visit: Visit, _ routes: [JSONValue]) -> HTML {
        Table(
            Words("Routes", "路由"),
            [
                .init(Words("Name", "名称")), .init(Words("Peer", "对等站点")), .init(Words("Kind", "方式")),
                .init(Words("Address", "地址")), .init(Words("State", "状态")), .init(Words("Fails at", "失败层")),
                .init(Words("Round trip", "往返时延"), isNumber: true), .init(Words("Bandwidth", "带宽"), isNumber: true),
                .init(Words("Probed", "最近探测")),
            ],
            cells: routes.map { route in
                let (spec, status) = (route["spec"] ?? [:], route["status"] ?? [:])
                let trip = status[path: "figures", "roundTripMicroseconds"]?.integer
                let rate = status[path: "figures", "bandwidthBitsPerSecond"]?.integer
                let failing = status["failing"]?.string ?? ""
                let (name, peer) = (route.resourceName, spec["peer"]?.string ?? "")
                let probed = status["lastProbe"]?.string
                return [
                    .init(link(name, visit.link("/federation/routes/\(encoded(name))"))),
                    .init(link(peer, visit.link("/federation/peers/\(encoded(peer))"))),
                    .init(HTML(RouteWords.shortKind(spec["kind"]?.string))),
                    .init(spec["address"]?.string.map(code) ?? plain("–")),
                    .init(StateWord.route(status["state"]?.string).html),
                    .init(failing.isEmpty ? plain("–") : RouteWords.layer(failing)),
                    .init(plain(RouteWords.roundTrip(trip) ?? "–"), sortedBy: "\(trip ?? Int64.max)"),
                    .init(plain(RouteWords.bandwidth(rate) ?? "–"), sortedBy: "\(rate ?? 0)"),
                    .init(time(probed), sortedBy: probed),
                ]
            }
        ).html
    }

    @Sendable private static func new(_ visit: Visit) async throws -> Page {
        let peers = try await KnownPeers.of(visit)
        let content: HTML
        if peers.all.isEmpty {
            content = emptyState(Words("A route leads to a peer, and there is none yet.", "路由通向对等站点，目前还没有。")) {
                link(Words("To the peers", "查看对等站点"), visit.link("/federation"), class: "button")
            }
        } else {
            content =
                visit.form(visit.link("/federation/new-route")) {
                    visit.field(
                        "name", Words("Name", "名称"), value: visit.query("peer"),
                        hint: Words("Lower-case letters, digits and -", "小写字母、数字和 -"), isRequired: true)
                    visit.choice("peer", Words("Peer", "对等站点"), peers.options, chosen: visit.query("peer"))
                    visit.choice(
                        "kind", Words("Who dials", "拨号方"),
                        ["direct", "reverse"].map { (value: $0, shown: HTML(RouteWords.kind($0))) })
                    visit.field(
                        "address", Words("Address", "地址"),
                        hint: Words("host:port, where this site dials; empty for reverse", "本站点拨出的 host:port；反向时留空"))
                    tag("button", .class("primary")) { Words("Make the route", "新建路由") }
                } + commandLines(["atoll explain route", "atoll apply -f route.yaml"])
        }
        return Page(
            title: .words(Words("New route", "新建路由")), section: .federation, trail: FederationTab.routes.trail(visit),
            content)
    }
}
