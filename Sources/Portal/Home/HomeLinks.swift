import People
import Resources

/// The sites that this one knows, and whether each is reached.
struct HomeLinks {
    private let peers: [JSONValue]
    private let routes: [JSONValue]
    private let visit: Visit

    var isEmpty: Bool { peers.isEmpty }

    /// Nil for viewers who may not see peers.
    init?(_ visit: Visit) async throws {
        guard visit.may(.view(.peers)) else { return nil }
        self.visit = visit
        peers = try await visit.api.listAll("/peers")
        routes = visit.may(.view(.routes)) ? try await visit.api.listAll("/routes") : []
    }

    var html: HTML {
        guard !peers.isEmpty else { return HTML() }
        return section(Words("Partners", "合作站点"), id: "links") {
            Table(
                Words("Partners and the ways to them", "合作站点及其路由"),
                [
                    .init(Words("Peer", "对等站点")), .init(Words("State", "状态")), .init(Words("Route", "路由")),
                    .init(Words("Round trip", "往返时间"), isNumber: true), .init(Words("Measured", "测量时间")),
                ], cells: peers.map(row)
            ).html
        }
    }

    private func row(_ peer: JSONValue) -> [Table.Cell] {
        let item = Item(peer)
        let shown = item.text("spec", "displayName")
        let route = routes.map(Item.init).first { $0.text("spec", "peer") == item.name }
        let roundTrip = route?.integer("status", "figures", "roundTripMicroseconds")
        let measured = route?.text("status", "lastProbe")
        return [
            .init(
                link(item.name, visit.link("/federation/peers/\(encoded(item.name))"))
                    + (shown == item.name ? HTML() : tag("div", .class("muted")) { plain(shown) })),
            .init(StateWord.peer(item.text("status", "state")).html), .init(way(route)),
            .init(plain(RouteWords.roundTrip(roundTrip) ?? "–"), sortedBy: roundTrip.map { "\($0)" }),
            .init(time(measured), sortedBy: measured),
        ]
    }

    /// How the peer is reached, and what fails first where it is not.
    private func way(_ route: Item?) -> HTML {
        guard let route else { return state(HTML(Words("no route", "没有路由")), .plain) }
        let failing = route.text("status", "failing")
        return link(route.name, visit.link("/federation/routes/\(encoded(route.name))")) + plain(" ")
            + StateWord.route(route.text("status", "state")).html
            + (failing.isEmpty ? HTML() : tag("div", .class("muted")) { RouteWords.layer(failing) })
    }
}
