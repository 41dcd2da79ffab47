import Charts
import People
import Resources

/// `/federation`: this site, its peers, and how they are reached.
enum PeerListPage {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let site = try await visit.api.find("/site")
        let peers = KnownPeers(try await visit.api.every("/peers"))
        let routes = try await visit.api.every("/routes")
        let byPeer = Dictionary(grouping: routes) { $0[path: "spec", "peer"]?.string ?? "" }
        return Page(
            Words("Federation", "联邦"), in: .federation,
            intro: Words(
                "Other institutions' sites, how they are reached, what they may use, and what crossed.",
                "其他机构的站点、连接方式、可用数据以及往来的一切。"),
            actions: actions(visit), live: Page.Live(kinds: ["peers", "routes"])
        ) {
            FederationTab.peers.bar(visit)
            if peers.all.isEmpty {
                emptyState(
                    Words(
                        "There are no peers yet. One site makes a code, the other one accepts it: nothing else is copied.",
                        "还没有对等站点。一方生成加入码，另一方接受即可，无需复制其他内容。")
                ) { actions(visit) }
            } else {
                section(Words("Peers", "对等站点"), id: "peers") { table(visit, peers, byPeer) }
                section(Words("Map of routes", "路由图"), id: "map") {
                    figure(map(site, peers, byPeer), id: "route-map")
                }
            }
            site.map { thisSite($0) }
            commandLines(["atoll site", "atoll peer list", "atoll route list"])
        }
    }

    private static func actions(_ visit: Visit) -> HTML {
        var actions = HTML()
        if visit.may(.view(.invitations)) {
            actions.append(
                link(Words("Invite a site", "邀请站点"), visit.link("/federation/invite"), class: "button primary"))
        }
        if visit.may(.manage(.peers)) {
            actions.append(link(Words("Accept a code", "接受加入码"), visit.link("/federation/accept"), class: "button"))
        }
        return actions
    }

    private static func table(_ visit: Visit, _ peers: KnownPeers, _ routes: [String: [JSONValue]]) -> HTML {
        Table(
            Words("Peers", "对等站点"),
            [
                .init(Words("Name", "名称")), .init(Words("The name that people see", "显示名称")),
                .init(Words("State", "状态")),
                .init(Words("Route", "路由")), .init(Words("Round trip", "往返时延"), isNumber: true),
                .init(Words("Bandwidth", "带宽"), isNumber: true), .init(Words("Since", "加入时间")),
            ],
            cells: peers.all.map { peer in
                let own = routes[peer.name] ?? []
                let figures = own.first?[path: "status", "figures"]
                let trip = figures?["roundTripMicroseconds"]?.integer
                let rate = figures?["bandwidthBitsPerSecond"]?.integer
                let since = peer.document[path: "metadata", "creationTimestamp"]?.string
                return [
                    .init(link(peer.name, visit.link("/federation/peers/\(encoded(peer.name))"))),
                    .init(plain(peer.displayName)), .init(StateWord.peer(peer.state).html),
                    .init(.joined(own.map { routeCell(visit, $0) }, by: void("br"))),
                    .init(plain(RouteWords.roundTrip(trip) ?? "–"), sortedBy: "\(trip ?? Int64.max)"),
                    .init(plain(RouteWords.bandwidth(rate) ?? "–"), sortedBy: "\(rate ?? 0)"),
                    .init(time(since), sortedBy: since),
                ]
            }
        ).html
    }

    private static func routeCell(_ visit: Visit, _ route: JSONValue) -> HTML {
        let name = route.resourceName
        return link(name, visit.link("/federation/routes/\(encoded(name))")) + plain(" ")
            + StateWord.route(route[path: "status", "state"]?.string).html
    }

    /// Peers with the state of their best route.
    static func map(_ site: JSONValue?, _ peers: KnownPeers, _ routes: [String: [JSONValue]]) -> RouteMap {
        let drawn = peers.all.map { peer -> RouteMap.Peer in
            let own = routes[peer.name] ?? []
            let best = own.first { $0[path: "status", "state"]?.string == "Ready" } ?? own.first
            let word =
                peer.state == "Revoked" || best == nil
                ? StateWord.peer(peer.state) : StateWord.route(best?[path: "status", "state"]?.string)
            let trip = RouteWords.roundTrip(best?[path: "status", "figures", "roundTripMicroseconds"]?.integer)
            return RouteMap.Peer(
                Phrase(peer.name), tone: word.mood.tone, state: word.words.phrase,
                route: best.map { RouteWords.shortKind($0[path: "spec", "kind"]?.string).phrase }
                    ?? Words("no route", "无路由").phrase,
                detail: trip.map { Phrase($0) })
        }
        let ready = drawn.count { $0.tone == .good }
        let summary = Words(
            "\(ready) of \(drawn.count) peers are reached without a warning.", "\(drawn.count) 个对等站点中 \(ready) 个连接正常。")
        return RouteMap(
            Words("Routes to peers", "到对等站点的路由").phrase, summary: summary.phrase,
            site: Phrase(site?["displayName"]?.string ?? ""), peers: drawn)
    }

    private static func thisSite(_ site: JSONValue) -> HTML {
        let id = site["id"]?.string ?? ""
        return section(
            Words("This site", "本站点"), id: "site",
            Words(
                "Read the fingerprint to the other side by telephone when you join: it must be the same there.",
                "加入时请通过电话与对方核对指纹，两边必须一致。")
        ) {
            facts {
                fact(Words("Name", "名称"), plain(site["displayName"]?.string ?? "–"))
                fact(Words("Fingerprint", "指纹"), code(site["fingerprint"]?.string ?? fingerprint(id)))
                fact(
                    Words("Addresses", "地址"),
                    site.texts("addresses").isEmpty
                        ? HTML(Words("none: this site dials and is not dialled", "无：本站点只拨出，不接受拨入"))
                        : .joined(site.texts("addresses").map(code), by: void("br")))
                fact(
                    Words("Certificate", "证书"),
                    HTML(Words("from ", "自 ")) + time(site[path: "leaf", "notBefore"]?.string)
                        + HTML(Words(" until ", " 至 ")) + time(site[path: "leaf", "notAfter"]?.string)
                        + HTML(Words(", serial ", "，序列号 ")) + code(site[path: "leaf", "serial"]?.string ?? "–"))
            }
            tag("h3") { Words("Site id", "站点标识") }
            copyable(id, id: "site-id", Words("Site id", "站点标识"))
        }
    }
}
