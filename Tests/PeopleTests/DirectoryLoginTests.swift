import Faults
import PeopleTestKit
import Resources
import Testing

@testable import People

/// Logins by a real directory.
@Suite(.enabled(if: Slapd.isInstalled, "slapd is not installed: Scripts/setup.sh test")) struct DirectoryLoginTests {
    @Test(arguments: [false, true])
    func aPersonOfTheDirectoryLogsInWithTheRolesOfItsGroups(startTLS: Bool) async throws {
        try await DirectoryFixture.with { fixture in
            if startTLS { try await fixture.set(["urls": [.string(fixture.slapd.url)], "startTLS": true]) }
            let (secret, session) = try await fixture.login("ana")
            #expect(session.user == "ana")
            let authority = try #require(try await fixture.authority(secret))
            #expect(authority.holds(.manage(.jobs), in: Scope(tenant: "retail", project: "cards")))
            #expect(!authority.holds(.view(.jobs), in: Scope(tenant: "wholesale")))
            #expect(!authority.holds(.view(.users), in: .platform))
            let user = try #require(try await fixture.user("ana"))
            #expect(user.spec["directory"] == "bank" && user.spec["displayName"] == "Ana Ferreira")
            #expect(user.status["directory"]?["entry"] == "uid=ana,ou=people,dc=bank")
            #expect(user.spec["roles"] == [], "roles by groups are no part of the document")
            let (second, _) = try await fixture.login("ben")
            #expect(try await fixture.authority(second)?.holds(.manage(.users), in: .platform) == true)
        }
    }

    @Test func whoIsNotWhoTheySayGetsOneAnswer() async throws {
        try await DirectoryFixture.with { fixture in
            let password = DirectoryFixture.password
            for (name, password) in [
                ("ana", Array("wrong horse battery".utf8)), ("ana", []), ("ana", Array("x".utf8) + [0]),
                ("absent", password), ("twin", password), ("no(name", password), ("", password),
                ("a\nb", password), (String(repeating: "n", count: 300), password), ("nobody", []),
            ] {
                await #expect(throws: Fault(PeopleFaults.wrongLogin), "\(name.debugDescription)") {
                    try await fixture.login(name, password)
                }
            }
            #expect(try await fixture.user("ana") == nil, "nobody was made")
            let (_, session) = try await fixture.login("ana")
            #expect(session.user == "ana")
        }
    }

    /// What is typed is looked for and never read as a part of the filter.
    @Test func namesAreNoFilters() async throws {
        try await DirectoryFixture.with { fixture in
            for name in [
                "*", "a*", "*)(uid=*", "ana)(objectClass=*", "ana)(|(uid=*", "\\61na", "ana\\", "(uid=ana)", "{name}",
                "st*", "*r", "s*r",
            ] {
                await #expect(throws: Fault(PeopleFaults.wrongLogin), "\(name)") { try await fixture.login(name) }
            }
            // The one whose name has the characters is found, and is not one that a user can have.
            let report = try await fixture.people.directories.probe("bank", user: "st*r", password: nil)
            #expect(report.steps.last?.layer == .person && report.steps.last?.found.contains("uid=st*r") == true)
        }
    }

    @Test func namesOfTheDirectoryBecomeNamesOfUsers() async throws {
        try await DirectoryFixture.with { fixture in
            for typed in ["Dora.Lima", "dora.lima", "DORA.LIMA"] {
                let (_, session) = try await fixture.login(typed)
                #expect(session.user == "dora-lima")
            }
            #expect(try await fixture.user("dora-lima")?.status["directory"]?["called"] == "Dora.Lima")
        }
    }

    @Test func groupsOfGroupsAreFollowedToTheirDepthAndNoCycleIsEndless() async throws {
        try await DirectoryFixture.with { fixture in
            for (depth, source, held) in [
                (0, "search", [true, false, false]), (1, "search", [true, true, false]),
                (5, "search", [true, true, true]),
                (0, "member-of", [true, false, false]), (1, "member-of", [true, true, false]),
                (10, "member-of", [true, true, true]),
            ] {
                try await fixture.set([
                    "nestedDepth": .integer(Int64(depth)), "groupSource": .string(source),
                    "roles": [
                        DirectoryFixture.role("risk", "viewer", tenant: "one"),
                        DirectoryFixture.role("quants", "viewer", tenant: "two"),
                        DirectoryFixture.role("models", "viewer", tenant: "three"),
                        DirectoryFixture.role("admins", "platform-admin"),
                    ],
                ])
                let authority = try #require(try await fixture.authority(try await fixture.login("ana").secret))
                let found = ["one", "two", "three"].map { authority.holds(.view(.jobs), in: Scope(tenant: $0)) }
                #expect(found == held, "\(source) \(depth)")
                #expect(!authority.holds(.view(.users), in: .platform))
            }
        }
    }

    @Test func aRoleOfOnesOwnComesByGroupsToo() async throws {
        try await DirectoryFixture.with { fixture in
            let role = Resource(CustomRole.id("reader"), spec: ["summary": "reads", "view": ["rows"], "manage": []])
            _ = try await fixture.people.resources.store.create(role, by: ChangeNote(author: "test"))
            try await fixture.set(["roles": [DirectoryFixture.role("risk", "reader", tenant: "retail")]])
            let authority = try #require(try await fixture.authority(try await fixture.login("ana").secret))
            #expect(authority.holds(.view(.rows), in: Scope(tenant: "retail")))
            #expect(!authority.holds(.view(.rows), in: Scope(tenant: "other")))
            #expect(!authority.holds(.view(.jobs), in: Scope(tenant: "retail")))
        }
    }

    @Test func rolesThatGroupsGiveNoMoreAreGoneAtTheNextLogin() async throws {
        try await DirectoryFixture.with { fixture in
            let (old, _) = try await fixture.login("ana")
            try fixture.slapd.change(
                """
                dn: cn=admins,ou=groups,dc=bank
                changetype: modify
                add: member
                member: uid=ana,ou=people,dc=bank

                dn: cn=risk,ou=groups,dc=bank
                changetype: modify
                delete: member
                member: uid=ana,ou=people,dc=bank

                """)
            #expect(try await fixture.authority(old)?.holds(.manage(.users), in: .platform) == false)
            let (new, _) = try await fixture.login("ana")
            for secret in [old, new] {
                let authority = try #require(try await fixture.authority(secret))
                #expect(authority.holds(.manage(.users), in: .platform))
            }
            try fixture.slapd.change(
                """
                dn: cn=admins,ou=groups,dc=bank
                changetype: modify
                delete: member
                member: uid=ana,ou=people,dc=bank

                """)
            await #expect(throws: Fault(PeopleFaults.directoryNoRole)) { try await fixture.login("ana") }
            #expect(try await fixture.authority(new)?.bindings.isEmpty == true, "what was there before is gone as well")
            await #expect(throws: Fault(PeopleFaults.directoryNoRole)) { try await fixture.login("nobody") }
            #expect(try await fixture.user("nobody") == nil)
        }
    }

    /// Between logins the directory is asked again, for sessions and tokens that go on.
    @Test func whoLeavesTheDirectoryIsOutAtTheNextRenewal() async throws {
        try await DirectoryFixture.with { fixture in
            let (ana, _) = try await fixture.login("ana")
            let (dora, _) = try await fixture.login("Dora.Lima")
            let token = try await fixture.people.logins.makeToken(NewToken(name: "nightly"), for: "ana").secret
            let settings = try #require(try await fixture.people.directories.settings("bank"))
            try await fixture.people.directories.renew(settings)
            #expect(try await fixture.authority(token)?.holds(.manage(.jobs), in: Scope(tenant: "retail")) == true)
            try fixture.slapd.change(
                """
                dn: uid=ana,ou=people,dc=bank
                changetype: delete

                dn: cn=risk,ou=groups,dc=bank
                changetype: modify
                delete: member
                member: uid=Dora.Lima,ou=people,dc=bank

                """)
            try await fixture.people.directories.renew(settings)
            #expect(try await fixture.authority(ana) == nil)
            #expect(try await fixture.authority(token) == nil)
            #expect(try await fixture.authority(dora)?.bindings.isEmpty == true)
            // Somebody else who gets the name later is another, and does not become that user.
            try fixture.slapd.change(
                """
                dn: uid=ana,ou=people,dc=bank
                changetype: add
                objectClass: inetOrgPerson
                uid: ana
                cn: Ana Other
                sn: Other
                userPassword: \(Slapd.password)

                dn: cn=risk,ou=groups,dc=bank
                changetype: modify
                add: member
                member: uid=Dora.Lima,ou=people,dc=bank

                """)
            try await fixture.people.directories.renew(settings)
            #expect(try await fixture.authority(token) == nil)
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { try await fixture.login("ana") }
            #expect(try await fixture.authority(dora)?.bindings.count == 1)
            // A directory that is away takes nothing from anybody.
            fixture.slapd.stop()
            await #expect(throws: Fault(PeopleFaults.directoryAway)) {
                try await fixture.people.directories.renew(settings)
            }
            #expect(try await fixture.authority(dora)?.bindings.count == 1)
        }
    }

    /// By the service that does so while the site runs.
    @Test func renewalsGoOnByThemselves() async throws {
        try await DirectoryFixture.with { fixture in
            let (ana, _) = try await fixture.login("ana")
            try fixture.slapd.change("dn: uid=ana,ou=people,dc=bank\nchangetype: delete\n")
            let clock = fixture.people.clock
            let renewal = DirectoryRenewal(fixture.people.directories, pace: .milliseconds(10)) { clock.now }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await renewal.run() }
                let deadline = ContinuousClock.now + .seconds(60)
                while try await fixture.authority(ana) != nil, ContinuousClock.now < deadline {
                    try await Task.sleep(for: .milliseconds(10))
                }
                #expect(try await fixture.authority(ana) == nil)
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    /// Two browsers of one person who was never here before.
    @Test func firstLoginsAtOnceMakeOneUser() async throws {
        try await DirectoryFixture.with { fixture in
            let people = fixture.people
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await people.login("ana", DirectoryFixture.password).session.user }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(names == ["ana", "ana", "ana", "ana"])
            #expect(try await people.logins.sessions(of: "ana").count == 4)
        }
    }

    @Test func fiveFailuresLockAPersonOfTheDirectoryToo() async throws {
        try await DirectoryFixture.with { fixture in
            let logins = fixture.people.logins
            _ = try await fixture.login("ana")
            for _ in 0..<5 {
                await #expect(throws: Fault(PeopleFaults.wrongLogin)) {
                    try await fixture.login("ana", Array("wrong horse battery".utf8))
                }
            }
            // In every spelling.
            for name in ["ana", "ANA", "Ana"] {
                await #expect(throws: Fault(PeopleFaults.wrongLogin)) { try await fixture.login(name) }
            }
            #expect(try await logins.state(of: "ana").lockedUntil != nil)
            fixture.people.clock.advance(minutes: 29)
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { try await fixture.login("ana") }
            fixture.people.clock.advance(minutes: 2)
            #expect(try await fixture.login("ana").session.user == "ana")
            for _ in 0..<5 { _ = try? await fixture.login("ana", Array("wrong horse battery".utf8)) }
            try await logins.unlock("ana")
            #expect(try await fixture.login("ana").session.user == "ana")
            #expect(try await fixture.login("ben").session.user == "ben", "others are not locked")
        }
    }

    /// A user of the site's own is never asked for at a directory, and no directory takes its name over.
    @Test func namesOfTheSitesOwnUsersStayTheirs() async throws {
        try await DirectoryFixture.with { fixture in
            try await fixture.people.user("root", roles: [["role": "platform-admin"]])
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { try await fixture.login("root") }
            // The directory finds it under another spelling, and the name is taken.
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { try await fixture.login("ROOT") }
            #expect(try await fixture.user("root")?.spec["directory"] == nil)
            #expect(try await fixture.people.login("root").session.user == "root")

            _ = try await fixture.login("ana")
            for directory: JSONValue in [.null, "other"] {
                let change: JSONValue = [
                    "apiVersion": .string(Resource.apiVersion), "kind": "User", "metadata": ["name": "ana"],
                    "spec": ["displayName": "Ana", "directory": directory],
                ]
                await #expect(throws: Fault.self) {
                    try await fixture.people.resources.apply(
                        [Document(change)], defaults: .platform, by: ChangeNote(author: "test"))
                }
            }
            await #expect(throws: Fault(PeopleFaults.directoryUser)) {
                try await fixture.people.logins.setPassword("ana", to: PeopleFixture.password)
            }
            let members = Members(resources: fixture.people.resources)
            await #expect(throws: Fault(PeopleFaults.directoryUser)) {
                try await members.take(
                    "modeller", from: "ana", in: Scope(tenant: "retail"), by: ChangeNote(author: "test"))
            }
        }
    }

    @Test func whoIsDisabledHereOrWhoseDirectoryIsIsOut() async throws {
        try await DirectoryFixture.with { fixture in
            let (secret, _) = try await fixture.login("ana")
            try await fixture.people.resources.store.modify(User.id("ana"), by: ChangeNote(author: "test")) { user in
                var spec = user.spec.object ?? [:]
                spec["disabled"] = true
                user.spec = .object(spec)
            }
            #expect(try await fixture.authority(secret) == nil)
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { try await fixture.login("ana") }
            let (ben, _) = try await fixture.login("ben")
            try await fixture.set(["disabled": true])
            #expect(try await fixture.authority(ben) == nil)
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { try await fixture.login("ben") }
            try await fixture.set()
            #expect(try await fixture.authority(ben) != nil)
            try await fixture.people.resources.delete(
                Directory.id("bank"), version: nil, by: ChangeNote(author: "test"))
            #expect(try await fixture.authority(ben) == nil)
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { try await fixture.login("ben") }
        }
    }
}
