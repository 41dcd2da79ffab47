import Faults
import People
import Resources
import Testing

@Suite struct TokenTests {
    private let retail = Scope(tenant: "retail")

    @Test func aTokenMayDoNoMoreThanItsOwner() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana", roles: [["role": "data-steward", "tenant": "retail"]])
            var new = NewToken(name: "nightly")
            new.scope = retail
            for text in ["jobs.manage", "secrets.view", "users.view"] {
                new.permissions = [Permission(text)!]
                await #expect(throws: Fault(PeopleFaults.tokenTooStrong)) {
                    _ = try await site.logins.makeToken(new, for: "ana")
                }
            }
            new.permissions = [.view(.datasets)]
            new.scope = Scope(tenant: "wholesale")
            await #expect(throws: Fault(PeopleFaults.tokenTooStrong)) {
                _ = try await site.logins.makeToken(new, for: "ana")
            }
            new.scope = retail
            let (secret, token) = try await site.logins.makeToken(new, for: "ana")
            let authority = try #require(try await site.logins.proven(by: secret)).authority
            #expect(authority.holds(.view(.datasets), in: retail))
            #expect(!authority.holds(.manage(.datasets), in: retail), "the owner may, the token not")
            #expect(!authority.holds(.view(.grants), in: retail) && !authority.holdsAnywhere(.view(.peers)))
            // What the owner loses the token loses; what the owner gets it does not get.
            try await site.user("ana", roles: [["role": "platform-admin"]])
            let more = try #require(try await site.logins.proven(by: secret)).authority
            #expect(more.holds(.view(.datasets), in: retail) && !more.holds(.view(.datasets), in: .platform))
            #expect(!more.holds(.view(.secrets), in: .platform))
            try await site.user("ana", roles: [["role": "approver", "tenant": "wholesale"]])
            let less = try #require(try await site.logins.proven(by: secret)).authority
            #expect(!less.holds(.view(.datasets), in: retail))
            #expect(try await site.logins.tokens(of: "ana").first?.id == token.id)
            #expect(try await site.logins.tokens(of: "ana").first?.used != nil)
        }
    }

    @Test func tokensEnd() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana", roles: [["role": "viewer"]])
            var new = NewToken(name: "short")
            new.days = 1
            let (short, _) = try await site.logins.makeToken(new, for: "ana")
            let (long, token) = try await site.logins.makeToken(NewToken(name: "long"), for: "ana")
            #expect(try await site.logins.proven(by: short)?.means != nil)
            site.clock.advance(minutes: 24 * 60 + 1)
            #expect(try await site.logins.proven(by: short) == nil)
            #expect(try await site.logins.tokens(of: "ana").map(\.name) == ["long"])
            await #expect(throws: Fault(PeopleFaults.unknownLogin)) {
                try await site.logins.endToken(token.id, of: "eva")
            }
            try await site.logins.endToken(token.id, of: "ana")
            #expect(try await site.logins.proven(by: long) == nil)
        }
    }

    @Test func whatATokenCannotBeIsNamed() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana")
            var wrong: [NewToken] = [NewToken(name: ""), NewToken(name: "a\nb")]
            for days in [0, 366] {
                var new = NewToken(name: "x")
                new.days = days
                wrong.append(new)
            }
            for new in wrong {
                await #expect(throws: Fault(PeopleFaults.tokenForm)) {
                    _ = try await site.logins.makeToken(new, for: "ana")
                }
            }
        }
    }

    @Test func theFirstAdministratorIsMadeOnce() async throws {
        try await PeopleFixture.with { site in
            let void = try #require(try await site.logins.makeFirstSecret())
            let secret = try #require(try await site.logins.makeFirstSecret())
            func make(_ secret: BearerSecret, _ name: String = "root", _ password: [UInt8] = PeopleFixture.password)
                async throws -> BearerSecret
            {
                try await site.logins.makeFirst(
                    name, displayName: "", password: password, by: secret, from: "192.0.2.1"
                ).secret
            }
            await #expect(throws: Fault(PeopleFaults.notFirst), "a newer one was made") { _ = try await make(void) }
            await #expect(throws: Fault(PeopleFaults.weakPassword)) { _ = try await make(secret, "root", [1]) }
            await #expect(throws: Fault(ResourceFaults.invalidName)) { _ = try await make(secret, "Root") }
            let session = try await make(secret)
            let proven = try #require(try await site.logins.proven(by: session))
            #expect(proven.authority.holds(.manage(.users), in: .platform))
            await #expect(throws: Fault(PeopleFaults.notFirst)) { _ = try await make(secret, "other") }
            #expect(try await site.logins.makeFirstSecret() == nil, "there are users now")
        }
    }

    @Test func theFirstSecretEndsAfterADay() async throws {
        try await PeopleFixture.with { site in
            let secret = try #require(try await site.logins.makeFirstSecret())
            site.clock.advance(minutes: 24 * 60 + 1)
            await #expect(throws: Fault(PeopleFaults.notFirst)) {
                _ = try await site.logins.makeFirst(
                    "root", displayName: "", password: PeopleFixture.password, by: secret, from: "192.0.2.1")
            }
            #expect(try await site.logins.proven(by: secret) == nil)
        }
    }

    @Test func rolesAreGivenAndTakenInsideOfATenant() async throws {
        try await PeopleFixture.with { site in
            let note = ChangeNote(author: "test")
            try await site.user("ana", roles: [["role": "viewer", "tenant": "wholesale"]])
            for document in [
                #"{"apiVersion": "atoll.dev/v1alpha1", "kind": "Tenant", "metadata": {"name": "retail"}, "spec": {"displayName": "R"}}"#
            ] {
                _ = try await site.resources.create(
                    Document(try JSONParser.parse(document)), defaults: .platform, by: note)
            }
            let members = Members(resources: site.resources)
            _ = try await members.give("modeller", to: "ana", in: retail, by: note)
            _ = try await members.give("modeller", to: "ana", in: retail, by: note)
            let list = try await members.list(in: retail)
            #expect(list.map(\.role) == ["modeller"] && list.first?.scope == retail)
            #expect(try await members.list(in: .platform).count == 2)
            await #expect(throws: Fault(PeopleFaults.unknownRole)) {
                _ = try await members.give("king", to: "ana", in: retail, by: note)
            }
            for (role, scope) in [("platform-admin", retail), ("viewer", .platform)] {
                await #expect(throws: Fault(PeopleFaults.roleMisplaced)) {
                    _ = try await members.give(role, to: "ana", in: scope, by: note)
                }
            }
            await #expect(throws: Fault(ResourceFaults.danglingReference)) {
                _ = try await members.give("viewer", to: "ana", in: Scope(tenant: "retail", project: "none"), by: note)
            }
            _ = try await members.take("modeller", from: "ana", in: retail, by: note)
            #expect(try await members.list(in: retail).isEmpty)
            for wrong: JSONValue in [
                [["role": "platform-admin", "tenant": "retail"]], [["role": "viewer", "project": "x"]],
            ] {
                await #expect(throws: Fault(PeopleFaults.roleMisplaced)) { try await site.user("ana", roles: wrong) }
            }
        }
    }
}
