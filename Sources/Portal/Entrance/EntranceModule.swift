import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// How people come in and go out, and how pages look to them.
struct EntranceModule: PortalModule {
    var entries: [MenuEntry] { [] }

    func add(to routes: PortalRoutes) {
        routes.page("login", for: .anybody, Self.login)
        routes.form("login", on: Self.login, for: .anybody) { visit, form in
            try await Self.enter(
                visit, "/login",
                ["name": .string(form["name"] ?? ""), "password": .string(form.whole("password") ?? "")],
                to: form["next"] ?? "/", nil)
        }
        routes.page("first-administrator", for: .anybody, Self.first)
        routes.form("first-administrator", on: Self.first, for: .anybody) { visit, form in
            var body: [String: JSONValue] = [
                "secret": .string(Self.secret(form["secret"] ?? "")), "name": .string(form["name"] ?? ""),
                "password": .string(form.whole("password") ?? ""),
            ]
            if let name = form["displayName"] { body["displayName"] = .string(name) }
            return try await Self.enter(visit, "/first-administrator", body, to: "/", .welcome)
        }
        routes.form("logout", on: Self.login) { visit, _ in
            let answer = try await visit.api.answer(.post, "/logout")
            _ = try SiteCalls.value(answer)
            return .seeOther("/login", said: .loggedOut, cookies: answer.headers[values: .setCookie])
        }
        routes.form("look", on: Self.login, for: .anybody) { visit, form in
            var cookies: [String] = []
            if let language = form["language"].flatMap(Language.init(rawValue:)) {
                cookies.append(Self.kept(Look.languageCookie, language.rawValue))
            }
            if let theme = form["theme"].flatMap(Look.Theme.init(rawValue:)) {
                cookies.append(Self.kept(Look.themeCookie, theme.rawValue))
            }
            return .seeOther(form["next"] ?? "/", said: nil, cookies: cookies)
        }
        routes.page("places", Self.places)
    }

    private static func kept(_ name: String, _ value: String) -> String {
        "\(name)=\(value); Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Lax"
    }

    /// What was pasted: the secret, or the whole link with it.
    private static func secret(_ text: String) -> String {
        text.split(separator: "#").last.map(String.init) ?? ""
    }

    private static func enter(
        _ visit: Visit, _ path: String, _ body: [String: JSONValue], to next: String, _ said: Said?
    ) async throws -> PortalRoutes.Outcome {
        let answer = try await visit.api.answer(.post, path, [], JSONWriter.compact(.object(body)))
        do {
            _ = try SiteCalls.value(answer)
        } catch let refusal as Refusal where refusal.status == 401 {
            // A wrong password is said on the form itself, not by sending to it.
            throw Refusal(status: 403, problem: refusal.problem)
        }
        return .seeOther(next, said: said, cookies: answer.headers[values: .setCookie])
    }

    @Sendable private static func login(_ visit: Visit) async throws -> Page {
        Page(Words("Log in", "登录"), in: .none) {
            visit.form("/login", key: false) {
                void(
                    "input", Attribute("type", "hidden"), Attribute("name", "next"),
                    Attribute("value", visit.typed["next"] ?? visit.query("next") ?? "/"))
                visit.field(
                    "name", Words("Name", "用户名"), isRequired: true,
                    more: [Attribute("autocomplete", "username"), Attribute("autocapitalize", "none")])
                visit.field(
                    "password", Words("Password", "密码"), type: "password", isRequired: true,
                    more: [Attribute("autocomplete", "current-password")])
                tag("button", .class("primary")) { Words("Log in", "登录") }
            }
        }
    }

    @Sendable private static func first(_ visit: Visit) async throws -> Page {
        Page(
            Words("The first administrator", "第一位管理员"), in: .none,
            intro: Words(
                "The site printed a link when it started. It works once, within a day.",
                "站点启动时打印了一个链接，一天内有效，只能使用一次。")
        ) {
            visit.form("/first-administrator", key: false, attributes: [.flag("data-secret-form")]) {
                visit.field(
                    "secret", Words("The link, or what stands behind its #", "链接，或链接中 # 之后的内容"), type: "password",
                    isRequired: true, more: [Attribute("autocomplete", "off")])
                visit.field(
                    "name", Words("Name", "用户名"),
                    hint: Words("Lower-case letters, digits and -", "小写字母、数字和 -"), isRequired: true,
                    more: [Attribute("autocomplete", "username"), Attribute("autocapitalize", "none")])
                visit.field("displayName", Words("Full name", "姓名"), more: [Attribute("autocomplete", "name")])
                visit.field(
                    "password", Words("Password", "密码"), type: "password",
                    hint: Words("12 characters or more", "至少 12 个字符"), isRequired: true,
                    more: [Attribute("autocomplete", "new-password")])
                tag("button", .class("primary")) { Words("Make me the administrator", "成为管理员") }
            }
        }
    }

    /// Where to work: the places in which the viewer has a role, and what is in them.
    @Sendable private static func places(_ visit: Visit) async throws -> Page {
        let next = visit.query("next") ?? "/"
        var places: [Scope] = []
        let isEverywhere = visit.viewer.home == .platform
        if isEverywhere {
            let tenants = try await visit.api.every("/tenants")
            let projects = try await visit.api.every("/projects")
            places = [.platform] + tenants.compactMap { $0[path: "metadata", "name"]?.string }.map { Scope(tenant: $0) }
            places += projects.compactMap { project in
                project[path: "metadata", "name"]?.string.map {
                    Scope(tenant: project[path: "metadata", "tenant"]?.string, project: $0)
                }
            }
        } else {
            for place in visit.viewer.places {
                places.append(place)
                guard place.project == nil else { continue }
                let projects = try await visit.api.every("/projects", [("tenant", place.tenant)])
                places += projects.compactMap { $0[path: "metadata", "name"]?.string }
                    .map { Scope(tenant: place.tenant, project: $0) }
            }
        }
        let sorted = Set(places).sorted { ($0.tenant ?? "", $0.project ?? "") < ($1.tenant ?? "", $1.project ?? "") }
        return Page(
            Words("Choose a place", "选择位置"), in: .none,
            intro: Words(
                "Pages show what belongs to one tenant or project, or to the whole site.",
                "页面显示某个租户、某个项目或整个站点的内容。")
        ) {
            tag("ul", .class("places")) {
                for place in sorted {
                    tag("li") {
                        tag(
                            "a", .href(Self.replacing(next, place)),
                            .optional("aria-current", place == visit.place ? "true" : nil)
                        ) {
                            place == .platform
                                ? HTML(Words("The whole site", "整个站点"))
                                : plain([place.tenant, place.project].compactMap(\.self).joined(separator: " / "))
                        }
                    }
                }
            }
        }
    }

    /// The page that was asked from, in another place: its path and what its query says beside the place. What lives in
    /// one place alone is left for the home page.
    private static func replacing(_ next: String, _ place: Scope) -> String {
        let parts = next.split(separator: "?", maxSplits: 1).map(String.init)
        guard isLocal(next), let path = parts.first, !["/history", "/places"].contains(path) else {
            return address("/", place.parameters)
        }
        let query = (try? Form(Array((parts.count == 2 ? parts[1] : "").utf8)))?.fields ?? []
        return address(
            path,
            query.filter { !["tenant", "project"].contains($0.name) }.map { ($0.name, $0.value) } + place.parameters)
    }
}
