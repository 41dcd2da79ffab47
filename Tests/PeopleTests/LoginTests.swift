import Faults
import GRDB
import People
import Resources
import Testing

@Suite struct LoginTests {
    private static let wrong = Array("wrong horse battery".utf8)

    @Test func theRightPasswordBeginsASessionAndAWrongOneDoesNot() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana", roles: [["role": "modeller", "tenant": "retail"]])
            let (secret, session) = try await site.login("ana")
            #expect(session.user == "ana" && session.address == "192.0.2.1")
            let proven = try #require(try await site.logins.proven(by: secret))
            #expect(proven.user == "ana" && proven.means == .session(session.id))
            #expect(proven.authority.holds(.manage(.jobs), in: Scope(tenant: "retail", project: "x")))
            #expect(!proven.authority.holds(.view(.jobs), in: Scope(tenant: "wholesale")))
            for (name, password) in [
                ("ana", Self.wrong), ("nobody", PeopleFixture.password), ("Not A Name", PeopleFixture.password),
                ("ana", []),
            ] {
                await #expect(throws: Fault(PeopleFaults.wrongLogin)) { _ = try await site.login(name, password) }
            }
        }
    }

    @Test func fiveFailuresLockForThirtyMinutes() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana")
            try await site.user("eva")
            for _ in 0..<5 {
                await #expect(throws: Fault(PeopleFaults.wrongLogin)) { _ = try await site.login("ana", Self.wrong) }
            }
            await #expect(throws: Fault(PeopleFaults.wrongLogin), "the right one does not help now") {
                _ = try await site.login("ana")
            }
            #expect(try await site.logins.state(of: "ana").lockedUntil != nil)
            _ = try await site.login("eva")
            site.clock.advance(minutes: 29)
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { _ = try await site.login("ana") }
            site.clock.advance(minutes: 2)
            // A lock that is over begins a new count.
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { _ = try await site.login("ana", Self.wrong) }
            _ = try await site.login("ana")
            #expect(try await site.logins.state(of: "ana").lockedUntil == nil)
        }
    }

    @Test func aRightLoginForgetsTheFailuresBefore() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana")
            for _ in 0..<3 {
                for _ in 0..<4 { _ = try? await site.login("ana", Self.wrong) }
                _ = try await site.login("ana")
            }
            for _ in 0..<5 { _ = try? await site.login("ana", Self.wrong) }
            try await site.logins.unlock("ana")
            _ = try await site.login("ana")
        }
    }

    /// Many guesses at once are no more than five: each is counted before it is looked at.
    @Test func guessesAtOnceAreCountedOneByOne() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana")
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<12 { group.addTask { _ = try? await site.login("ana", Self.wrong) } }
            }
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { _ = try await site.login("ana") }
        }
    }

    @Test func anAddressThatTriesTooOftenHasToWait() async throws {
        let rules = PeopleFixture.rules { $0.mostTries = 3 }
        try await PeopleFixture.with(rules: rules) { site in
            for _ in 0..<3 { _ = try? await site.login("nobody") }
            await #expect(throws: Fault(PeopleFaults.tooManyTries)) { _ = try await site.login("nobody") }
            site.clock.advance(minutes: 2)
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { _ = try await site.login("nobody") }
        }
    }

    @Test func moreHashesThanCanWaitAreToldToComeAgain() async throws {
        let rules = PeopleFixture.rules { $0.cost = PasswordCost(logRounds: 14, block: 8, parallel: 1)! }
        try await PeopleFixture.with(rules: rules) { site in
            let faults = await withTaskGroup(of: Fault?.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        do {
                            _ = try await site.login("nobody\(index)")
                            return nil
                        } catch { return error as? Fault }
                    }
                }
                return await group.reduce(into: [Fault?]()) { $0.append($1) }
            }
            #expect(faults.contains(Fault(PeopleFaults.busy)) && faults.contains(Fault(PeopleFaults.wrongLogin)))
            #expect(faults.allSatisfy { $0 != nil })
        }
    }

    @Test func whoIsDisabledDeletedOrMadeAnewIsOut() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana")
            let (secret, _) = try await site.login("ana")
            try await site.user("ana", disabled: true)
            #expect(try await site.logins.proven(by: secret) == nil)
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { _ = try await site.login("ana") }
            try await site.user("ana", disabled: false)
            #expect(try await site.logins.proven(by: secret) != nil)
            try await site.resources.delete(User.id("ana"), version: nil, by: ChangeNote(author: "test"))
            #expect(try await site.logins.proven(by: secret) == nil)
            let again: JSONValue = [
                "apiVersion": .string(Resource.apiVersion), "kind": "User", "metadata": ["name": "ana"],
                "spec": ["displayName": "another Ana"],
            ]
            _ = try await site.resources.create(
                Document(again), defaults: .platform, by: ChangeNote(author: "test"))
            #expect(try await site.logins.proven(by: secret) == nil, "another life of the name")
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) { _ = try await site.login("ana") }
        }
    }

    @Test func sessionsEndByIdlenessByAgeAndByHand() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana")
            let (idle, _) = try await site.login("ana")
            site.clock.advance(minutes: 29)
            #expect(try await site.logins.proven(by: idle) != nil, "use keeps it")
            site.clock.advance(minutes: 29)
            #expect(try await site.logins.proven(by: idle) != nil)
            site.clock.advance(minutes: 31)
            #expect(try await site.logins.proven(by: idle) == nil)
            let (stream, _) = try await site.login("ana")
            for _ in 0..<2 {
                site.clock.advance(minutes: 16)
                _ = try await site.logins.proven(by: stream, isUse: false)
            }
            #expect(try await site.logins.proven(by: stream) == nil, "a stream does not keep it")
            let (old, _) = try await site.login("ana")
            for _ in 0..<35 {
                site.clock.advance(minutes: 20)
                _ = try await site.logins.proven(by: old)
            }
            #expect(try await site.logins.proven(by: old) != nil)
            site.clock.advance(minutes: 21)
            #expect(try await site.logins.proven(by: old) == nil, "12 hours are over")
            let (secret, session) = try await site.login("ana")
            let (other, _) = try await site.login("ana")
            #expect(try await site.logins.sessions(of: "ana").count == 2)
            await #expect(throws: Fault(PeopleFaults.unknownLogin)) {
                try await site.logins.endSession(session.id, of: "eva")
            }
            try await site.logins.endSession(session.id, of: "ana")
            #expect(try await site.logins.proven(by: secret) == nil)
            try await site.logins.setPassword("ana", to: Array("another long one".utf8))
            #expect(try await site.logins.proven(by: other) == nil, "a new password ends sessions")
        }
    }

    /// Session fixation: what a request came with proves nothing after the login, and is never taken over.
    @Test func aLoginMakesANewSecretAndEndsTheOld() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana")
            let (old, _) = try await site.login("ana")
            let (new, _) = try await site.logins.login(
                "ana", password: PeopleFixture.password, from: "192.0.2.1", replacing: old)
            #expect(new.text != old.text)
            #expect(try await site.logins.proven(by: old) == nil)
            #expect(try await site.logins.proven(by: new) != nil)
        }
    }

    @Test func onlyHashesAreKept() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana", roles: [["role": "viewer"]])
            let (session, _) = try await site.login("ana")
            let (token, _) = try await site.logins.makeToken(NewToken(name: "nightly"), for: "ana")
            try await site.logins.tidy()
            let texts = try await site.database.read { db in
                try ["password", "session", "token", "firstAdministrator"].flatMap { table in
                    try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\($0)" }
                }
            }.joined()
            #expect(texts.contains("scrypt$4,8,1$"), "cost and salt are recorded with the hash")
            for secret in [session.text, token.text, String(decoding: PeopleFixture.password, as: UTF8.self)] {
                #expect(!texts.contains(secret) && !texts.contains(secret.dropFirst(8)))
            }
            #expect(BearerSecret(session.text)?.use == .session && BearerSecret(token.text)?.use == .token)
            #expect(BearerSecret("") == nil && BearerSecret(session.text + "x") == nil)
            #expect(BearerSecret(String(session.text.dropLast()) + "\"") == nil)
        }
    }

    @Test func theCostRisesWithTheNextLogin() async throws {
        try await PeopleFixture.with { site in
            try await site.user("ana")
            var rules = LoginRules()
            rules.cost = PasswordCost(logRounds: 5, block: 8, parallel: 1)!
            let later = try Logins(site.database, resources: site.resources, rules: rules)
            _ = try await later.login("ana", password: PeopleFixture.password, from: "192.0.2.1")
            let hash = try await site.database.read { db in
                try String.fetchOne(db, sql: "SELECT hash FROM password WHERE user = 'ana'")
            }
            #expect(hash?.hasPrefix("scrypt$5,8,1$") == true)
            _ = try await later.login("ana", password: PeopleFixture.password, from: "192.0.2.1")
        }
    }

    @Test func passwordsAreLong() async throws {
        try await PeopleFixture.with { site in
            try await site.user("a-rather-long-name")
            for text in ["short", "aaaaaaaaaaaaaaaa", "a-rather-long-name", String(repeating: "abcd", count: 300)] {
                let fault = await #expect(throws: Fault(PeopleFaults.weakPassword)) {
                    try await site.logins.setPassword("a-rather-long-name", to: Array(text.utf8))
                }
                #expect(fault?.description.contains(text) == false, "the password is not told")
            }
            let (_, session) = try await site.login("a-rather-long-name")
            await #expect(throws: Fault(PeopleFaults.wrongLogin)) {
                try await site.logins.changePassword(
                    "a-rather-long-name", from: Self.wrong, to: Array("another long one".utf8), session: session.id,
                    address: "192.0.2.1")
            }
            try await site.logins.changePassword(
                "a-rather-long-name", from: PeopleFixture.password, to: Array("another long one".utf8),
                session: session.id, address: "192.0.2.1")
            #expect(try await site.logins.sessions(of: "a-rather-long-name").map(\.id) == [session.id])
            _ = try await site.login("a-rather-long-name", Array("another long one".utf8))
        }
    }

    /// The same work for somebody who is not there as for a wrong password. A ratio of medians, far from what would be
    /// seen without the work (thousands).
    @Test func nobodyTakesAsLongAsSomebody() async throws {
        let rules = PeopleFixture.rules { $0.cost = PasswordCost(logRounds: 12, block: 8, parallel: 1)! }
        try await PeopleFixture.with(rules: rules) { site in
            for index in 0..<9 { try await site.user("user\(index)") }
            func time(_ name: String) async -> Double {
                let start = ContinuousClock.now
                _ = try? await site.login(name, Self.wrong)
                return (ContinuousClock.now - start) / .milliseconds(1)
            }
            // In turns, so that other work on the machine is shared by both.
            var (known, unknown): ([Double], [Double]) = ([], [])
            for index in 0..<9 {
                known.append(await time("user\(index)"))
                unknown.append(await time("nobody\(index)"))
            }
            let ratio = unknown.sorted()[4] / known.sorted()[4]
            #expect((0.3...3).contains(ratio), "\(unknown) ms against \(known) ms")
        }
    }
}
