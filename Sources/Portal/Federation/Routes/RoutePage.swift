import People
import Resources

/// `/federation/routes/NAME`: every layer of one route: what was found, what was wanted, what to do.
enum RoutePage {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let route = try await visit.api.get("/routes/\(encoded(name))")
        let path = "/federation/routes/\(encoded(name))"
        var actions = HTML()
        if visit.may(.manage(.routes)) {
            actions =
                visit.button(visit.link("\(path)/probe"), Words("Probe now", "立即探测"), class: "primary")
                + visit.button(
                    visit.link("\(path)/delete"), Words("Delete", "删除"), class: "danger",
                    confirm: Words(
                        "Links made by this route are closed; the peer stays. Delete the route?",
                        "由该路由建立的连接将关闭，对等站点保留。确定删除该路由？"))
        }
        return Page(
            title: .name(name, kind: Words("Route", "路由")), section: .federation,
            trail: FederationTab.routes.trail(visit), actions: actions, live: Page.Live(kinds: ["routes"]),
            overview(visit, route) + layers(route) + settings(visit, name, route["spec"] ?? [:])
                + commandLines(["atoll describe route \(name)", "atoll route probe \(name)"]))
    }

    private static func settings(_ visit: Visit, _ name: String, _ spec: JSONValue) -> HTML {
        guard visit.may(.manage(.routes)) else { return HTML() }
        return section(Words("Settings", "设置"), id: "settings") {
            visit.form(visit.link("/federation/routes/\(encoded(name))")) {
                if spec["kind"]?.string != "reverse" {
                    visit.field(
                        "address", Words("Where this site dials", "本站点拨出的地址"), value: spec["address"]?.string,
                        hint: Words("host:port", "主机:端口"), isRequired: true)
                }
                visit.field(
                    "probeEvery", Words("Seconds between two probes", "两次探测的间隔秒数"), type: "number",
                    value: "\(spec["probeEvery"]?.integer ?? 60)",
                    more: [Attribute("min", "5"), Attribute("max", "86400")])
                tag("button") { Words("Save", "保存") }
            }
        }
    }

    private static func overview(_ visit: Visit, _ route: JSONValue) -> HTML {
        let (spec, status) = (route["spec"] ?? [:], route["status"] ?? [:])
        let figures = status["figures"] ?? [:]
        let peer = spec["peer"]?.string ?? ""
        let ready = (status["conditions"]?.array ?? []).first { $0["type"]?.string == "Ready" }
        return section(Words("Overview", "概况"), id: "overview") {
            facts {
                fact(Words("State", "状态"), StateWord.route(status["state"]?.string).html)
                ready?["message"]?.string.map { fact(Words("Why", "原因"), faultLine($0)) }
                fact(Words("Peer", "对等站点"), link(peer, visit.link("/federation/peers/\(encoded(peer))")))
                fact(Words("Who dials", "拨号方"), HTML(RouteWords.kind(spec["kind"]?.string)))
                spec["address"]?.string.map { fact(Words("Address", "地址"), code($0)) }
                fact(
                    Words("Round trip", "往返时延"),
                    plain(RouteWords.roundTrip(figures["roundTripMicroseconds"]?.integer) ?? "–"))
                fact(
                    Words("Bandwidth", "带宽"),
                    plain(RouteWords.bandwidth(figures["bandwidthBitsPerSecond"]?.integer) ?? "–"))
                fact(Words("Largest message", "最大消息"), bytes(figures["largestMessageBytes"]?.integer))
                figures["clockMilliseconds"]?.integer.map {
                    fact(Words("The peer's clock less ours", "对方时钟减本站时钟"), plain("\($0) ms"))
                }
                status[path: "tuning", "windowKiB"]?.integer.map {
                    fact(Words("Window of the link", "连接窗口"), plain("\(numberText($0)) KiB"))
                }
                fact(Words("Probed", "最近探测"), time(status["lastProbe"]?.string))
                spec["probeEvery"]?.integer.map { fact(Words("Probed every", "探测间隔"), plain("\($0) s")) }
            }
        }
    }

    /// All layers in their order, those too that were not reached: nothing above a failure can be judged.
    private static func layers(_ route: JSONValue) -> HTML {
        let steps = route[path: "status", "steps"]?.array ?? []
        let failing = RouteWords.layers.firstIndex { $0.name == route[path: "status", "failing"]?.string ?? "" }
        return section(
            Words("Layer by layer", "逐层探测"), id: "layers",
            Words(
                "From the bottom up, to the first layer that fails: what was found, what was wanted, and what to do.",
                "自下而上，到第一个失败的层为止：实际情况、期望情况与解决办法。")
        ) {
            Table(
                Words("Layers", "各层"),
                [
                    .init(Words("Layer", "层")), .init(Words("State", "状态")), .init(Words("Found", "实际")),
                    .init(Words("Wanted", "应为")), .init(Words("What to do", "解决办法")),
                ],
                rows: RouteWords.layers.enumerated().map { index, layer in
                    guard let step = steps.first(where: { $0["layer"]?.string == layer.name }) else {
                        let words =
                            failing.map { index > $0 } ?? false
                            ? Words("not reached", "未到达") : Words("not measured", "未测量")
                        return [HTML(layer.words), state(HTML(words), .plain), plain("–"), plain("–"), plain("–")]
                    }
                    return [
                        HTML(layer.words), StateWord.layer(step["outcome"]?.string).html, found(step),
                        text(step["wanted"]), fix(step),
                    ]
                }
            ).html
        }
    }

    private static func found(_ step: JSONValue) -> HTML {
        let number = step["number"]?.string ?? ""
        let found = step["found"]?.string ?? ""
        return (number.isEmpty ? HTML() : code(number) + plain(" "))
            + (found.isEmpty ? plain("–") : faultDetail(number, found))
    }

    private static func fix(_ step: JSONValue) -> HTML {
        guard let fix = step["fix"]?.string, !fix.isEmpty else { return plain("–") }
        return faultFix(step["number"]?.string ?? "", fix)
    }

    private static func text(_ value: JSONValue?) -> HTML {
        guard let text = value?.string, !text.isEmpty else { return plain("–") }
        return inEnglish(text)
    }
}
