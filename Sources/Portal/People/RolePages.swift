import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Roles: the program's own and the institution's, with what each may do.
enum RolePages {
    static func add(to routes: PortalRoutes) {
        routes.page("people/roles", list)
        routes.page("people/new-role", new)
        routes.form("people/new-role", on: new) { visit, form in
            let name = try form.required("name")
            let document = Item.new("CustomRole", name, spec(form))
            try await visit.api.send(.post, "/customroles", [], document, key: form.key)
            return .to(visit.link("/people/roles/\(encoded(name))"), .created)
        }
        routes.page("people/roles/:name", one)
        routes.page("people/roles/:name/edit", edit)
        routes.form("people/roles/:name/edit", on: edit) { visit, form in
            let name = try visit.part("name")
            let role = Item(try await visit.api.get("/customroles/\(encoded(name))"))
            try await visit.api.send(
                .put, "/customroles/\(encoded(name))", [("reason", form["reason"])],
                role.document(spec(form), version: form["version"] ?? ""), key: form.key)
            return .to(visit.link("/people/roles/\(encoded(name))"), .saved)
        }
        routes.form("people/roles/:name/delete", on: one) { visit, form in
            let name = try visit.part("name")
            try await visit.api.send(.delete, "/customroles/\(encoded(name))", key: form.key)
            return .to(visit.link("/people/roles"), .deleted)
        }
    }

    private static func spec(_ form: Form) -> [String: JSONValue?] {
        [
            "summary": .string(form["summary"] ?? ""), "view": .array(form.all("view").map { .string($0) }),
            "manage": .array(form.all("manage").map { .string($0) }),
        ]
    }

    @Sendable private static func list(_ visit: Visit) async throws -> Page {
        let roles = try await visit.api.list("/roles").map(Item.init)
        return Page(
            Words("Roles", "角色"), in: .people,
            intro: Words(
                "What somebody with a role may see and do. Given on the whole site, in a tenant, or in a project.",
                "拥有角色的用户可以查看和执行的内容。角色可在整个站点、租户或单个项目中授予。"),
            actions: visit.viewer.may(.manage(.customRoles), in: .platform)
                ? link(Words("Make a role", "新建角色"), visit.link("/people/new-role"), class: "button primary") : HTML()
        ) {
            PeopleModule.parts(visit, chosen: "/people/roles")
            Table(
                Words("Roles", "角色"),
                [
                    .init(Words("Role", "角色")), .init(Words("What it is", "说明")),
                    .init(Words("Sees", "可查看"), isNumber: true), .init(Words("Manages", "可管理"), isNumber: true),
                    .init(Words("Whose", "来源")),
                ],
                rows: roles.map { role in
                    let held = role.texts("permissions").compactMap { Permission($0) }
                    return [
                        link(role.text("name"), visit.link("/people/roles/\(encoded(role.text("name")))")),
                        RoleWords.summary(role),
                        number(Int64(held.count)), number(Int64(held.count { $0.verb == .manage })),
                        HTML(
                            RoleWords.isBuiltIn(role.text("name"))
                                ? Words("the program's", "内置") : Words("this institution's", "本机构自定义")),
                    ]
                }
            ).html
            commandLines([["atoll", "role", "list"]])
        }
    }

    @Sendable private static func one(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let roles = try await visit.api.list("/roles").map(Item.init)
        guard let role = roles.first(where: { $0.text("name") == name }) else {
            throw Fault(
                ResourceFaults.notFound, "There is no role \(name.prefix(63)).", at: "address",
                fix: "See the list of roles.")
        }
        let holders = try await visit.api.allIfSeen("/users").filter { user in
            UserWords.given(user).contains { $0.text("role") == name }
        }
        let isOwn = !RoleWords.isBuiltIn(name)
        let mayManage = isOwn && visit.viewer.may(.manage(.customRoles), in: .platform)
        let path = "/people/roles/\(encoded(name))"
        return Page(
            title: .name(name, kind: Words("Role", "角色")), section: .people,
            trail: PeopleModule.trail(Words("Roles", "角色"), "/people/roles", visit),
            actions: mayManage
                ? link(Words("Change", "修改"), visit.link("\(path)/edit"), class: "button primary") : HTML(),
            section(Words("What it may do", "权限"), id: "permissions") {
                tag("p") { RoleWords.summary(role) }
                permissions(role)
                if isOwn, visit.viewer.may(.view(.customRoles), in: .platform) {
                    tag("div", .class("actions")) { visit.historyLink("customroles", name, in: .platform) }
                }
                if mayManage {
                    more(Words("Delete", "删除")) {
                        tag("p", .class("note")) {
                            Words(
                                "A role that a user has, or a directory gives, is not deleted.",
                                "已授予用户或由目录服务授予的角色不能删除。")
                        }
                        visit.button(
                            visit.link("\(path)/delete"), Words("Delete the role", "删除角色"), class: "danger",
                            confirm: Words("Delete the role?", "确定删除此角色？"))
                    }
                }
            }
                + (visit.viewer.may(.view(.users), in: .platform) ? holding(holders, name, visit) : HTML())
                + (isOwn
                    ? commandLines([["atoll", "get", "customrole", name, "-o", "yaml"]])
                    : commandLines([["atoll", "role", "list"]])))
    }

    private static func permissions(_ role: Item) -> HTML {
        let held = role.texts("permissions").compactMap { Permission($0) }
        return Table(
            Words("What the role may do", "角色的权限"),
            [.init(Words("About", "对象")), .init(Words("May", "权限"))],
            rows: held.map { permission in
                [
                    HTML(NounWords.words(permission.noun)) + plain(" (\(permission.noun.name))"),
                    HTML(permission.verb == .manage ? Words("see and change", "查看并修改") : Words("see", "查看")),
                ]
            }
        ).html
    }

    private static func holding(_ users: [Item], _ name: String, _ visit: Visit) -> HTML {
        section(Words("Who has it", "拥有者"), id: "holders") {
            if users.isEmpty {
                emptyState(Words("Nobody has it.", "尚无用户拥有。"))
            } else {
                Table(
                    Words("Users with the role", "拥有此角色的用户"),
                    [.init(Words("User", "用户")), .init(Words("Name", "姓名")), .init(Words("Where", "位置"))],
                    rows: users.prefix(Paging<Item>.size).map { user in
                        let places = UserWords.given(user).filter { $0.text("role") == name }.map(\.scopeOfRole.html)
                        return [
                            link(user.name, visit.link("/people/users/\(encoded(user.name))")),
                            plain(user.text("spec", "displayName")), PlaceWords.joined(places),
                        ]
                    }
                ).html
            }
        }
    }

    @Sendable private static func new(_ visit: Visit) async throws -> Page {
        Page(
            title: .words(Words("Make a role", "新建角色")), section: .people,
            trail: PeopleModule.trail(Words("Roles", "角色"), "/people/roles", visit),
            intro: Words(
                "It can hold what the program's own roles of tenants hold, in another selection.",
                "可包含内置租户角色所拥有的权限，自由组合。"),
            visit.form(visit.link("/people/new-role")) {
                visit.field(
                    "name", Words("Short name", "短名称"), hint: Words("Lower-case letters, digits and -", "小写字母、数字和 -"),
                    isRequired: true)
                fields(visit, Item([:]))
                tag("button", .class("primary")) { Words("Make the role", "新建") }
            })
    }

    @Sendable private static func edit(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let role = Item(try await visit.api.get("/customroles/\(encoded(name))"))
        return Page(
            title: .name(name, kind: Words("Change a role", "修改角色")), section: .people,
            trail: PeopleModule.trail(Words("Roles", "角色"), "/people/roles", visit)
                + [(plain(name), visit.link("/people/roles/\(encoded(name))"))],
            intro: Words("Whoever has it has the new rights with the next request.", "拥有者自下一次请求起适用新的权限。"),
            visit.form(visit.link("/people/roles/\(encoded(name))/edit")) {
                hidden("version", visit.typed["version"] ?? role.version)
                fields(visit, role)
                visit.field("reason", Words("Why, for the history", "修改原因（记入历史）"))
                tag("button", .class("primary")) { Words("Save", "保存") }
            })
    }

    private static func fields(_ visit: Visit, _ role: Item) -> HTML {
        func options(_ verb: Permission.Verb) -> [(value: String, shown: HTML)] {
            NounWords.grantable(verb).map { ($0.name, HTML(NounWords.words($0))) }
        }
        return visit.field(
            "summary", Words("What it is for", "用途"), value: role.text("spec", "summary"), isRequired: true)
            + visit.boxes("view", Words("Sees", "可查看"), options(.view), ticked: Set(role.texts("spec", "view")))
            + visit.boxes(
                "manage", Words("Sees and changes", "可查看并修改"), options(.manage),
                ticked: Set(role.texts("spec", "manage")))
    }
}
