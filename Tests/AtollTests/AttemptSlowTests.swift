import Foundation
import NIOHTTP1
import Testing

@testable import atoll

/// Clients that are slow on purpose, over TLS at the running program: they are cut off, and others are served meanwhile.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct AttemptSlowTests {
    /// Drip by drip, a byte every tenth of a second: never silent, never done.
    @Test func whoDripsIsCutOff() async throws {
        try await GuardedSite.with("patience: 2") { door in
            try await door.user("root", roles: "{role: platform-admin}")
            let proof = try await door.login("root")
            let head = "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 16000\r\n\r\n"
            for (name, start) in [("headers", "GET /healthz HTTP/1.1\r\nX: "), ("a body", head), ("nothing", "")] {
                let connection = try RawConnection(port: door.port)
                connection.send(start)
                let begin = ContinuousClock.now
                while !connection.isClosed, ContinuousClock.now - begin < .seconds(60) {
                    if !start.isEmpty { connection.send("y") }
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(connection.isClosed, "\(name)")
                #expect(!connection.received.hasPrefix("HTTP/1.1 2"), "\(name)")
                #expect(try await door.call(.GET, "/api/v1/me", proof: proof).status == 200)
            }
            let metrics = try await door.call(.GET, "/metrics")
            #expect(metrics.text.contains(#"plane_slow_total{plane="management"} 1"#), "the body alone")
        }
    }

    /// A body that comes steadily may take longer than the patience.
    @Test func whoIsSteadyIsServed() async throws {
        try await GuardedSite.with("patience: 2") { door in
            let connection = try RawConnection(port: door.port)
            let piece = String(repeating: " ", count: 4_000)
            connection.send(
                "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 16000\r\n\r\n")
            for _ in 0..<4 {
                connection.send(piece)
                try await Task.sleep(for: .milliseconds(800))
            }
            let text = try await connection.received()
            #expect(text.hasPrefix("HTTP/1.1 400") && text.contains("ATL-"), "\(text)")
        }
    }

    /// Who asks for much and takes nothing holds a buffer, and not for ever.
    @Test func whoTakesNoAnswerIsCutOff() async throws {
        try await GuardedSite.with("patience: 2") { door in
            try await door.user("root", roles: "{role: platform-admin}")
            let proof = try await door.login("root")
            let connection = try RawConnection(port: door.port, readsNothing: true)
            let request =
                "GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(proof)\r\n\r\n"
            connection.send(String(repeating: request, count: 200))
            try await waitUntilSlow(door)
            #expect(try await door.call(.GET, "/api/v1/me", proof: proof).status == 200)
        }
    }

    @Test func moreConnectionsThanThereMayBeAreClosed() async throws {
        try await GuardedSite.with("connections: 8") { door in
            let held = try (0..<4).map { _ in try RawConnection(port: door.port) }
            for connection in held {
                connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.received { $0.contains("ok") }.hasPrefix("HTTP/1.1 200"))
            }
            let more = try RawConnection(port: door.port)
            more.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await more.received().isEmpty && more.isClosed, "half of them are one address's")
            let other = try RawConnection(port: door.port, from: "127.0.0.2")
            other.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await other.received { $0.contains("ok") }.hasPrefix("HTTP/1.1 200"), "others have theirs")
        }
    }

    private func waitUntilSlow(_ door: GuardedSite) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let metrics = try await door.call(.GET, "/metrics")
            if metrics.text.contains(#"plane_slow_total{plane="management"} 1"#) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("the connection is held still")
    }
}
