import Faults
import NIOHTTP1
import PeopleTestKit
import Resources
import Testing
import Trials

@testable import atoll

/// The pages of users, roles, directories and of one's own account, by HTTP at a real site.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PortalPeopleTests {
    private static let hostile = PortalProjectTests.hostile
    private static let password = GuardedSite.password
    private static let other = "battery horse correct"

    @Test func usersAreAddedChangedLockedOutAndDeleted() async throws {
        try await GuardedSite.with { site in
            try await site.user("root", roles: "{role: platform-admin}")
            let applied = try await site.site.run(["apply", "-f", "-"], input: FileUploadTests.places)
            try #require(applied.status == 0, "\(applied.errors)")
            try await PortalVisitor.with(port: site.port, isGuarded: true) { root in
                try await root.login("root")
                try await PortalVisitor.with(port: site.port, isGuarded: true) { lured in
                    // Browsers leave a tab out of an address, and what is left would be another host.
                    let page = try await lured.get("/login?next=/%09/elsewhere.example")
                    let arrived = try await lured.send(page, "/login", ["name": "root", "password": Self.password])
                    #expect(arrived.status == 200 && arrived.path == "/", "\(arrived.path)")
                }
                let form = try await root.get("/people/new-user")
                // What is wrong about the password is said before anybody is made.
                for (again, password) in [("another one entirely", Self.password), ("short", "short")] {
                    let wrong = try await root.send(
                        form, "/people/new-user",
                        ["name": "ana", "displayName": "Ana", "password": password, "again": again])
                    #expect(
                        wrong.status == 422 && wrong.fault == "\(PeopleFaults.weakPassword.number)", "\(wrong.text)")
                    #expect(
                        wrong.text.contains("value=\"Ana\"") && !wrong.text.contains(password),
                        "no password comes back")
                    #expect(try await root.get("/people/users/ana").status == 404)
                }
                let made = try await root.send(
                    form, "/people/new-user",
                    ["name": "ana", "displayName": Self.hostile, "password": Self.password, "again": Self.password])
                #expect(made.title == "ana" && made.text.contains("may log in"), "\(made.text)")
                #expect(made.text.contains("&lt;script&gt;alert") && !made.text.contains("<script>alert"))
                #expect(!(try await root.get("/people?q=ana").text.contains("<script>alert")))
                let path = "/people/users/ana"

                let changed = try await root.send(
                    try await root.get("\(path)/edit"), "\(path)/edit",
                    ["displayName": "Ana F", "email": "a@bank.example"])
                #expect(changed.text.contains("Ana F") && changed.text.contains("a@bank.example"), "\(changed.text)")
                try await Self.roles(root, path)

                // A login of hers goes on, and ends with the lock.
                try await PortalVisitor.with(port: site.port, isGuarded: true) { ana in
                    try await ana.login("ana")
                    #expect(try await root.get(path).text.contains("127.0.0.1"), "the session is seen")
                    let out = try await root.send(try await root.get(path), "\(path)/lock-out")
                    #expect(out.text.contains("locked out"), "\(out.text)")
                    #expect(try await ana.get("/me").path.hasPrefix("/login"))
                    let refused = try await ana.send(
                        try await ana.get("/login"), "/login", ["name": "ana", "password": Self.password])
                    #expect(refused.fault == "\(PeopleFaults.wrongLogin.number)", "\(refused.text)")
                    let back = try await root.send(out, "\(path)/let-in")
                    #expect(back.text.contains("may log in"), "\(back.text)")
                    try await ana.login("ana")
                    let ended = try await root.send(try await root.get(path), "\(path)/sessions/end")
                    #expect(ended.text.contains("No session goes on"), "\(ended.text)")
                    let set = try await root.send(
                        try await root.get("\(path)/password"), "\(path)/password",
                        ["password": Self.other, "again": Self.other])
                    #expect(set.text.contains("Saved."), "\(set.text)")
                    try await ana.login("ana", Self.other)
                }
                let listed = try await root.get("/people?state=active")
                #expect(
                    listed.text.contains("2 in all") && listed.text.contains("/people/users/root"), "\(listed.text)")
                #expect(try await root.get("/people?q=nobody-of-that-name").text.contains("There is no such user"))
                let gone = try await root.send(try await root.get(path), "\(path)/delete")
                #expect(gone.title == "People" && gone.text.contains("Deleted."), "\(gone.text)")
                #expect(try await root.get(path).status == 404)
            }
            #expect(try await site.isSound())
        }
    }

    private static func roles(_ root: PortalVisitor, _ path: String) async throws {
        let page = try await root.get(path)
        let inTenant = try await root.send(
            page, "\(path)/give", ["role": "modeller", "in-tenant": "risk", "in-project": "cards"])
        #expect(inTenant.text.contains("risk / cards"), "\(inTenant.text)")
        let misplaced = try await root.send(inTenant, "\(path)/give", ["role": "modeller", "in-project": "cards"])
        #expect(
            misplaced.status == 422 && misplaced.fault == "\(PeopleFaults.roleMisplaced.number)", "\(misplaced.text)")
        let whole = try await root.send(
            misplaced, "\(path)/give", ["role": "auditor", "in-tenant": "", "in-project": ""])
        #expect(
            whole.text.contains("href=\"/people/roles/auditor\"") && whole.text.contains("risk / cards"),
            "\(whole.text)")
        // Each by its own row.
        let taken = try await root.send(
            whole, "\(path)/take", ["taken": "auditor", "of-tenant": "", "of-project": ""])
        #expect(
            !taken.text.contains("href=\"/people/roles/auditor\"") && taken.text.contains("risk / cards"),
            "\(taken.text)")
        let last = try await root.send(
            taken, "\(path)/take", ["taken": "modeller", "of-tenant": "risk", "of-project": "cards"])
        #expect(last.text.contains("The user has no role"), "\(last.text)")
    }

    @Test func rolesOfOnesOwnAndTheOwnAccount() async throws {
        try await GuardedSite.with { site in
            try await site.user("root", roles: "{role: platform-admin}")
            try await PortalVisitor.with(port: site.port, isGuarded: true) { root in
                try await root.login("root")
                let builtIn = try await root.get("/people/roles/modeller")
                #expect(builtIn.text.contains("see and change") && !builtIn.text.contains("/edit"), "\(builtIn.text)")
                #expect(try await root.get("/people/roles/nothing").status == 404)
                let form = try await root.get("/people/new-role")
                let nothing = try await root.send(form, "/people/new-role", ["name": "reviewer", "summary": "s"])
                #expect(nothing.status == 422 && nothing.fault == "\(PeopleFaults.roleName.number)", "\(nothing.text)")
                let made = try await root.send(
                    nothing, "/people/new-role",
                    ["name": "reviewer", "summary": Self.hostile, "view": "jobs", "manage": "approvals"])
                #expect(made.title == "reviewer" && made.text.contains("(approvals)"), "\(made.text)")
                #expect(made.text.contains("&lt;script&gt;alert") && !made.text.contains("<script>alert"))
                let path = "/people/roles/reviewer"
                let changed = try await root.send(
                    try await root.get("\(path)/edit"), "\(path)/edit", ["summary": "reviews", "view": "models"])
                #expect(changed.text.contains("(models)") && !changed.text.contains("(jobs)"), "\(changed.text)")
                try await site.user("rita", roles: "{role: reviewer}")
                let used = try await root.send(try await root.get(path), "\(path)/delete")
                #expect(used.status == 409 && used.fault == "\(PeopleFaults.roleInUse.number)", "\(used.text)")
                #expect(used.text.contains("/people/users/rita"))
            }
            try await PortalVisitor.with(port: site.port, isGuarded: true) { rita in
                try await rita.login("rita")
                try await Self.account(rita, site)
            }
        }
    }

    private static func account(_ rita: PortalVisitor, _ site: GuardedSite) async throws {
        let me = try await rita.get("/me")
        #expect(me.text.contains("user rita") && me.text.contains("(this one)"), "\(me.text)")
        let form = try await rita.get("/me/new-token")
        #expect(form.text.contains("value=\"approvals.manage\"") && !form.text.contains("value=\"users.view\""))
        let strong = try await rita.send(form, "/me/new-token", ["name": "x", "permissions": "users.view"])
        #expect(strong.status == 422 && strong.fault == "\(PeopleFaults.tokenTooStrong.number)", "\(strong.text)")
        let many = try await rita.send(form, "/me/new-token", ["name": "x", "days": "1000"])
        #expect(many.status == 422 && many.text.contains("value=\"1000\""), "\(many.text)")
        let made = try await rita.send(
            form, "/me/new-token", ["name": hostile, "days": "7", "permissions": "approvals.view"])
        let secret = try #require(
            made.text.firstMatch(of: /atoll_t_[A-Za-z0-9_-]+/).map { String($0.0) }, "\(made.text)")
        #expect(made.headers.first(name: "cache-control") == "no-store" && !made.text.contains("<script>alert"))
        let known = try await site.call(.GET, "/api/v1/me", proof: secret)
        #expect(known.status == 200 && known.body["user"] == "rita")
        let listed = try await rita.get("/me")
        #expect(!listed.text.contains(secret) && listed.text.contains("approvals.view"), "it is shown once")
        let ended = try await rita.send(listed, "/me/tokens/end")
        #expect(ended.text.contains("There is no token"), "\(ended.text)")
        #expect(try await site.call(.GET, "/api/v1/me", proof: secret).status == 401)

        let password = try await rita.get("/me/password")
        let wrong = try await rita.send(
            password, "/me/password", ["old": "not that one at all", "password": other, "again": other])
        #expect(wrong.status == 403 && wrong.fault == "\(PeopleFaults.wrongLogin.number)", "\(wrong.text)")
        #expect(wrong.title == "Change my password", "nobody is logged out by it")
        let right = try await rita.send(
            password, "/me/password", ["old": Self.password, "password": other, "again": other])
        #expect(right.path == "/me" && right.text.contains("Saved."), "\(right.text)")
        try await PortalVisitor.with(port: site.port, isGuarded: true) { try await $0.login("rita", other) }
    }

    @Test(.enabled(if: Slapd.isInstalled, "slapd is not installed: Scripts/setup.sh test"))
    func aDirectoryIsSetAndTestedLayerByLayer() async throws {
        try await Slapd.with { slapd in
            try await GuardedSite.with { site in
                try await site.user("root", roles: "{role: platform-admin}")
                try await PortalVisitor.with(port: site.port, isGuarded: true) { root in
                    try await root.login("root")
                    let form = try await root.get("/people/new-directory")
                    let plain = try await root.send(
                        form, "/people/new-directory",
                        ["name": "bank", "urls": "ldap://ldap.bank.example", "userBase": "ou=people,dc=bank"])
                    #expect(plain.fault == "\(PeopleFaults.directoryPlain.number)", "\(plain.text)")
                    #expect(plain.text.contains("ldap://ldap.bank.example</textarea>"), "what was typed stays")
                    let made = try await root.send(
                        plain, "/people/new-directory",
                        [
                            "name": "bank", "urls": slapd.secureURL, "certificates": slapd.authority,
                            "bindDN": Slapd.bindName, "bindSecret": "directory-bank",
                            "secret-value": Slapd.bindPassword,
                            "userBase": "ou=people,dc=bank", "groupBase": "ou=groups,dc=bank",
                            "group-0": "cn=risk,ou=groups,dc=bank", "role-0": "viewer",
                        ])
                    #expect(made.title == "bank" && made.text.contains("cn=risk,ou=groups,dc=bank"), "\(made.text)")
                    #expect(!made.text.contains(Slapd.bindPassword))
                    let path = "/people/directories/bank/test"
                    let good = try await root.send(made, path, ["person": "ana", "password": Slapd.password])
                    #expect(good.text.contains("the way is open") && good.text.contains("viewer @ "), "\(good.text)")
                    #expect(good.text.contains("value=\"ana\"") && !good.text.contains(Slapd.password))
                    let bad = try await root.send(made, path, ["person": "ana", "password": "wrong horse battery"])
                    #expect(bad.text.contains("a layer fails") && !bad.text.contains("wrong horse"), "\(bad.text)")
                    #expect(!(try await root.get("/people").text.contains("/people/users/ana")), "nothing is changed")
                    // It may carry a password, so nothing of it is kept under a key.
                    let proof = try await site.login("root")
                    let keyed = try await site.call(
                        .POST, "/api/v1/directories/bank/test", "{}", proof: proof, headers: [("idempotency-key", "k")])
                    #expect(keyed.fault == RequestFaults.keyRefused.number, "\(keyed.text)")

                    // The whole document, of that kind alone.
                    let document = try await root.get("/people/directory-document?name=bank")
                    #expect(document.text.contains("bindSecret: directory-bank"), "\(document.text)")
                    let foreign = try await root.send(
                        document, "/people/directory-document", ["document": FileUploadTests.places])
                    #expect(foreign.fault == "\(PeopleFaults.directoryForm.number)", "\(foreign.text)")
                    #expect(try await root.get("/projects?tenant=risk").status == 404)
                    let edited = try await root.send(
                        try await root.get("/people/directories/bank/edit"), "/people/directories/bank/edit",
                        ["disabled": "yes", "reason": "pause"])
                    #expect(
                        edited.text.contains("people kept out") && edited.text.contains("cn=risk"), "\(edited.text)")
                }
            }
        }
    }
}
