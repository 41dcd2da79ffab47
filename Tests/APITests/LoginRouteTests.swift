import API
import Faults
import Foundation
import NIOHTTP1
import People
import Resources
import Testing

/// Logging in over HTTP: what a browser and a program send and get.
@Suite struct LoginRouteTests {
    private static let password = "correct horse battery"

    @Test func aBrowserGetsACookieThatNothingElseCanRead() async throws {
        try await withSite { api, _ in
            let answer = try await api.call(.POST, "/api/v1/login", Self.body())
            #expect(answer.status == 200)
            let cookie = try #require(answer.headers.first(name: "set-cookie"))
            let parts = cookie.components(separatedBy: "; ")
            #expect(parts[0].hasPrefix("__Host-atoll-session=atoll_s_"))
            for wanted in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] { #expect(parts.contains(wanted)) }
            #expect(!cookie.contains("Domain"))
            #expect(!answer.text.contains("atoll_s_"), "the secret is in the cookie alone")
            #expect(answer.headers.first(name: "cache-control") == "no-store")
            let me = try await api.call(.GET, "/api/v1/me", headers: ["cookie": parts[0]])
            #expect(me.body["user"] == "ana" && me.body["session"] == answer.body["session"])
            let again = try await api.call(.POST, "/api/v1/login", Self.body(), headers: ["cookie": parts[0]])
            #expect(again.headers.first(name: "set-cookie") != cookie)
            let old = try await api.call(.GET, "/api/v1/me", headers: ["cookie": parts[0]])
            #expect(old.fault == PeopleFaults.notSignedIn.number, "the old secret ended with the new login")
        }
    }

    /// A session that an attacker made up, or one's own that is shown to another: neither becomes the victim's.
    @Test func aSecretFromOutsideIsNeverTakenOver() async throws {
        try await withSite { api, _ in
            let planted = "__Host-atoll-session=atoll_s_" + String(repeating: "A", count: 43)
            let answer = try await api.call(.POST, "/api/v1/login", Self.body(), headers: ["cookie": planted])
            #expect(answer.headers.first(name: "set-cookie")?.hasPrefix(planted) == false)
            #expect(try await api.call(.GET, "/api/v1/me", headers: ["cookie": planted]).status == 401)
        }
    }

    @Test func anotherSitesPageCannotUseTheCookie() async throws {
        try await withSite { api, _ in
            let login = try await api.call(.POST, "/api/v1/login", Self.body())
            let cookie = try #require(login.headers.first(name: "set-cookie")?.components(separatedBy: ";")[0])
            for headers in [
                ["origin": "https://evil.example"], ["sec-fetch-site": "cross-site"], ["sec-fetch-site": "same-site"],
                ["origin": "null"],
            ] {
                let answer = try await api.call(
                    .POST, "/api/v1/tenants", Sample.tenant("x"), headers: headers.merging(["cookie": cookie]) { $1 })
                #expect(answer.fault == PeopleFaults.notSignedIn.number, "\(headers)")
            }
            let own = try await api.call(
                .POST, "/api/v1/tenants", Sample.tenant("x"),
                headers: ["sec-fetch-site": "same-origin", "cookie": cookie])
            #expect(own.status == 201, "\(own.text)")
        }
    }

    @Test func aProgramGetsASecretAndMakesTokens() async throws {
        try await withSite { api, _ in
            let login = try await api.call(.POST, "/api/v1/login", Self.body(more: #", "as": "bearer""#))
            #expect(login.headers.first(name: "set-cookie") == nil)
            let session = ["authorization": "Bearer \(try #require(login.body["secret"]?.string))"]
            let wanted = #"{"name": "nightly", "permissions": ["tenants.view"], "days": 2}"#
            let made = try await api.call(.POST, "/api/v1/tokens", wanted, headers: session)
            #expect(made.status == 201 && made.headers.first(name: "cache-control") == "no-store")
            let secret = try #require(made.body["secret"]?.string)
            let token = ["authorization": "bearer \(secret)"]
            #expect(try await api.call(.GET, "/api/v1/tenants", headers: token).status == 200)
            let beyond = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("x"), headers: token)
            #expect(beyond.fault == PeopleFaults.forbidden.number)
            for (method, path) in [
                (HTTPMethod.POST, "tokens"), (.GET, "sessions"), (.PUT, "me/password"), (.POST, "logout"),
            ] {
                let answer = try await api.call(method, "/api/v1/\(path)", "{}", headers: token)
                #expect(answer.fault == PeopleFaults.personOnly.number, "\(path)")
            }
            let list = try await api.call(.GET, "/api/v1/tokens", headers: session)
            #expect(list.body["items"]?.array?.first?["name"] == "nightly" && !list.text.contains(secret.dropFirst(8)))
            let id = try #require(made.body["id"]?.string)
            #expect(try await api.call(.DELETE, "/api/v1/tokens/\(id)", headers: session).status == 200)
            #expect(try await api.call(.GET, "/api/v1/tenants", headers: token).status == 401)
            let gone = try await api.call(.DELETE, "/api/v1/tokens/\(id)", headers: session)
            #expect(gone.fault == PeopleFaults.unknownLogin.number)
            #expect(try await api.call(.POST, "/api/v1/logout", headers: session).status == 200)
            #expect(try await api.call(.GET, "/api/v1/me", headers: session).status == 401)
        }
    }

    /// A stream that was opened in time does not outlive what it was opened with.
    @Test func aStreamEndsWithTheSession() async throws {
        try await withSite { api, logins in
            let root = ["authorization": "Bearer \(try await Self.session(logins, "root"))"]
            let ana = ["authorization": "Bearer \(try await Self.session(logins, "ana"))"]
            let lines = try await api.lines("/api/v1/tenants?watch=true", headers: ana)
            _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("one"), headers: root)
            var events: [String] = []
            for try await line in lines {
                if line.hasPrefix("event: ") { events.append(String(line.dropFirst(7))) }
                if line.hasPrefix("data: "), events == ["added"] {
                    try await logins.endSessions(of: "ana")
                    _ = try await api.call(.POST, "/api/v1/tenants", Sample.tenant("two"), headers: root)
                }
                if line.hasPrefix("data: "), events.count > 1 {
                    #expect(line.contains(PeopleFaults.notSignedIn.number.description) && !line.contains("two"))
                    break
                }
            }
            #expect(events.last == "error", "\(events)")
        }
    }

    @Test func whatIsNoProofIsNobody() async throws {
        try await withSite { api, _ in
            let login = try await api.call(.POST, "/api/v1/login", Self.body(more: #", "as": "bearer""#))
            let secret = try #require(login.body["secret"]?.string)
            for headers in [
                ["authorization": "Basic \(secret)"], ["authorization": secret], ["authorization": "Bearer "],
                ["authorization": "Bearer \(secret)x"], ["authorization": "Bearer \(secret.dropLast())"],
                ["cookie": "__Host-atoll-session="], ["cookie": "session=\(secret)"],
                ["authorization": "Bearer \(secret.replacing("atoll_s_", with: "atoll_t_"))"],
            ] {
                let answer = try await api.call(.GET, "/api/v1/me", headers: headers)
                #expect(answer.fault == PeopleFaults.notSignedIn.number)
                #expect(!answer.text.contains(secret.dropFirst(8).prefix(20)))
            }
        }
    }

    @Test func wrongLoginsAreAnsweredAlikeAndTellNothing() async throws {
        try await withSite { api, _ in
            let wrong = try await api.call(.POST, "/api/v1/login", Self.body(password: "wrong horse battery"))
            let nobody = try await api.call(.POST, "/api/v1/login", Self.body(name: "nobody"))
            #expect(wrong.status == 401 && wrong.fault == PeopleFaults.wrongLogin.number)
            #expect(wrong.text == nobody.text)
            #expect(!wrong.text.contains("horse") && !wrong.text.contains("ana"))
            let cases: [(String, FaultEntry)] = [
                ("{}", ProgramFaults.badRequest), ("[]", ProgramFaults.badRequest), ("{", ResourceFaults.syntax),
                (#"{"name": "ana", "password": 1}"#, ProgramFaults.badRequest),
                (#"{"name": "ana", "needle": "x"}"#, ResourceFaults.unknownField),
                (Self.body(more: #", "as": "needle""#), ProgramFaults.badRequest),
                (Self.body(password: String(repeating: "needle", count: 5_000)), ResourceFaults.tooLarge),
                (Self.body(name: #"a\r\nset-cookie: needle=1"#), PeopleFaults.wrongLogin),
            ]
            for (body, entry) in cases {
                let answer = try await api.call(.POST, "/api/v1/login", body)
                #expect(answer.fault == entry.number, "\(body.prefix(60)) \(answer.text)")
                #expect(!answer.text.contains("needle"), "\(body.prefix(60))")
                #expect(answer.headers.first(name: "set-cookie") == nil)
            }
        }
    }

    @Test func managersOfUsersActOnTheLoginsOfOthers() async throws {
        try await withSite { api, logins in
            let root = ["authorization": "Bearer \(try await Self.session(logins, "root"))"]
            let eva = ["authorization": "Bearer \(try await Self.session(logins, "eva"))"]
            #expect(try await api.call(.GET, "/api/v1/users/eva/login", headers: root).body["sessions"] == 1)
            for (method, path, body) in [
                (HTTPMethod.GET, "users/root/login", nil), (.GET, "users/root/sessions", nil),
                (.PUT, "users/root/password", #"{"password": "correct horse battery"}"#),
                (.DELETE, "users/root/sessions", nil),
            ] as [(HTTPMethod, String, String?)] {
                let answer = try await api.call(method, "/api/v1/\(path)", body, headers: eva)
                #expect(answer.fault == PeopleFaults.forbidden.number, "\(path)")
            }
            let new = #"{"password": "another long password"}"#
            #expect(try await api.call(.PUT, "/api/v1/users/eva/password", new, headers: root).status == 200)
            #expect(try await api.call(.GET, "/api/v1/me", headers: eva).status == 401)
            let weak = try await api.call(.PUT, "/api/v1/users/eva/password", #"{"password": "needle"}"#, headers: root)
            #expect(weak.fault == PeopleFaults.weakPassword.number && !weak.text.contains("needle"))
            let none = try await api.call(.POST, "/api/v1/users/none/unlock", headers: root)
            #expect(none.fault == ResourceFaults.notFound.number)
        }
    }

    private static func body(name: String = "ana", password: String = password, more: String = "") -> String {
        #"{"name": "\#(name)", "password": "\#(password)"\#(more)}"#
    }

    private static func session(_ logins: Logins, _ name: String) async throws -> String {
        try await logins.login(name, password: Array(password.utf8), from: "192.0.2.1").secret.text
    }

    /// A site with the users `ana` and `root`, who may do everything, and `eva`, a modeller.
    private func withSite(_ body: @escaping @Sendable (APIFixture, Logins) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-login-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "p.db").path, snapshots: folder.path, migrations: [PeopleMigrations.self])
        let registry = KindRegistry(
            [Tenant.kind, Project.kind, User.kind], tenantKind: "Tenant", projectKind: "Project")
        let store = MemoryResourceStore()
        let resources = ResourceService(registry: registry, store: store)
        var rules = LoginRules()
        rules.cost = PasswordCost(logRounds: 4, block: 8, parallel: 1)!
        rules.mostTries = 1_000
        let logins = try Logins(database, resources: resources, rules: rules)
        for (name, role) in [("ana", "platform-admin"), ("root", "platform-admin"), ("eva", "modeller")] {
            let user: JSONValue = [
                "apiVersion": .string(Resource.apiVersion), "kind": "User", "metadata": ["name": .string(name)],
                "spec": ["displayName": .string(name), "roles": [["role": .string(role)]]],
            ]
            _ = try await resources.create(Document(user), defaults: .platform, by: ChangeNote(author: "test"))
            try await logins.setPassword(name, to: Array(Self.password.utf8))
        }
        let routes: [any APIRoutes] = [
            LoginRoutes(logins: logins), UserRoutes(logins: logins, members: Members(resources: resources)),
        ]
        try await APIFixture.with(
            store: store, routes: routes, registry: registry, callers: SignedInCallers(logins),
            // Asked at every event.
            streamPace: .zero
        ) { api in try await body(api, logins) }
    }
}
