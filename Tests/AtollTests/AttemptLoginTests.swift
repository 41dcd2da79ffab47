import Faults
import Foundation
import NIOHTTP1
import People
import Resources
import Testing

@testable import atoll

/// Attempts at other people's logins, over TLS at the running program.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct AttemptLoginTests {
    private static let cookie = "__Host-atoll-session"
    private static let wrong = "wrong horse battery"

    /// A session that somebody else prepared, one's own shown to a victim, and secrets of another use.
    @Test func noSessionOutlivesTheLoginThatItWasShownTo() async throws {
        try await GuardedSite.with { door in
            try await door.user("ana", roles: "{role: platform-admin}")
            try await door.user("mallory", roles: "")
            let planted = try await door.login("mallory")
            let token = try #require(
                try await door.call(.POST, "/api/v1/tokens", #"{"name": "t"}"#, proof: planted).body["secret"]?.string)
            let body = Self.cookieBody("ana")
            for headers in [
                [("cookie", "\(Self.cookie)=\(planted)")], [("authorization", "Bearer \(planted)")],
                [("cookie", "\(Self.cookie)=\(planted); \(Self.cookie)=\(planted)")],
                [("cookie", "\(Self.cookie)=\(token)")], [("authorization", "Bearer \(token)")],
            ] {
                let answer = try await door.call(.POST, "/api/v1/login", body, headers: headers)
                let set = try #require(answer.headers.first(name: "set-cookie"), "\(answer.text)")
                #expect(!set.contains(planted) && !set.contains(token))
                for proof in [planted, token] {
                    let me = try await door.call(.GET, "/api/v1/me", proof: proof)
                    #expect(me.body["user"]?.string != "ana", "a secret of mallory's is ana's now")
                }
            }
            let me = try await door.call(.GET, "/api/v1/me", proof: planted)
            #expect(me.fault == PeopleFaults.notSignedIn.number, "the session that was planted is over")
            // In a query or in a body a secret proves nothing.
            let live = try await door.login("mallory")
            for path in ["me?token=\(live)", "me?access_token=\(live)", "me?authorization=Bearer%20\(live)"] {
                #expect(try await door.call(.GET, "/api/v1/\(path)").status == 401, "\(path.prefix(12))")
            }
        }
    }

    /// Names times addresses: the user is locked however many addresses guess, an address however many users it guesses.
    @Test func guessingIsStoppedByUserAndByAddress() async throws {
        try await GuardedSite.with { door in
            try await door.user("ana", roles: "")
            try await door.user("eva", roles: "")
            func login(_ name: String, _ password: String, from: String) async throws -> String {
                let body = GuardedSite.body(name, password)
                return try await RawConnection.exchange(
                    port: door.port, from: from,
                    "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
            var answers: Set<String> = []
            for number in 2..<7 {
                let text = try await login("ana", Self.wrong, from: "127.0.0.\(number)")
                #expect(text.hasPrefix("HTTP/1.1 401"), "\(text)")
                answers.insert(text.components(separatedBy: "\r\n\r\n").last ?? "")
            }
            let locked = try await login("ana", GuardedSite.password, from: "127.0.0.7")
            #expect(locked.hasPrefix("HTTP/1.1 401"), "the right password, from an address that never failed")
            answers.insert(locked.components(separatedBy: "\r\n\r\n").last ?? "")
            #expect(answers.count == 1, "locked, wrong and not there look the same")
            for number in 0..<20 {
                let text = try await login("user-\(number)", Self.wrong, from: "127.0.0.8")
                #expect(text.hasPrefix("HTTP/1.1 401"), "\(text)")
                answers.insert(text.components(separatedBy: "\r\n\r\n").last ?? "")
            }
            #expect(answers.count == 1)
            let late = try await login("eva", GuardedSite.password, from: "127.0.0.8")
            #expect(late.hasPrefix("HTTP/1.1 429") && late.lowercased().contains("retry-after: "), "\(late)")
            #expect(late.contains(PeopleFaults.tooManyTries.number.description))
            let other = try await login("eva", GuardedSite.password, from: "127.0.0.9")
            #expect(other.hasPrefix("HTTP/1.1 200"), "others are not kept out")
        }
    }

    /// Wherever a secret or a password is put, also where it does not belong, it is in no log, audit or file of the site.
    @Test func noSecretIsWrittenAnywhere() async throws {
        try await GuardedSite.with { door in
            try await door.user("ana", roles: "{role: platform-admin}")
            let session = try await door.login("ana")
            let made = try await door.call(.POST, "/api/v1/tokens", #"{"name": "t"}"#, proof: session)
            let token = try #require(made.body["secret"]?.string)
            let foreign = "atoll_t_" + String(repeating: "Q", count: 43)
            let newPassword = "another horse battery staple"
            let typed = "TypedIntoTheWrongField-77"
            let body = #"{"old": "\#(Self.wrong)", "new": "\#(newPassword)"}"#
            _ = try await door.call(.PUT, "/api/v1/me/password", body, proof: session)
            for secret in [session, token, foreign] {
                for path in [
                    "me?token=\(secret)", "tenants?selector=\(secret)", "tenants/\(secret)", "users/\(secret)/login",
                    "tokens/\(secret)", "uploads/\(secret)", "audit?text=\(secret)", "\(secret)",
                ] {
                    _ = try await door.call(.GET, "/api/v1/\(path)", proof: session)
                    _ = try await door.call(.DELETE, "/api/v1/\(path)", proof: token)
                }
                for headers in [
                    [("cookie", "\(Self.cookie)=\(secret)")], [("authorization", "Basic \(secret)")],
                    [("authorization", secret)], [("x-token", secret)], [("cookie", "\(Self.cookie)=\(secret)x")],
                    [("idempotency-key", secret)],
                ] {
                    _ = try await door.call(.GET, "/api/v1/me", headers: headers)
                    _ = try await door.call(.POST, "/api/v1/tenants", "{}", headers: headers)
                }
                for text in ["apply", "tenants", "tokens", "login", "first-administrator", "jobs/submit"] {
                    _ = try await door.call(
                        .POST, "/api/v1/\(text)", #"{"secret": "\#(secret)", "name": "\#(secret)"}"#, proof: session)
                }
            }
            for body in [
                GuardedSite.body(typed, typed), GuardedSite.body("ana", typed), #"{"name": "ana", "\#(typed)": 1}"#,
            ] {
                _ = try await door.call(.POST, "/api/v1/login", body)
            }
            _ = try await door.call(.PUT, "/api/v1/secrets/s", typed, proof: session)
            let changed = try await door.call(
                .PUT, "/api/v1/users/ana/password", #"{"password": "\#(newPassword)"}"#, proof: session)
            #expect(changed.status == 200, "\(changed.text)")

            let export = try await door.site.run(["audit", "list", "--limit", "1000", "-o", "json"])
            #expect(export.output.contains("[redacted]"), "what was in a path is told as such")
            let log = try String(contentsOfFile: door.site.log, encoding: .utf8)
            #expect(log.contains("\"debug\"") && log.contains("request"), "the log tells everything")
            let stored = try door.site.stored()
            for secret in [session, token, foreign, GuardedSite.password, newPassword, Self.wrong, typed] {
                #expect(!log.contains(secret), "in the log")
                #expect(!export.output.contains(secret), "in the audit")
                #expect(!door.site.output.contains(secret), "on standard output")
                #expect(!stored.contains { $0.range(of: Data(secret.utf8)) != nil }, "in a file of the site")
            }
        }
    }

    /// A change under a key that the site does not live to end is told as unknown, and is not done again.
    @Test func aKeyOutlivesAKillAndSaysWhatIsKnown() async throws {
        try await GuardedSite.with { door in
            try await door.user("ana", roles: "{role: platform-admin}")
            let session = try await door.login("ana")
            func tenants(_ name: String, _ count: Int) -> String {
                (0..<count).map {
                    """
                    {apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: \(name)-\($0)},
                     spec: {displayName: T}}
                    """
                }.joined(separator: "\n---\n")
            }
            let first = try await door.call(
                .POST, "/api/v1/apply", tenants("done", 1), proof: session, headers: [("idempotency-key", "done-1")])
            #expect(first.status == 200)
            let large = tenants("t", 900)
            let connection = try RawConnection(port: door.port)
            connection.send(
                "POST /api/v1/apply HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(session)\r\n"
                    + "Idempotency-Key: kill-1\r\nContent-Length: \(large.utf8.count)\r\n\r\n\(large)")
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline {
                if try await door.call(.GET, "/api/v1/tenants/t-0", proof: session).status == 200 { break }
            }
            try door.site.kill9()
            #expect(connection.received.isEmpty, "killed before it could answer")
            try await door.site.restart()
            let again = try await door.call(
                .POST, "/api/v1/apply", large, proof: session, headers: [("idempotency-key", "\"kill-1\"")])
            #expect(again.fault == RequestFaults.keyUnknown.number, "\(again.text.prefix(200))")
            let replay = try await door.call(
                .POST, "/api/v1/apply", tenants("done", 1), proof: session, headers: [("idempotency-key", "done-1")])
            #expect(replay.status == 200 && replay.headers.first(name: "idempotent-replayed") == "true")
            #expect(replay.text == first.text)
            let made = try await door.call(
                .POST, "/api/v1/tokens", #"{"name": "t"}"#, proof: session, headers: [("idempotency-key", "token-1")])
            #expect(made.fault == RequestFaults.keyRefused.number)
        }
    }

    private static func cookieBody(_ name: String) -> String {
        #"{"name": "\#(name)", "password": "\#(GuardedSite.password)"}"#
    }
}
