import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// What belongs to whoever is logged in: roles, sessions, tokens, the password.
struct OwnModule: PortalModule {
    var entries: [MenuEntry] { [] }

    func add(to routes: PortalRoutes) {
        routes.page("me", Self.page)
        routes.form("me/sessions/end", on: Self.page) { visit, form in
            try await visit.api.send(.delete, "/sessions/\(encoded(try form.required("session")))", key: form.key)
            return .to(visit.link("/me"), .done)
        }
        routes.form("me/tokens/end", on: Self.page) { visit, form in
            try await visit.api.send(.delete, "/tokens/\(encoded(try form.required("token")))", key: form.key)
            return .to(visit.link("/me"), .revoked)
        }
        routes.page("me/new-token", Self.newToken)
        routes.form("me/new-token", on: Self.newToken, Self.makeToken)
        routes.page("me/password", Self.password)
        routes.form("me/password", on: Self.password) { visit, form in
            let new = try NewPassword.read(form, of: visit.viewer.user ?? "")
            do {
                try await visit.api.send(
                    .put, "/me/password", [], ["old": .string(form.whole("old") ?? ""), "new": .string(new)])
            } catch let refusal as Refusal where refusal.status == 401 {
                // The password so far was wrong: that is said on the form, and nobody is logged out by it.
                throw Refusal(status: 403, problem: refusal.problem)
            }
            return .to(visit.link("/me"), .saved)
        }
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let me = Item(try await visit.api.get("/me"))
        let sessions = try await visit.api.listIfSeen("/sessions").map(Item.init)
        let tokens = try await visit.api.listIfSeen("/tokens").map(Item.init)
        return Page(
            title: .words(Words("My account", "我的账户")), section: .own,
            overview(me, visit)
                + SessionTables.sessions(sessions, actions: HTML()) { session in
                    session.isSet("current")
                        ? plain("–")
                        : visit.button(
                            visit.link("/me/sessions/end"), Words("End", "终止"), class: "quiet danger",
                            confirm: Words("End this session?", "确定终止此会话？"), hidden: [("session", session.text("id"))])
                }
                + SessionTables.tokens(
                    tokens,
                    more: tag("p") {
                        link(Words("Make a token", "新建令牌"), visit.link("/me/new-token"), class: "button")
                    }
                ) { token in
                    visit.button(
                        visit.link("/me/tokens/end"), Words("End", "终止"), class: "quiet danger",
                        confirm: Words(
                            "End this token? Programs that use it are refused at once.", "确定终止此令牌？使用它的程序将立即被拒绝。"),
                        hidden: [("token", token)])
                }
                + commandLines([["atoll", "whoami"], ["atoll", "token", "list"]]))
    }

    private static func overview(_ me: Item, _ visit: Visit) -> HTML {
        let roles = me.items("roles")
        return section(Words("Who I am", "我的身份"), id: "overview") {
            facts {
                fact(Words("Account", "账户"), plain(me.text("account")))
            }
            if roles.isEmpty {
                emptyState(
                    Words("I have no role. An administrator can give me one.", "我没有角色，可由管理员授予。"))
            } else {
                Table(
                    Words("My roles", "我的角色"), [.init(Words("Role", "角色")), .init(Words("Where", "位置"))],
                    rows: roles.map { role in
                        [
                            link(role.text("role"), visit.link("/people/roles/\(encoded(role.text("role")))")),
                            role.scopeOfRole.html,
                        ]
                    }
                ).html
            }
            tag("p") { link(Words("Change my password", "修改密码"), visit.link("/me/password"), class: "button") }
        }
    }

    @Sendable private static func password(_ visit: Visit) async throws -> Page {
        Page(
            title: .words(Words("Change my password", "修改密码")), section: .own,
            trail: [(HTML(Words("My account", "我的账户")), visit.link("/me"))],
            intro: Words(
                "My other sessions end. Who logs in by a directory changes the password there.",
                "我的其他会话将终止。通过目录服务登录的用户请在目录服务中修改密码。"),
            visit.form(visit.link("/me/password"), key: false) {
                visit.field(
                    "old", Words("Password so far", "当前密码"), type: "password", isRequired: true,
                    more: [Attribute("autocomplete", "current-password")])
                NewPassword.fields(visit, nil)
                tag("button", .class("primary")) { Words("Change it", "修改") }
            })
    }

    @Sendable private static func newToken(_ visit: Visit) async throws -> Page {
        let held = Noun.all.flatMap { noun in
            [Permission(noun, .view), Permission(noun, .manage)].filter { visit.viewer.mayAnywhere($0) }
        }
        return Page(
            title: .words(Words("Make a token", "新建令牌")), section: .own,
            trail: [(HTML(Words("My account", "我的账户")), visit.link("/me"))],
            intro: Words(
                "A secret for a program. It is shown once, and may do no more than I may.",
                "供程序使用的凭据，只显示一次，权限不超过我本人。"),
            visit.form(visit.link("/me/new-token"), key: false) {
                visit.field("name", Words("What it is for", "用途"), isRequired: true)
                visit.field(
                    "days", Words("Ends after so many days", "有效天数"), type: "number", value: "30",
                    hint: Words("1 to 365", "1 至 365"), isRequired: true,
                    more: [Attribute("min", "1"), Attribute("max", "365")])
                visit.field(
                    "in-tenant", Words("Only in this tenant", "仅在此租户"),
                    hint: Words("Everywhere that I may when empty.", "留空则适用于我有权限的所有位置。"))
                visit.field("in-project", Words("Only in this project of it", "仅在其中此项目"))
                visit.boxes(
                    "permissions",
                    Words("What it may do; all that I may when nothing is ticked", "权限；不勾选则为我的全部权限"),
                    held.map { permission in
                        (
                            permission.description,
                            HTML(NounWords.words(permission.noun))
                                + HTML(
                                    permission.verb == .manage
                                        ? Words(": see and change", "：查看并修改") : Words(": see", "：查看"))
                        )
                    })
                tag("button", .class("primary")) { Words("Make the token", "新建") }
            })
    }

    /// Shows the secret once, on a page that nothing keeps; a reload asks for another token.
    @Sendable private static func makeToken(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        var body: [String: JSONValue] = ["name": .string(try form.required("name"))]
        if let days = form["days"] {
            guard let days = Int64(days) else {
                throw Fault(PeopleFaults.tokenForm, at: "days", wanted: "a whole number of days")
            }
            body["days"] = .integer(days)
        }
        body["tenant"] = form["in-tenant"].map { .string($0) }
        body["project"] = form["in-project"].map { .string($0) }
        let permissions = form.all("permissions")
        if !permissions.isEmpty { body["permissions"] = .array(permissions.map { .string($0) }) }
        let token = Item(try await visit.api.send(.post, "/tokens", [], .object(body)))
        return .page(
            Page(
                title: .words(Words("The token is made", "令牌已创建")), section: .own,
                trail: [(HTML(Words("My account", "我的账户")), visit.link("/me"))],
                section(
                    Words("Its secret", "令牌凭据"), id: "secret",
                    Words(
                        "Copy it now: it is not shown again, and the site does not keep it.",
                        "请立即复制：此后不再显示，站点也不保存。")
                ) {
                    copyable(token.text("secret"), id: "token-secret", Words("Secret of the token", "令牌凭据"))
                    facts {
                        fact(Words("What it is for", "用途"), plain(token.text("name")))
                        fact(Words("Ends", "到期时间"), time(token.text("ends")))
                    }
                    tag("p") { link(Words("I have copied it", "我已复制"), visit.link("/me"), class: "button primary") }
                }
                    + commandLines([["ATOLL_TOKEN=SECRET", "atoll", "whoami", "--server", "URL"]])))
    }
}
