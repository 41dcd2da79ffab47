import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Users, roles and directories: who may come in, and what they may do.
struct PeopleModule: PortalModule {
    var entries: [MenuEntry] {
        [MenuEntry(.people, Words("People", "人员"), "/people", asks: .view(.users))]
    }

    func add(to routes: PortalRoutes) {
        routes.page("people", UserList.page)
        UserForms.add(to: routes)
        RolePages.add(to: routes)
        DirectoryPages.add(to: routes)
        DirectoryForms.add(to: routes)
    }

    /// The three parts, as far as the viewer sees them.
    static func parts(_ visit: Visit, chosen: String) -> HTML {
        let all: [(title: Words, path: String, asks: Permission?)] = [
            (Words("Users", "用户"), "/people", .view(.users)), (Words("Roles", "角色"), "/people/roles", nil),
            (Words("Directories", "目录服务"), "/people/directories", .view(.directories)),
        ]
        let seen = all.filter { part in part.asks.map { visit.viewer.may($0, in: .platform) } ?? true }
        return tabs(
            seen.map { ($0.title, visit.link($0.path)) }, chosen: seen.firstIndex { $0.path == chosen } ?? -1)
    }

    static func trail(_ title: Words, _ path: String, _ visit: Visit) -> [(HTML, String)] {
        let top =
            visit.viewer.may(.view(.users), in: .platform) ? [(HTML(Words("People", "人员")), visit.link("/people"))] : []
        return top + (path == "/people" ? [] : [(HTML(title), visit.link(path))])
    }
}

/// Every user.
enum UserList {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let (wanted, standing) = (visit.query("q"), visit.query("state"))
        let all = try await visit.api.all("/users")
        let users = all.filter { user in
            Item.matches(wanted, [user.name, user.text("spec", "displayName"), user.text("spec", "email")])
                && (standing == nil || standing == UserWords.standing(user).rawValue)
        }
        let paging = Paging(users, visit)
        return Page(
            Words("People", "人员"), in: .people,
            intro: Words("Who may log in, and with which roles.", "可以登录的用户及其角色。"),
            actions: visit.viewer.may(.manage(.users), in: .platform)
                ? link(Words("Add a user", "新增用户"), visit.link("/people/new-user"), class: "button primary") : HTML()
        ) {
            PeopleModule.parts(visit, chosen: "/people")
            visit.filter("/people") {
                visit.field("q", Words("Name or address", "姓名或邮箱"), type: "search", value: wanted)
                visit.choice(
                    "state", Words("State", "状态"),
                    [("", HTML(Words("all", "全部")))]
                        + UserWords.Standing.allCases.map { ($0.rawValue, HTML(UserWords.words($0))) }, chosen: standing
                )
            }
            if users.isEmpty {
                emptyState(Words("There is no such user.", "没有符合条件的用户。"))
            } else {
                table(Array(paging.shown), visit)
            }
            paging.links(visit, "/people", [("q", wanted), ("state", standing)])
            commandLines([["atoll", "user", "list"]])
        }
    }

    private static func table(_ users: [Item], _ visit: Visit) -> HTML {
        Table(
            Words("Users", "用户"),
            [
                .init(Words("User", "用户")), .init(Words("Name", "姓名")), .init(Words("Roles", "角色")),
                .init(Words("Password kept by", "密码保存于")), .init(Words("State", "状态")),
            ],
            rows: users.map { user in
                [
                    link(user.name, visit.link("/people/users/\(encoded(user.name))")),
                    plain(user.text("spec", "displayName")),
                    UserWords.roles(user), UserWords.keeper(user), UserWords.shown(UserWords.standing(user)),
                ]
            }
        ).html
    }
}

/// What users say of themselves, in words.
enum UserWords {
    enum Standing: String, CaseIterable {
        case active, out, gone
    }

    static func standing(_ user: Item) -> Standing {
        if user.isSet("spec", "disabled") { return .out }
        return user.isSet("status", "directory", "gone") ? .gone : .active
    }

    static func words(_ standing: Standing) -> Words {
        switch standing {
        case .active: Words("may log in", "可登录")
        case .out: Words("locked out", "已禁用")
        case .gone: Words("not in its directory any more", "已不在目录服务中")
        }
    }

    static func shown(_ standing: Standing) -> HTML {
        state(HTML(words(standing)), standing == .active ? .good : .bad)
    }

    static func keeper(_ user: Item) -> HTML {
        let directory = user.text("spec", "directory")
        return directory.isEmpty ? HTML(Words("this site", "本站点")) : plain(directory)
    }

    /// Given here, and by groups of a directory.
    static func given(_ user: Item) -> [Item] {
        user.items("spec", "roles") + user.items("status", "directory", "roles")
    }

    /// Those of the first few places, in one line.
    static func roles(_ user: Item) -> HTML {
        let all = given(user)
        guard !all.isEmpty else { return HTML(Words("none", "无")) }
        var parts = all.prefix(4).map { role in
            plain(role.text("role")) + (role.scopeOfRole == .platform ? HTML() : plain(" @ \(role.scopeOfRole.path)"))
        }
        if all.count > 4 { parts.append(plain("+\(all.count - 4)")) }
        return PlaceWords.joined(parts)
    }
}

extension Item {
    /// Where a role was given, as roles of users and of directories write it.
    var scopeOfRole: Scope { Scope(tenant: json["tenant"]?.string, project: json["project"]?.string) }
}
