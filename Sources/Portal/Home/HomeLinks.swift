import People
import Resources

/// The sites that this one knows, and whether each is reached.
struct HomeLinks {
    private let peers: [JSONValue]
    private let routes: [JSONValue]

    var isEmpty: Bool { peers.isEmpty }

    /// Nil for viewers who may not see peers.
    init?(_ visit: Visit) async throws {
        guard visit.may(.view(.peers)) else { return nil }
        peers = try await visit.api.list("/peers", [("limit", "200")])
        routes = visit.may(.view(.routes)) ? try await visit.api.list("/routes", [("limit", "500")]) : []
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
        let name = peer[path: "metadata", "name"]?.string ?? ""
        let shown = peer[path: "spec", "displayName"]?.string ?? ""
        let route = routes.first { $0[path: "spec", "peer"]?.string == name }
        let roundTrip = route?[path: "status", "figures", "roundTripMicroseconds"]?.number
        let measured = route?[path: "status", "lastProbe"]?.string
        return [
            .init(plain(name) + (shown == name ? HTML() : tag("div", .class("muted")) { plain(shown) })),
            .init(Self.peer(peer[path: "status", "state"]?.string ?? "")),
            .init(Self.route(route)),
            .init(
                plain(roundTrip.map { "\(decimalText($0 / 1000, 1)) ms" } ?? "–"), sortedBy: roundTrip.map { "\($0)" }),
            .init(time(measured), sortedBy: measured),
        ]
    }

    private static func peer(_ name: String) -> HTML {
        switch name {
        case "Connected": state(HTML(Words("Connected", "已连接")), .good)
        case "Disconnected": state(HTML(Words("Not connected", "未连接")), .bad)
        case "Revoked": state(HTML(Words("Revoked", "已撤销")), .plain)
        case "": state(HTML(Words("New", "新建")), .waiting)
        default: state(plain(name), .waiting)
        }
    }

    private static func route(_ route: JSONValue?) -> HTML {
        guard let route else { return state(HTML(Words("No route", "没有路由")), .plain) }
        let failing = route[path: "status", "failing"]?.string ?? ""
        let says = failing.isEmpty ? HTML() : tag("div", .class("muted")) { plain(failing) }
        switch route[path: "status", "state"]?.string ?? "" {
        case "Ready": return state(HTML(Words("Works", "正常")), .good)
        case "Degraded": return state(HTML(Words("Slow", "性能下降")), .waiting)
        case "Failing": return state(HTML(Words("Failing", "出现故障")), .bad) + says
        case "Lost": return state(HTML(Words("Lost", "连接中断")), .bad) + says
        case "NotConnected": return state(HTML(Words("Not connected", "未连接")), .bad) + says
        case "Waiting", "": return state(HTML(Words("Not measured yet", "尚未测量")), .waiting)
        case let other: return state(plain(other), .plain) + says
        }
    }
}
