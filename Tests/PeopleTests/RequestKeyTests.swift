import Faults
import Foundation
import People
import Resources
import Testing

@Suite struct RequestKeyTests {
    private static let one = RequestKeys.fingerprint(method: "POST", target: "/a", body: [1])
    private static let answer = RequestKeys.Answer(
        status: 201, headers: ["etag": "\"7\"", "content-type": "application/json"], body: Array("{}".utf8))

    @Test func theSameRequestGetsTheFirstAnswer() async throws {
        try await with { keys, _, _ in
            let key = try Self.key()
            #expect(try await keys.begin(key, fingerprint: Self.one) == nil)
            try await keys.end(key, Self.answer, keepsBody: true)
            #expect(try await keys.begin(key, fingerprint: Self.one) == Self.answer)
            #expect(try await keys.begin(key, fingerprint: Self.one) == Self.answer, "however often")
            // Whoever else uses the same words means another request.
            #expect(try await keys.begin(try Self.key(owner: "eva"), fingerprint: Self.one) == nil)
            #expect(try await keys.begin(try Self.key(means: "token"), fingerprint: Self.one) == nil)
        }
    }

    @Test func anotherRequestUnderTheKeyIsRefused() async throws {
        try await with { keys, _, _ in
            let key = try Self.key()
            for (method, target, body) in [("PUT", "/a", [1]), ("POST", "/b", [1]), ("POST", "/a", [2])]
                as [(String, String, [UInt8])]
            {
                let other = RequestKeys.fingerprint(method: method, target: target, body: body)
                #expect(other != Self.one)
            }
            let other = RequestKeys.fingerprint(method: "POST", target: "/a", body: [2])
            #expect(try await keys.begin(key, fingerprint: Self.one) == nil)
            await #expect(throws: Fault(RequestFaults.keyReused), "while the first runs") {
                _ = try await keys.begin(key, fingerprint: other)
            }
            try await keys.end(key, Self.answer, keepsBody: true)
            await #expect(throws: Fault(RequestFaults.keyReused), "and when it is done") {
                _ = try await keys.begin(key, fingerprint: other)
            }
        }
    }

    @Test func aRequestThatRunsIsNotDoneTwice() async throws {
        try await with { keys, _, _ in
            let key = try Self.key()
            let firsts = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        do {
                            return try await keys.begin(key, fingerprint: Self.one) == nil
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(firsts == 1)
            await #expect(throws: Fault(RequestFaults.keyRunning)) {
                _ = try await keys.begin(key, fingerprint: Self.one)
            }
            try await keys.release(key)
            #expect(try await keys.begin(key, fingerprint: Self.one) == nil, "nothing was done, so it may be tried")
        }
    }

    /// As after a kill: what began is in the file, and nobody works on it.
    @Test func whatBeganAndNeverEndedIsToldAsUnknown() async throws {
        try await with { keys, database, _ in
            let key = try Self.key()
            #expect(try await keys.begin(key, fingerprint: Self.one) == nil)
            let after = RequestKeys(database)
            await #expect(throws: Fault(RequestFaults.keyUnknown)) {
                _ = try await after.begin(key, fingerprint: Self.one)
            }
            keys.abandon(key)
            await #expect(throws: Fault(RequestFaults.keyUnknown), "also where the work failed without a word") {
                _ = try await keys.begin(key, fingerprint: Self.one)
            }
        }
    }

    @Test func aDayLaterTheKeyIsFree() async throws {
        try await with { keys, _, clock in
            let key = try Self.key()
            #expect(try await keys.begin(key, fingerprint: Self.one) == nil)
            try await keys.end(key, Self.answer, keepsBody: true)
            clock.advance(minutes: 24 * 60 - 1)
            #expect(try await keys.begin(key, fingerprint: Self.one) == Self.answer)
            clock.advance(minutes: 1)
            #expect(try await keys.begin(key, fingerprint: Self.one) == nil)
        }
    }

    @Test func countAndBytesAreBounded() async throws {
        var rules = RequestKeyRules()
        rules.mostKeys = (one: 3, all: 4)
        rules.mostBytes = (one: 100, all: 1_000)
        rules.mostAnswerBytes = 60
        try await with(rules: rules) { keys, _, clock in
            func sent(_ text: String, _ owner: String = "ana", bytes: Int) async throws {
                let key = try Self.key(text, owner: owner)
                #expect(try await keys.begin(key, fingerprint: Self.one) == nil)
                try await keys.end(
                    key, .init(status: 200, headers: [:], body: [UInt8](repeating: 65, count: bytes)), keepsBody: true)
            }
            try await sent("large", bytes: 61)
            try await sent("kept", bytes: 60)
            try await sent("full", bytes: 60)
            #expect(try await keys.begin(try Self.key("kept"), fingerprint: Self.one)?.body.count == 60)
            for text in ["large", "full"] {
                await #expect(throws: Fault(RequestFaults.answerNotKept), "\(text)") {
                    _ = try await keys.begin(try Self.key(text), fingerprint: Self.one)
                }
            }
            await #expect(throws: Fault(RequestFaults.tooManyKeys)) { try await sent("more", bytes: 0) }
            try await sent("other", "eva", bytes: 0)
            await #expect(throws: Fault(RequestFaults.tooManyKeys)) { try await sent("more", "eva", bytes: 0) }
            clock.advance(minutes: 24 * 60)
            try await sent("more", bytes: 0)
        }
    }

    @Test func theHeaderIsReadWithAndWithoutQuotes() throws {
        #expect(try Self.key("\"8e03978e-40d5\"") == (try Self.key("8e03978e-40d5")))
        for text in ["", "\"\"", "a b", "a\"b", "a,b", "a\\b", "\u{7F}", "ä", String(repeating: "x", count: 256)] {
            #expect(throws: Fault(RequestFaults.keyForm), "\(text)") { try Self.key(text) }
        }
    }

    private static func key(_ text: String = "k-1", owner: String = "ana", means: String = "") throws -> RequestKey {
        try RequestKey(header: text, owner: owner, means: means)
    }

    private func with(
        rules: RequestKeyRules = RequestKeyRules(),
        _ body: (RequestKeys, SQLiteDatabase, PeopleFixture.Clock) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-keys-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "site.db").path, snapshots: folder.path,
            migrations: [RequestKeyMigrations.self])
        let clock = PeopleFixture.Clock()
        try await body(RequestKeys(database, rules: rules) { clock.now }, database, clock)
    }
}
