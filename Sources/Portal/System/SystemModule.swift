import API
import Hummingbird
import People
import Resources

/// The site itself: who it is, what runs, how it listens, whether it is sound, how it is set.
struct SystemModule: PortalModule {
    var entries: [MenuEntry] { [MenuEntry(.system, Words("System", "系统"), "/system", asks: .view(.site))] }

    func add(to routes: PortalRoutes) {
        routes.page("system", Self.page)
        routes.page("system/machines/:name", MachinePage.page)
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let site = try await visit.api.get("/site")
        let version = try await visit.api.get("/version")
        let planes = try await visit.api.get("/network")["planes"]?.array ?? []
        let machines = try await visit.api.list("/machines")
        let kinds = try await visit.api.list("/kinds")
        let checks = visit.may(.view(.checks)) ? try await visit.api.list("/doctor") : nil
        let settings = visit.may(.view(.checks)) ? try await visit.api.list("/settings") : nil
        return Page(Words("System", "系统"), in: .system, live: .init(every: 60)) {
            if let checks { checkSection(checks) }
            tag("div", .class("grid")) {
                identity(site)
                program(version, machines, visit)
            }
            network(planes, visit)
            history(kinds, visit)
            if let settings { settingSection(settings) }
        }
    }

    private static func identity(_ site: JSONValue) -> HTML {
        section(
            Words("Identity", "站点身份"), id: "identity",
            Words("Compare the fingerprint by telephone when you join a partner.", "与合作方互联时，请通过电话核对指纹。")
        ) {
            facts {
                fact(Words("Name", "名称"), plain(site["displayName"]?.string ?? ""))
                fact(
                    Words("Addresses", "地址"),
                    plain(
                        (site["addresses"]?.array ?? []).compactMap(\.string).joined(separator: ", ").orDash))
                fact(Words("Certificate until", "证书有效期至"), time(site[path: "leaf", "notAfter"]?.string))
            }
            tag("h3") { Words("Fingerprint", "指纹") }
            copyable(site["fingerprint"]?.string ?? "", id: "fingerprint", Words("Fingerprint", "指纹"))
            tag("h3") { Words("Site id", "站点 ID") }
            copyable(site["id"]?.string ?? "", id: "site-id", Words("Site id", "站点 ID"))
        }
    }

    private static func program(_ version: JSONValue, _ machines: [JSONValue], _ visit: Visit) -> HTML {
        section(Words("Program", "程序"), id: "program") {
            facts {
                fact(Words("Version", "版本"), plain(version["version"]?.string ?? ""))
                fact(Words("API", "API"), plain(version["apiVersion"]?.string ?? ""))
                fact(
                    Words("Arithmetic kernel in use", "正在使用的算术内核"),
                    tag("code") { plain(version["kernel"]?.string ?? "") })
                fact(Words("Process", "进程号"), plain("\(version["pid"]?.integer ?? 0)"))
            }
            tag("h3") { Words("Machines", "机器") }
            Table(
                Words("Machines", "机器"),
                [
                    .init(Words("Machine", "机器")), .init(Words("Cores", "核数"), isNumber: true),
                    .init(Words("Memory", "内存"), isNumber: true), .init(Words("Storage", "存储"), isNumber: true),
                    .init(Words("Load", "负载"), isNumber: true),
                ],
                cells: machines.map { machine in
                    let name = machine["name"]?.string ?? ""
                    func total(_ member: String) -> Table.Cell {
                        .bytes(machine.amount(member, "total").map { Int64($0) })
                    }
                    return [
                        .init(link(name, visit.link("/system/machines/\(encoded(name))"))),
                        .init(number(machine.amount("cpu", "total"), decimals: 1)), total("memory"), total("storage"),
                        .init(number(machine.amount("load"), decimals: 2)),
                    ]
                }
            ).html
            cards(machines)
        }
    }

    /// Graphics processors, where there are some.
    private static func cards(_ machines: [JSONValue]) -> HTML {
        let cards = machines.flatMap { $0["cards"]?.array ?? [] }
        guard !cards.isEmpty else { return HTML() }
        return Table(
            Words("Graphics processors", "图形处理器（GPU）"),
            [
                .init(Words("Card", "显卡")), .init(Words("Busy", "利用率"), isNumber: true),
                .init(Words("Memory in use", "已用显存"), isNumber: true), .init(Words("Memory", "显存"), isNumber: true),
            ],
            cells: cards.map { card in
                [
                    .init(plain("\(card["index"]?.integer ?? 0): \(card["name"]?.string ?? "")")),
                    .init(plain(card.amount("busy").map { "\(decimalText($0 * 100, 1)) %" } ?? "–")),
                    .bytes(card.amount("memory", "used").map { Int64($0) }),
                    .bytes(card.amount("memory", "total").map { Int64($0) }),
                ]
            }
        ).html
    }

    private static func network(_ planes: [JSONValue], _ visit: Visit) -> HTML {
        section(Words("Networks", "网络"), id: "network") {
            planes.isEmpty
                ? tag("p", .class("muted")) {
                    Words(
                        "No network is open: this site dials its peers, and people come by its socket alone.",
                        "没有开放的网络：本站点只拨出，人员仅通过本机套接字访问。")
                } : NetworkPage.table(planes)
            tag("p") { link(Words("What must be found between them", "网络之间应有的结果"), visit.link("/federation/network")) }
        }
    }

    /// The way to the history of anything that is declared.
    private static func history(_ kinds: [JSONValue], _ visit: Visit) -> HTML {
        section(
            Words("History of the configuration", "配置历史"), id: "history",
            Words(
                "Every spec that a resource had, who changed it and why, and the way back.",
                "资源的每个历史版本、修改人与原因，以及回退入口。")
        ) {
            visit.filter("/history") {
                visit.choice(
                    "kind", Words("Kind", "类型"),
                    kinds.compactMap { $0["plural"]?.string }.map { ($0, plain($0)) })
                visit.field("name", Words("Name", "名称"), isRequired: true)
            }
        }
    }

    private static func checkSection(_ checks: [JSONValue]) -> HTML {
        section(Words("Checks", "检查"), id: "checks") {
            Table(
                Words("Checks of the site", "站点检查"),
                [
                    .init(Words("Check", "检查项")), .init(Words("Result", "结果")), .init(Words("Found", "发现")),
                    .init(Words("Wanted", "应为")), .init(Words("Fix", "解决办法")),
                ],
                cells: checks.map { check in
                    func text(_ member: String) -> Table.Cell {
                        let text = check[member]?.string ?? ""
                        return .init(text.isEmpty ? plain("–") : faultLine(text))
                    }
                    let status = check["status"]?.string ?? ""
                    // What passes needs no fix.
                    let fix = status == "pass" ? Table.Cell(plain("–")) : text("fix")
                    let order = ["fail", "warn", "pass"].firstIndex(of: status) ?? 3
                    return [
                        .init(tag("code") { plain(check["id"]?.string ?? "") }),
                        .init(checkState(status), sortedBy: "\(order)"), text("found"), text("wanted"), fix,
                    ]
                }
            ).html
        }
    }

    private static func settingSection(_ settings: [JSONValue]) -> HTML {
        section(
            Words("Settings", "设置"), id: "settings",
            Words(
                "As the site was started; secret values are not shown. They change with flags, the environment or atoll.yaml, and a new start.",
                "站点启动时的设置；机密值不显示。可通过参数、环境变量或 atoll.yaml 修改，重启后生效。")
        ) {
            Table(
                Words("Settings", "设置"),
                [
                    .init(Words("Setting", "设置项")), .init(Words("Value", "值")), .init(Words("From", "来源")),
                    .init(Words("What it is", "说明")),
                ],
                rows: settings.map { setting in
                    [
                        tag("code") { plain(setting["name"]?.string ?? "") },
                        plain((setting["value"]?.string ?? "").orDash), source(setting["source"]?.string ?? ""),
                        inEnglish(setting["summary"]?.string ?? ""),
                    ]
                }
            ).html
        }
    }

    private static func source(_ name: String) -> HTML {
        switch name {
        case "flag": HTML(Words("Flag", "命令行参数"))
        case "environment": HTML(Words("Environment", "环境变量"))
        case "file": HTML(Words("File", "配置文件"))
        case "default": HTML(Words("Default", "默认值"))
        default: plain(name)
        }
    }
}

extension String {
    fileprivate var orDash: String { isEmpty ? "–" : self }
}
