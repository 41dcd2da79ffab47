import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Adding, changing and deleting users, and what is done to their logins.
enum UserForms {
    static func add(to routes: PortalRoutes) {
        routes.page("people/new-user", new)
        routes.form("people/new-user", on: new, make)
        routes.page("people/users/:name", UserPage.page)
        routes.page("people/users/:name/edit", edit)
        routes.form("people/users/:name/edit", on: edit) { visit, form in
            let changes: [String: JSONValue?] = [
                "displayName": .string(form["displayName"] ?? ""), "email": .string(form["email"] ?? ""),
            ]
            return try await change(visit, form, changes, reason: form["reason"])
        }
        routes.page("people/users/:name/password", password)
        routes.form("people/users/:name/password", on: password) { visit, form in
            let name = try visit.part("name")
            let body: JSONValue = ["password": .string(try NewPassword.read(form, of: name))]
            try await visit.api.send(.put, "/users/\(encoded(name))/password", [], body)
            return .to(try own(visit), .saved)
        }
        routes.form("people/users/:name/lock-out", on: UserPage.page) { visit, form in
            try await change(visit, form, ["disabled": true], reason: "locked out")
        }
        routes.form("people/users/:name/let-in", on: UserPage.page) { visit, form in
            try await change(visit, form, ["disabled": false], reason: "let in again")
        }
        routes.form("people/users/:name/unlock", on: UserPage.page) { visit, form in
            try await send(visit, .post, "/unlock", form, .done)
        }
        routes.form("people/users/:name/sessions/end", on: UserPage.page) { visit, form in
            try await send(visit, .delete, "/sessions", form, .done)
        }
        routes.form("people/users/:name/tokens/end", on: UserPage.page) { visit, form in
            try await send(visit, .delete, "/tokens/\(encoded(try form.required("token")))", form, .revoked)
        }
        routes.form("people/users/:name/delete", on: UserPage.page) { visit, form in
            _ = try await send(visit, .delete, "", form, .deleted)
            return .to(visit.link("/people"), .deleted)
        }
        routes.form("people/users/:name/give", on: UserPage.page, give)
        routes.form("people/users/:name/take", on: UserPage.page, take)
    }

    private static func own(_ visit: Visit, _ below: String = "") throws -> String {
        visit.link("/people/users/\(encoded(try visit.part("name")))\(below)")
    }

    private static func base(_ visit: Visit) throws -> String { "/users/\(encoded(try visit.part("name")))" }

    private static func send(
        _ visit: Visit, _ method: HTTPRequest.Method, _ below: String, _ form: Form, _ said: Said
    ) async throws -> PortalRoutes.Outcome {
        try await visit.api.send(method, try base(visit) + below, [], key: form.key)
        return .to(try own(visit), said)
    }

    private static func change(
        _ visit: Visit, _ form: Form, _ changes: [String: JSONValue?], reason: String?
    ) async throws -> PortalRoutes.Outcome {
        let user = Item(try await visit.api.get(try base(visit)))
        try await visit.api.send(
            .put, try base(visit), [("reason", reason)], user.document(changes, version: form["version"] ?? ""),
            key: form.key)
        return .to(try own(visit), .saved)
    }

    /// Where a role is given in a tenant, those who manage members there may do so; on the whole site it is part of the
    /// user's own document.
    @Sendable private static func give(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let role = try form.required("role")
        let place = Scope(tenant: form["in-tenant"], project: form["in-project"])
        if place != .platform {
            try await visit.api.send(
                .post, try base(visit) + "/roles/\(encoded(role))", place.parameters + [("reason", form["why"])],
                key: form.key)
            return .to(try own(visit), .saved)
        }
        guard form["in-project"] == nil else {
            throw Fault(
                PeopleFaults.roleMisplaced, "A project is named without its tenant.", at: "in-project",
                wanted: "tenant and project, or the tenant alone")
        }
        let user = Item(try await visit.api.get(try base(visit)))
        let roles = (user.json[path: "spec", "roles"]?.array ?? []).filter { $0 != ["role": .string(role)] }
        return try await change(
            visit, form, ["roles": .array(roles + [["role": .string(role)]])], reason: form["why"] ?? "role given")
    }

    @Sendable private static func take(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let role = try form.required("taken")
        let place = Scope(tenant: form["of-tenant"], project: form["of-project"])
        if place != .platform {
            try await visit.api.send(
                .delete, try base(visit) + "/roles/\(encoded(role))", place.parameters, key: form.key)
            return .to(try own(visit), .saved)
        }
        let user = Item(try await visit.api.get(try base(visit)))
        let roles = (user.json[path: "spec", "roles"]?.array ?? []).filter {
            $0["role"]?.string != role || $0["tenant"]?.string != nil
        }
        return try await change(visit, form, ["roles": .array(roles)], reason: "role taken")
    }

    @Sendable private static func new(_ visit: Visit) async throws -> Page {
        let roles = try await visit.api.list("/roles").map(Item.init)
        return Page(
            title: .words(Words("Add a user", "新增用户")), section: .people,
            trail: PeopleModule.trail(Words("People", "人员"), "/people", visit),
            visit.form(visit.link("/people/new-user"), key: false) {
                visit.field(
                    "name", Words("Name to log in with", "用户名"),
                    hint: Words("Lower-case letters, digits and -", "小写字母、数字和 -"), isRequired: true,
                    more: [Attribute("autocapitalize", "none"), Attribute("autocomplete", "username")])
                visit.field("displayName", Words("Full name", "姓名"))
                visit.field("email", Words("E-mail", "邮箱"))
                NewPassword.fields(
                    visit, Words("Left empty, the user cannot log in before one is set.", "留空时，设置密码前该用户无法登录。"),
                    isRequired: false)
                visit.choice(
                    "role", Words("Role on the whole site", "整个站点的角色"),
                    [("", HTML(Words("none: roles in tenants are given later", "无，稍后在租户中授予")))]
                        + roles.map { ($0.text("name"), plain($0.text("name"))) })
                tag("button", .class("primary")) { Words("Add the user", "新增") }
            })
    }

    /// As `atoll user add`: the user, and then its password, which is looked at before.
    @Sendable private static func make(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let name = try form.required("name")
        let password = form.whole("password").flatMap { $0.isEmpty ? nil : $0 }
        let checked = try password.map { _ in try NewPassword.read(form, of: name) }
        let spec: [String: JSONValue?] = [
            "displayName": .string(form["displayName"] ?? name), "email": form["email"].map { .string($0) },
            "roles": .array(form["role"].map { [["role": .string($0)]] } ?? []),
        ]
        try await visit.api.send(.post, "/users", [], Item.new("User", name, spec))
        if let checked {
            try await visit.api.send(.put, "/users/\(encoded(name))/password", [], ["password": .string(checked)])
        }
        return .to(visit.link("/people/users/\(encoded(name))"), .created)
    }

    @Sendable private static func edit(_ visit: Visit) async throws -> Page {
        let user = Item(try await visit.api.get(try base(visit)))
        return Page(
            title: .name(user.name, kind: Words("Change a user", "修改用户")), section: .people,
            trail: PeopleModule.trail(Words("People", "人员"), "/people", visit) + [(plain(user.name), try own(visit))],
            visit.form(try own(visit, "/edit")) {
                hidden("version", visit.typed["version"] ?? user.version)
                visit.field(
                    "displayName", Words("Full name", "姓名"), value: user.text("spec", "displayName"), isRequired: true)
                visit.field("email", Words("E-mail", "邮箱"), value: user.text("spec", "email"))
                visit.field("reason", Words("Why, for the history", "修改原因（记入历史）"))
                tag("button", .class("primary")) { Words("Save", "保存") }
            })
    }

    @Sendable private static func password(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        _ = try await visit.api.get(try base(visit))
        return Page(
            title: .name(name, kind: Words("Set a password", "设置密码")), section: .people,
            trail: PeopleModule.trail(Words("People", "人员"), "/people", visit) + [(plain(name), try own(visit))],
            intro: Words("Every session of the user ends.", "该用户的所有会话都会终止。"),
            visit.form(try own(visit, "/password"), key: false) {
                NewPassword.fields(visit, nil)
                tag("button", .class("primary")) { Words("Set the password", "设置") }
            })
    }
}

/// A password that is chosen, typed twice.
enum NewPassword {
    static func fields(_ visit: Visit, _ hint: Words?, isRequired: Bool = true) -> HTML {
        visit.field(
            "password", Words("New password", "新密码"), type: "password",
            hint: hint ?? Words("12 characters or more", "至少 12 个字符"), isRequired: isRequired,
            more: [Attribute("autocomplete", "new-password")])
            + visit.field(
                "again", Words("The same again", "再次输入"), type: "password", isRequired: isRequired,
                more: [Attribute("autocomplete", "new-password")])
    }

    /// - Throws: `PeopleFaults.weakPassword`, which says nothing of the password.
    static func read(_ form: Form, of user: String) throws -> String {
        let password = form.whole("password") ?? ""
        guard password == form.whole("again") else {
            throw Fault(
                PeopleFaults.weakPassword, "The two passwords are not the same.", at: "again", fix: "Type it again.")
        }
        try PasswordRule.check(Array(password.utf8), of: user)
        return password
    }
}
