import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Who works in a tenant or project, with which roles.
enum MemberList {
    struct Loaded {
        /// Nil for those who may not see it.
        var given: [Item]?
        /// Roles of the whole tenant, which count in the project too.
        var fromTenant: [Item] = []
        var roles: [Item] = []
        var users: [Item] = []
    }

    static func load(_ visit: Visit, _ place: Scope) async throws -> Loaded {
        var loaded = Loaded()
        guard visit.viewer.may(.view(.members), in: place) else { return loaded }
        loaded.given = try await visit.api.list("/members", place.parameters).map(Item.init)
        let tenant = Scope(tenant: place.tenant)
        if place.project != nil, visit.viewer.may(.view(.members), in: tenant) {
            loaded.fromTenant = try await visit.api.list("/members", tenant.parameters).map(Item.init)
                .filter { $0.text("project").isEmpty }
        }
        if visit.viewer.may(.manage(.members), in: place) {
            loaded.roles = try await visit.api.list("/roles").map(Item.init).filter { !$0.isSet("platformOnly") }
            if visit.viewer.may(.view(.users), in: .platform) { loaded.users = try await visit.api.all("/users") }
        }
        return loaded
    }

    static func part(_ loaded: Loaded, _ visit: Visit, _ place: Scope) -> HTML {
        guard let given = loaded.given else { return HTML() }
        let mayManage = visit.viewer.may(.manage(.members), in: place)
        let mayAbove = visit.viewer.may(.manage(.members), in: Scope(tenant: place.tenant))
        let rows =
            given.map { row($0, visit, isManaged: mayManage) }
            + loaded.fromTenant.map { row($0, visit, isManaged: mayAbove) }
        return section(
            Words("Members", "成员"), id: "members",
            Words(
                "Who has a role here. A role in a tenant counts in all of its projects.",
                "在此拥有角色的用户。租户的角色在其所有项目中有效。")
        ) {
            if rows.isEmpty {
                emptyState(Words("Nobody has a role here yet.", "尚无用户在此拥有角色。"))
            } else {
                Table(
                    Words("Members", "成员"),
                    [
                        .init(Words("User", "用户")), .init(Words("Name", "姓名")), .init(Words("Role", "角色")),
                        .init(Words("Given in", "授予位置")),
                    ] + (mayManage ? [.init(Words("Take away", "收回"))] : []),
                    rows: rows.map { mayManage ? $0 : Array($0.dropLast()) }
                ).html
            }
            if mayManage { giveForm(loaded, visit, place) }
            tag("p", .class("note")) {
                link(Words("What each role may do", "各角色的权限"), visit.link("/people/roles"))
            }
        }
    }

    private static func row(_ member: Item, _ visit: Visit, isManaged: Bool) -> [HTML] {
        let place = member.scopeOfRole
        let user = member.text("user")
        let mayOpen = visit.viewer.may(.view(.users), in: .platform)
        return [
            mayOpen ? link(user, "/people/users/\(encoded(user))") : plain(user), plain(member.text("displayName")),
            plain(member.text("role")), place.html,
            isManaged
                ? visit.button(
                    visit.link("/projects/members/take"), Words("Take away", "收回"), class: "quiet danger",
                    confirm: Words("Take this role away?", "确定收回此角色？"),
                    hidden: [
                        ("member", user), ("taken", member.text("role")), ("of-tenant", place.tenant ?? ""),
                        ("of-project", place.project ?? ""),
                    ])
                : HTML(),
        ]
    }

    private static func giveForm(_ loaded: Loaded, _ visit: Visit, _ place: Scope) -> HTML {
        visit.form(visit.link("/projects/members/give")) {
            tag("h3") { Words("Give a role", "授予角色") }
            if loaded.users.isEmpty || loaded.users.count > 500 {
                visit.field(
                    "user", Words("User", "用户"), hint: Words("The name to log in with.", "登录所用的用户名。"),
                    isRequired: true, more: [Attribute("autocapitalize", "none"), Attribute("autocomplete", "off")])
            } else {
                visit.choice(
                    "user", Words("User", "用户"),
                    loaded.users.map { ($0.name, plain("\($0.name) (\($0.text("spec", "displayName")))")) },
                    isRequired: true)
            }
            visit.choice(
                "role", Words("Role", "角色"), loaded.roles.map { ($0.text("name"), plain($0.text("name"))) },
                isRequired: true)
            visit.field("why", Words("Why, for the history", "原因（记入历史）"))
            tag("button") { Words("Give the role", "授予") }
        }
    }
}

enum MemberForms {
    static func add(to routes: PortalRoutes) {
        routes.form("projects/members/give", on: ProjectsModule.place) { visit, form in
            let (user, role) = (try form.required("user"), try form.required("role"))
            try await visit.api.send(
                .post, "/users/\(encoded(user))/roles/\(encoded(role))", visit.placed([("reason", form["why"])]),
                key: form.key)
            return .to(address("/projects", visit.place.parameters), .saved)
        }
        routes.form("projects/members/take", on: ProjectsModule.place) { visit, form in
            let (user, role) = (try form.required("member"), try form.required("taken"))
            try await visit.api.send(
                .delete, "/users/\(encoded(user))/roles/\(encoded(role))",
                [("tenant", form["of-tenant"]), ("project", form["of-project"])], key: form.key)
            return .to(address("/projects", visit.place.parameters), .saved)
        }
    }
}
