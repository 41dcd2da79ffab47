import API
import People
import Resources

/// One user: who it is, what it may do, how it logs in.
enum UserPage {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let base = "/users/\(encoded(name))"
        let user = Item(try await visit.api.get(base))
        let login = Item(try await visit.api.get("\(base)/login"))
        let sessions = try await visit.api.list("\(base)/sessions").map(Item.init)
        let tokens = try await visit.api.list("\(base)/tokens").map(Item.init)
        let mayManage = visit.viewer.may(.manage(.users), in: .platform)
        let roles = mayManage ? try await visit.api.list("/roles").map(Item.init) : []
        let tenants = mayManage ? try await visit.api.allIfSeen("/tenants") : []
        return Page(
            title: .name(name, kind: Words("User", "用户")), section: .people,
            trail: PeopleModule.trail(Words("People", "人员"), "/people", visit),
            overview(user, login, visit, mayManage) + given(user, roles, tenants, visit, mayManage)
                + SessionTables.sessions(sessions, actions: mayManage ? endSessions(name, visit) : HTML())
                + SessionTables.tokens(tokens) { token in
                    mayManage
                        ? visit.button(
                            visit.link("/people/users/\(encoded(name))/tokens/end"), Words("End", "终止"),
                            class: "quiet danger",
                            confirm: Words(
                                "End this token? Programs that use it are refused at once.", "确定终止此令牌？使用它的程序将立即被拒绝。"),
                            hidden: [("token", token)]) : nil
                }
                + commandLines([
                    ["atoll", "user", "show", name], ["atoll", "user", "password", name],
                    ["atoll", "user", "unlock", name], ["atoll", "user", "logout", name],
                ]))
    }

    private static func overview(_ user: Item, _ login: Item, _ visit: Visit, _ mayManage: Bool) -> HTML {
        let path = "/people/users/\(encoded(user.name))"
        let isOut = user.isSet("spec", "disabled")
        let directory = user.text("spec", "directory")
        let locked = login.text("lockedUntil")
        return section(Words("Overview", "概览"), id: "overview") {
            facts {
                fact(Words("Name", "姓名"), plain(user.text("spec", "displayName")))
                fact(Words("E-mail", "邮箱"), PlaceParts.orNone(user.text("spec", "email")))
                fact(Words("State", "状态"), UserWords.shown(UserWords.standing(user)))
                if directory.isEmpty {
                    fact(
                        Words("Password", "密码"),
                        login.isSet("hasPassword")
                            ? HTML(Words("set ", "设置于 ")) + time(login.text("passwordChanged"))
                            : state(HTML(Words("none: cannot log in", "未设置，无法登录")), .waiting))
                } else {
                    fact(
                        Words("Password kept by the directory", "密码保存于目录服务"),
                        link(directory, visit.link("/people/directories/\(encoded(directory))")))
                }
                if !locked.isEmpty {
                    fact(
                        Words("Locked after failed logins until", "登录失败锁定至"),
                        state(time(locked), .bad))
                }
                fact(Words("Made", "创建时间"), time(user.text("metadata", "creationTimestamp")))
            }
            tag("div", .class("actions")) {
                if mayManage {
                    link(Words("Change", "修改"), visit.link("\(path)/edit"), class: "button quiet")
                    if directory.isEmpty {
                        link(Words("Set a password", "设置密码"), visit.link("\(path)/password"), class: "button quiet")
                    }
                    if !locked.isEmpty {
                        visit.button(visit.link("\(path)/unlock"), Words("End the lock", "解除锁定"), class: "quiet")
                    }
                    isOut
                        ? visit.button(visit.link("\(path)/let-in"), Words("Let in again", "恢复登录"), class: "quiet")
                        : visit.button(
                            visit.link("\(path)/lock-out"), Words("Lock out", "禁用"), class: "quiet danger",
                            confirm: Words(
                                "Lock the user out? Sessions and tokens are refused at once.", "确定禁用此用户？其会话和令牌将立即失效。"))
                }
                visit.historyLink("users", user.name, in: .platform)
            }
            if mayManage {
                more(Words("Delete", "删除")) {
                    tag("p", .class("note")) {
                        Words(
                            "Sessions and tokens end. What the user did stays in histories and in the audit.",
                            "会话和令牌将终止。该用户的操作仍保留在历史和审计中。")
                    }
                    visit.button(
                        visit.link("\(path)/delete"), Words("Delete the user", "删除用户"), class: "danger",
                        confirm: Words("Delete the user?", "确定删除此用户？"))
                }
            }
        }
    }

    private static func given(
        _ user: Item, _ roles: [Item], _ tenants: [Item], _ visit: Visit, _ mayManage: Bool
    ) -> HTML {
        let own = user.items("spec", "roles").map { ($0, isOwn: true) }
        let byGroups = user.items("status", "directory", "roles").map { ($0, isOwn: false) }
        let path = "/people/users/\(encoded(user.name))"
        return section(Words("Roles", "角色"), id: "roles") {
            if own.isEmpty, byGroups.isEmpty {
                emptyState(Words("The user has no role and can see nothing.", "该用户没有角色，无法查看任何内容。"))
            } else {
                Table(
                    Words("Roles of the user", "用户的角色"),
                    [
                        .init(Words("Role", "角色")), .init(Words("Given in", "授予位置")), .init(Words("By", "来源")),
                    ] + (mayManage ? [.init(Words("Take away", "收回"))] : []),
                    rows: (own + byGroups).map { role, isOwn in
                        [
                            link(role.text("role"), visit.link("/people/roles/\(encoded(role.text("role")))")),
                            role.scopeOfRole.html,
                            HTML(isOwn ? Words("hand", "手动授予") : Words("a group of the directory", "目录服务的组")),
                        ]
                            + (mayManage
                                ? [
                                    isOwn
                                        ? visit.button(
                                            visit.link("\(path)/take"), Words("Take away", "收回"), class: "quiet danger",
                                            confirm: Words("Take this role away?", "确定收回此角色？"),
                                            hidden: [
                                                ("taken", role.text("role")),
                                                ("of-tenant", role.scopeOfRole.tenant ?? ""),
                                                ("of-project", role.scopeOfRole.project ?? ""),
                                            ]) : plain("–")
                                ] : [])
                    }
                ).html
            }
            if mayManage { giveForm(path, roles, tenants, visit) }
        }
    }

    private static func giveForm(_ path: String, _ roles: [Item], _ tenants: [Item], _ visit: Visit) -> HTML {
        visit.form(visit.link("\(path)/give")) {
            tag("h3") { Words("Give a role", "授予角色") }
            visit.choice(
                "role", Words("Role", "角色"), roles.map { ($0.text("name"), plain($0.text("name"))) }, isRequired: true)
            visit.choice(
                "in-tenant", Words("In", "位置"),
                [("", HTML(Words("the whole site", "整个站点")))] + tenants.map { ($0.name, plain($0.name)) })
            visit.field("in-project", Words("Only in this project of the tenant", "仅限租户的此项目"))
            visit.field("why", Words("Why, for the history", "原因（记入历史）"))
            tag("button") { Words("Give the role", "授予") }
        }
    }

    private static func endSessions(_ name: String, _ visit: Visit) -> HTML {
        visit.button(
            visit.link("/people/users/\(encoded(name))/sessions/end"), Words("End every session", "终止所有会话"),
            class: "danger",
            confirm: Words("End every session of the user?", "确定终止该用户的所有会话？"))
    }
}

/// Logins that go on, and secrets of programs.
enum SessionTables {
    /// - Parameter ends: the button in a session's row; none where there is no such column.
    static func sessions(_ sessions: [Item], actions: HTML, ends: ((Item) -> HTML)? = nil) -> HTML {
        section(Words("Sessions", "会话"), id: "sessions") {
            if sessions.isEmpty {
                emptyState(Words("No session goes on.", "没有进行中的会话。"))
            } else {
                Table(
                    Words("Sessions", "会话"),
                    [
                        .init(Words("Began", "开始时间")), .init(Words("From", "来源地址")),
                        .init(Words("Last used", "最近使用")), .init(Words("Ends at the latest", "最晚结束")),
                    ] + (ends == nil ? [] : [.init(Words("End", "终止"))]),
                    rows: sessions.map { session in
                        [
                            time(session.text("created"))
                                + (session.isSet("current") ? HTML(Words(" (this one)", "（当前）")) : HTML()),
                            plain(session.text("address")), time(session.text("seen")), time(session.text("ends")),
                        ] + (ends.map { [$0(session)] } ?? [])
                    }
                ).html
                if !actions.isEmpty { tag("p") { actions } }
            }
        }
    }

    /// - Parameter end: the button in the row of a token, by its id.
    static func tokens(_ tokens: [Item], more: HTML = HTML(), end: (String) -> HTML?) -> HTML {
        section(
            Words("Tokens", "令牌"), id: "tokens",
            Words(
                "Secrets for programs. A token may do no more than its owner may at that moment.",
                "供程序使用的凭据。令牌的权限不超过其所有者当时的权限。")
        ) {
            if tokens.isEmpty {
                emptyState(Words("There is no token.", "没有令牌。"))
            } else {
                Table(
                    Words("Tokens", "令牌"),
                    [
                        .init(Words("Token", "令牌")), .init(Words("May", "权限")), .init(Words("Where", "位置")),
                        .init(Words("Last used", "最近使用")), .init(Words("Ends", "到期时间")),
                    ] + (end("") == nil ? [] : [.init(Words("End", "终止"))]),
                    rows: tokens.map { token in
                        [
                            plain(token.text("name")), permissions(token), token.scopeOfRole.html,
                            token.text("used").isEmpty ? HTML(Words("never", "从未")) : time(token.text("used")),
                            time(token.text("ends")),
                        ] + (end(token.text("id")).map { [$0] } ?? [])
                    }
                ).html
            }
            more
        }
    }

    private static func permissions(_ token: Item) -> HTML {
        guard token.json["permissions"]?.array != nil else {
            return HTML(Words("all that the owner may", "所有者的全部权限"))
        }
        return plain(token.texts("permissions").joined(separator: ", "))
    }
}
