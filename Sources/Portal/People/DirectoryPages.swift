import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Directories whose people log in: what is set, and the way of a login layer by layer.
enum DirectoryPages {
    static func add(to routes: PortalRoutes) {
        routes.page("people/directories", list)
        routes.page("people/directories/:name", one)
        routes.form("people/directories/:name/test", on: one, test)
        routes.form("people/directories/:name/delete", on: one) { visit, form in
            try await visit.api.send(.delete, try base(visit), key: form.key)
            return .to(visit.link("/people/directories"), .deleted)
        }
    }

    static func base(_ visit: Visit) throws -> String { "/directories/\(encoded(try visit.part("name")))" }

    static func trail(_ visit: Visit) -> [(HTML, String)] {
        PeopleModule.trail(Words("Directories", "目录服务"), "/people/directories", visit)
    }

    @Sendable private static func list(_ visit: Visit) async throws -> Page {
        let directories = try await visit.api.all("/directories")
        let mayManage = visit.viewer.may(.manage(.directories), in: .platform)
        let add = link(Words("Add a directory", "新增目录服务"), visit.link("/people/new-directory"), class: "button primary")
        return Page(
            Words("Directories", "目录服务"), in: .people,
            intro: Words(
                "OpenLDAP, Active Directory, or another that speaks LDAP: its people log in with the roles of their "
                    + "groups.",
                "OpenLDAP、Active Directory 或其他 LDAP 服务：其用户可登录，角色由所在的组决定。"),
            actions: mayManage && !directories.isEmpty ? add : HTML()
        ) {
            PeopleModule.parts(visit, chosen: "/people/directories")
            if directories.isEmpty {
                emptyState(
                    Words("There is no directory: users are those of this site.", "没有目录服务：用户均为本站点自有。")
                ) { if mayManage { add } }
            } else {
                Table(
                    Words("Directories", "目录服务"),
                    [
                        .init(Words("Directory", "目录服务")), .init(Words("What it is", "类型")),
                        .init(Words("Servers", "服务器")), .init(Words("State", "状态")),
                    ],
                    rows: directories.map { directory in
                        [
                            link(directory.name, visit.link("/people/directories/\(encoded(directory.name))")),
                            plain(directory.text("spec", "preset")),
                            plain(directory.texts("spec", "urls").joined(separator: ", ")), standing(directory),
                        ]
                    }
                ).html
            }
            commandLines([["atoll", "directory", "show"]])
        }
    }

    private static func standing(_ directory: Item) -> HTML {
        directory.isSet("spec", "disabled")
            ? state(HTML(Words("people kept out", "已停用")), .bad) : state(HTML(Words("in use", "使用中")), .good)
    }

    @Sendable private static func one(_ visit: Visit) async throws -> Page {
        try await page(visit, report: nil)
    }

    private static func page(_ visit: Visit, report: Item?) async throws -> Page {
        let directory = Item(try await visit.api.get(try base(visit)))
        let mayManage = visit.viewer.may(.manage(.directories), in: .platform)
        let path = "/people/directories/\(encoded(directory.name))"
        return Page(
            title: .name(directory.name, kind: Words("Directory", "目录服务")), section: .people, trail: trail(visit),
            actions: mayManage
                ? link(Words("Change", "修改"), visit.link("\(path)/edit"), class: "button primary") : HTML(),
            (report.map { found($0) } ?? HTML()) + (mayManage ? testForm(path, visit) : HTML())
                + overview(directory, path, visit, mayManage) + rules(directory)
                + commandLines([
                    ["atoll", "directory", "show", directory.name, "-o", "yaml"],
                    ["atoll", "directory", "test", directory.name, "--groups"],
                ]))
    }

    private static func overview(_ directory: Item, _ path: String, _ visit: Visit, _ mayManage: Bool) -> HTML {
        section(Words("Settings", "设置"), id: "settings") {
            facts {
                fact(Words("State", "状态"), standing(directory))
                fact(Words("What it is", "类型"), plain(directory.text("spec", "preset")))
                fact(Words("Servers", "服务器"), plain(directory.texts("spec", "urls").joined(separator: ", ")))
                fact(
                    Words("Encryption", "加密"),
                    HTML(
                        directory.isSet("spec", "startTLS")
                            ? Words("started before anything is said", "连接后立即启用 StartTLS")
                            : directory.texts("spec", "urls").allSatisfy { $0.hasPrefix("ldaps:") }
                                ? Words("from the beginning", "自始加密 (LDAPS)")
                                : Words("none, on this machine alone", "不加密，仅限本机")))
                fact(
                    Words("Certificates that are believed", "信任的证书"),
                    HTML(
                        directory.text("spec", "certificates").isEmpty
                            ? Words("the system's", "系统证书") : Words("those of this directory's document", "此目录文档中的证书")))
                fact(Words("Searched by", "搜索账户"), PlaceParts.orNone(directory.text("spec", "bindDN")))
                fact(
                    Words("Secret with its password", "其密码所在的机密"),
                    PlaceParts.orNone(directory.text("spec", "bindSecret")))
                fact(Words("People are below", "人员所在"), plain(directory.text("spec", "userBase")))
                fact(Words("Groups are below", "组所在"), PlaceParts.orNone(directory.text("spec", "groupBase")))
                fact(
                    Words("Roles are renewed every", "角色更新间隔"),
                    plain("\(directory.integer("spec", "renewMinutes") ?? 15) ") + HTML(Words("minutes", "分钟")))
            }
            tag("div", .class("actions")) { visit.historyLink("directories", directory.name, in: .platform) }
            if mayManage {
                more(Words("Delete", "删除")) {
                    tag("p", .class("note")) {
                        Words("Its people can log in no more.", "其用户将无法再登录。")
                    }
                    visit.button(
                        visit.link("\(path)/delete"), Words("Delete the directory", "删除目录服务"), class: "danger",
                        confirm: Words("Delete the directory?", "确定删除此目录服务？"))
                }
            }
        }
    }

    private static func rules(_ directory: Item) -> HTML {
        let rules = directory.items("spec", "roles")
        return section(
            Words("What groups give", "组对应的角色"), id: "groups",
            Words("Who is in none of these groups cannot log in.", "不在这些组中的用户无法登录。")
        ) {
            if rules.isEmpty {
                emptyState(Words("No group gives a role: nobody can log in by it yet.", "尚未为任何组设置角色，无人可通过它登录。"))
            } else {
                ruleTable(rules)
            }
        }
    }

    private static func ruleTable(_ rules: [Item]) -> HTML {
        Table(
            Words("What groups give", "组对应的角色"),
            [.init(Words("Group", "组")), .init(Words("Role", "角色")), .init(Words("Where", "位置"))],
            rows: rules.map { rule in
                [plain(rule.text("group")), plain(rule.text("role")), rule.scopeOfRole.html]
            }
        ).html
    }

    private static func testForm(_ path: String, _ visit: Visit) -> HTML {
        section(
            Words("Test the way of a login", "测试登录过程"), id: "test",
            Words("Layer by layer, up to the first that fails. Nothing is changed.", "逐层检查，直到首个失败处。不做任何更改。")
        ) {
            // The password is no part of anything that is kept, so the request has no key.
            visit.form(visit.link("\(path)/test"), key: false) {
                visit.field(
                    "person", Words("Person to look for", "要查找的人员"),
                    hint: Words("Left empty, the test ends after the account that searches.", "留空时，测试到搜索账户为止。"),
                    more: [Attribute("autocapitalize", "none"), Attribute("autocomplete", "off")])
                visit.field(
                    "password", Words("Password of the person", "该人员的密码"), type: "password",
                    hint: Words("Left empty, it is not tried.", "留空则不验证密码。"), more: [Attribute("autocomplete", "off")])
                tag("button") { Words("Test", "测试") }
            }
        }
    }

    @Sendable private static func test(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        var body: [String: JSONValue] = [:]
        if let person = form["person"] { body["user"] = .string(person) }
        if let password = form.whole("password"), !password.isEmpty { body["password"] = .string(password) }
        let report = Item(try await visit.api.send(.post, try base(visit) + "/test", [], .object(body)))
        // The person that was looked for stays in the form; a password never does.
        var again = visit
        again.typed = form
        return .page(try await page(again, report: report))
    }

    private static func found(_ report: Item) -> HTML {
        let layers: [String: Words] = [
            "library": Words("library", "客户端库"), "reach": Words("reached", "可达"),
            "tls": Words("encryption", "加密"), "bind": Words("account that searches", "搜索账户"),
            "person": Words("person", "人员"), "password": Words("password", "密码"), "groups": Words("groups", "组"),
            "roles": Words("roles", "角色"),
        ]
        let isGood = report.text("outcome") == "pass"
        let groups = report.texts("groups")
        return section(Words("What the test found", "测试结果"), id: "report") {
            tag("p") {
                isGood
                    ? state(HTML(Words("the way is open", "登录过程畅通")), .good)
                    : state(HTML(Words("a layer fails", "存在失败的层")), .bad)
            }
            Table(
                Words("Layers", "各层"),
                [
                    .init(Words("Layer", "层")), .init(Words("Outcome", "结果")), .init(Words("Found", "发现")),
                    .init(Words("Wanted", "应为")), .init(Words("Fix", "解决办法")),
                ],
                rows: report.items("steps").map { step in
                    let layer = step.text("layer")
                    return [
                        layers[layer].map { HTML($0) } ?? plain(layer), outcome(step.text("outcome")),
                        faultLine(step.text("found"), english: plain(step.text("found"))),
                        PlaceParts.orNone(step.text("wanted")), PlaceParts.orNone(step.text("fix")),
                    ]
                }
            ).html
            if !groups.isEmpty {
                tag("h3") { Words("Groups of the person", "该人员所在的组") }
                tag("ul") { for group in groups { tag("li") { plain(group) } } }
            }
            if !report.items("roles").isEmpty {
                tag("h3") { Words("Roles that a login would give", "登录将获得的角色") }
                tag("ul") {
                    for role in report.items("roles") {
                        tag("li") {
                            plain(role.text("role") + " @ ")
                            role.scopeOfRole.html
                        }
                    }
                }
            }
        }
    }

    private static func outcome(_ text: String) -> HTML {
        switch text {
        case "pass": state(HTML(Words("passes", "通过")), .good)
        case "warn": state(HTML(Words("passes with a warning", "通过但有警告")), .waiting)
        default: state(HTML(Words("fails", "失败")), .bad)
        }
    }
}
