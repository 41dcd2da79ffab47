import Hummingbird
import Resources

/// `/federation/network`: the site's networks, and who may come in by which.
enum NetworkPage {
    static func add(to routes: PortalRoutes) {
        routes.page("federation/network", page)
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let network = try await visit.api.get("/network")
        let planes = network["planes"]?.array ?? []
        return Page(
            Words("Networks", "网络"), in: .federation,
            intro: Words(
                "Each network has a listener of its own: what one serves does not exist on another.",
                "每个网络有独立的监听：一个网络提供的内容在另一个网络上不存在。")
        ) {
            FederationTab.networks.bar(visit)
            if planes.isEmpty {
                emptyState(
                    Words(
                        "No network is open: this site dials its peers, and people come by its socket alone.",
                        "没有开放的网络：本站点只拨出，人员仅通过本机套接字访问。")
                ) { HTML() }
            } else {
                section(Words("Open networks", "已开放的网络"), id: "planes") { table(planes) }
                if let expected = network["expected"]?.array, !expected.isEmpty {
                    section(
                        Words("What must be found between them", "网络之间应有的结果"), id: "expected",
                        Words(
                            "The command below tries every pair on the machine of the site, and says what is otherwise.",
                            "下面的命令在站点所在机器上逐对尝试，并指出不符之处。")
                    ) { matrix(expected) }
                }
            }
            section(
                Words("Try it", "实际验证"), id: "try",
                Words(
                    "Run it on the machine of the site: from each network's address to each network's port.",
                    "在站点所在机器上运行：从每个网络的地址到每个网络的端口。")
            ) { copyable("atoll verify network", id: "command", Words("Command", "命令")) }
        }
    }

    /// The networks that are open.
    static func table(_ planes: [JSONValue]) -> HTML {
        Table(
            Words("Networks", "网络"),
            [
                .init(Words("Network", "网络")), .init(Words("For", "用途")), .init(Words("Address", "地址")),
                .init(Words("Security", "安全")), .init(Words("Who may connect", "允许来源")),
            ], rows: planes.map(row)
        ).html
    }

    private static func row(_ plane: JSONValue) -> [HTML] {
        let name = plane["plane"]?.string ?? ""
        let words: (Words, Words) =
            switch name {
            case "federation": (Words("Federation", "联邦"), Words("other sites' programs", "其他站点的程序"))
            case "management": (Words("Management", "管理"), Words("people, their tools, this portal", "人员、工具与本门户"))
            case "business": (Words("Business", "业务"), Words("callers of models", "模型调用方"))
            default: (Words(name, name), Words("–", "–"))
            }
        let security: HTML =
            switch plane["security"]?.string {
            case "mutual": state(HTML(Words("TLS 1.3, both sides proven", "TLS 1.3，双向认证")), .good)
            case "tls": state(HTML(Words("TLS 1.3", "TLS 1.3")), .good)
            default: state(HTML(Words("no TLS; this machine alone", "无 TLS；仅限本机")), .plain)
            }
        let address = plane["address"]?.string ?? ""
        let port = plane["port"]?.integer.map { ":\($0)" } ?? ""
        return [
            HTML(words.0), HTML(words.1), code((address.contains(":") ? "[\(address)]" : address) + port), security,
            allowed(plane["allow"]?.string),
        ]
    }

    private static func allowed(_ allow: String?) -> HTML {
        switch allow {
        case "everyone": HTML(Words("everyone", "任何来源"))
        case "loopback": HTML(Words("this machine", "本机"))
        case let ranges: .joined((ranges ?? "–").split(separator: ",").map { code(String($0)) }, by: plain(", "))
        }
    }

    private static func matrix(_ rows: [JSONValue]) -> HTML {
        Table(
            Words("Expected", "应有结果"),
            [
                .init(Words("From", "自")), .init(Words("To", "至")), .init(Words("Try", "尝试")),
                .init(Words("Expected", "应为")),
            ],
            rows: rows.map { row in
                ["from", "to", "try", "expected"].map { member in
                    member == "from" || member == "to"
                        ? code(row[member]?.string ?? "") : inEnglish(row[member]?.string ?? "")
                }
            }
        ).html
    }
}
