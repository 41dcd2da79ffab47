import Faults
import Foundation
import NIOHTTP1
import Resources
import Testing

@testable import atoll

/// Requests that are not what they seem, over TLS at the running program: each is tried and refused.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct AttemptRequestTests {
    /// One of two readings of a request's length would make another request of its body.
    @Test func aRequestWithTwoLengthsIsNeverTwoRequests() async throws {
        try await GuardedSite.with { door in
            let inner = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let head = "POST /api/v1/login HTTP/1.1\r\nHost: a\r\n"
            let length = "Content-Length: \(inner.utf8.count + 5)\r\n"
            for (name, lines) in [
                ("both", length + "Transfer-Encoding: chunked\r\n"),
                ("both, the other way round", "Transfer-Encoding: chunked\r\n" + length),
                ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n"),
                ("a length with a sign", "Content-Length: +5\r\n"),
                ("a length of two numbers", "Content-Length: 5, 6\r\n"),
                ("chunked, and something else", "Transfer-Encoding: chunked, identity\r\n"),
                ("something like chunked", "Transfer-Encoding: xchunked\r\n"),
                ("a space before the colon", "Transfer-Encoding : chunked\r\n" + length),
                ("a folded line", "Transfer-Encoding:\r\n chunked\r\n" + length),
                ("a header in bare lines", "X: y\nTransfer-Encoding: chunked\n" + length),
            ] {
                let text = try await RawConnection.exchange(
                    port: door.port, head + lines + "\r\n0\r\n\r\n" + inner)
                let answers = text.components(separatedBy: "HTTP/1.1 ").count - 1
                #expect(answers <= 1 && !text.hasPrefix("HTTP/1.1 2"), "\(name): \(text)")
                #expect(!text.contains("ok\n"), "\(name): the request inside was answered")
            }
            #expect(try await door.isSound())
        }
    }

    @Test func noPathLeadsOutOfItsPlace() async throws {
        try await GuardedSite.with { door in
            try await door.user("root", roles: "{role: platform-admin}")
            let proof = try await door.login("root")
            let up = ["..", "%2e%2e", "%2e.", ".%2e", "%252e%252e", "..%c0%af..", "%c0%ae%c0%ae", "..%5c..", "..%00"]
            for up in up {
                for slash in ["/", "%2f", "%252f", "//", "\\"] {
                    let steps = Array(repeating: up, count: 6).joined(separator: slash)
                    for path in [
                        "/\(steps)\(slash)etc/passwd", "/api/v1/\(steps)\(slash)etc/passwd",
                        "/api/v1/tenants/\(steps)\(slash)secrets.key", "/api/v1/uploads/\(steps)\(slash)site.db",
                        "/api/v1/uploads/\(steps)/chunks/0", "/api/v1/users/\(steps)\(slash)login",
                    ] {
                        let text = try await RawConnection.exchangeOverOne(door, path: path, proof: proof)
                        #expect(text.hasPrefix("HTTP/1.1 4"), "\(path): \(text.prefix(200))")
                        #expect(!text.contains("root:x:"), "\(path)")
                    }
                }
            }
            let before = try FileManager.default.subpathsOfDirectory(atPath: door.site.folder).count
            for name in ["../x", "..", "/etc/x", "a/b", "a%2fb", "%2e%2e", "a\\u0000b", "C:\\\\x", "..\\\\x", "x\\ny"] {
                for (path, body) in [
                    ("uploads?tenant=t&project=p", #"{"name": "\#(name)", "bytes": 10}"#),
                    (
                        "tenants",
                        """
                        {"apiVersion": "atoll.dev/v1alpha1", "kind": "Tenant", "metadata": {"name": "\(name)"},
                         "spec": {"displayName": "T"}}
                        """
                    ),
                ] {
                    let answer = try await door.call(.POST, "/api/v1/\(path)", body, proof: proof)
                    #expect((400..<500).contains(answer.status) && answer.fault != nil, "\(name): \(answer.text)")
                }
            }
            #expect(try FileManager.default.subpathsOfDirectory(atPath: door.site.folder).count == before)
            #expect(try await door.isSound())
        }
    }

    @Test func whatIsNoDocumentIsRefusedByItsNumber() async throws {
        try await GuardedSite.with { door in
            try await door.user("root", roles: "{role: platform-admin}")
            let proof = try await door.login("root")
            func tenant(_ spec: String) -> [UInt8] {
                Array(
                    """
                    {"apiVersion": "atoll.dev/v1alpha1", "kind": "Tenant", "metadata": {"name": "t"}, "spec": {\(spec)}}
                    """.utf8)
            }
            let deep = 200_000
            let bodies: [(String, [UInt8])] = [
                ("deep lists", Array(String(repeating: "[", count: deep).utf8)),
                ("deep objects", Array(String(repeating: #"{"a":"#, count: deep).utf8)),
                (
                    "deep and whole",
                    Array((String(repeating: "[", count: deep) + String(repeating: "]", count: deep)).utf8)
                ),
                ("a huge exponent", tenant(#""displayName": 1e999999"#)),
                ("a huge number", tenant(#""displayName": "# + String(repeating: "9", count: 100_000))),
                ("a number too large", tenant(#""displayName": "x", "contact": 9223372036854775808"#)),
                ("not a number", Array(#"{"kind": NaN}"#.utf8)),
                ("a name twice", tenant(#""displayName": "a", "displayName": "b""#)),
                ("a name twice, once escaped", tenant(#""displayName": "a", "display\u004eame": "b""#)),
                ("half a surrogate", tenant(#""displayName": "\ud800""#)),
                ("not UTF-8", tenant(#""displayName": ""#).dropLast(2) + [0xC0, 0xAF, 0x22, 0x7D, 0x7D]),
                ("overlong", tenant(#""displayName": ""#).dropLast(2) + [0xE0, 0x80, 0xAF, 0x22, 0x7D, 0x7D]),
                ("a null byte", tenant(#""displayName": "a\u0000b""#)),
                ("nothing", []), ("half", Array(#"{"kind": "#.utf8)), ("two", Array("{} {}".utf8)),
                ("UTF-16", Array("{}".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
            ]
            for (name, body) in bodies {
                for path in ["tenants", "apply", "jobs/submit?tenant=t&project=p", "makings?tenant=t&project=p"] {
                    let answer = try await door.call(.POST, "/api/v1/\(path)", body, proof: proof)
                    #expect((400..<500).contains(answer.status) && answer.fault != nil, "\(name): \(answer.text)")
                }
                let login = try await door.call(.POST, "/api/v1/login", body)
                #expect((400..<500).contains(login.status) && login.fault != nil, "login, \(name): \(login.text)")
            }
            #expect(try await door.call(.GET, "/api/v1/tenants", proof: proof).body["items"] == [])
            #expect(try await door.isSound())
        }
    }

    @Test func bodiesAndHeadersBeyondTheLimitAreRefused() async throws {
        try await GuardedSite.with { door in
            try await door.user("root", roles: "{role: platform-admin}")
            let proof = try await door.login("root")
            let large = [UInt8](repeating: UInt8(ascii: " "), count: (4 << 20) + 1)
            let told = try await door.call(.POST, "/api/v1/apply", large, proof: proof)
            #expect(told.status == 413 && told.fault == ResourceFaults.tooLarge.number)
            let small = try await door.call(.POST, "/api/v1/login", [UInt8](repeating: 32, count: 16_385))
            #expect(small.status == 413)

            // In chunks nobody tells how much it will be.
            let chunked = try RawConnection(port: door.port)
            chunked.send(
                "POST /api/v1/apply HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(proof)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
            let chunk = "100000\r\n" + String(repeating: " ", count: 1 << 20) + "\r\n"
            var count = 0
            while count < 64, !chunked.isClosed, chunked.send(chunk) {
                count += 1
                try await Task.sleep(for: .milliseconds(50))
            }
            let text = try await chunked.received()
            #expect(text.hasPrefix("HTTP/1.1 413"), "\(text.prefix(300))")
            #expect(chunked.isClosed && count < 64, "cut off after \(count) MiB")

            for header in [
                "X: " + String(repeating: "y", count: 20_000),
                (0..<40).map { "X\($0): " + String(repeating: "y", count: 1_000) }.joined(separator: "\r\n"),
                (0..<150).map { "X\($0): y" }.joined(separator: "\r\n"),
            ] {
                let answer = try await RawConnection.exchange(
                    port: door.port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\(header)\r\n\r\n")
                #expect(!answer.hasPrefix("HTTP/1.1 2"), "\(answer.prefix(100))")
            }
            #expect(try await door.isSound())
        }
    }

    /// Nothing that a caller says of where it is or what it asked for comes back as a header or into the audit.
    @Test func headersAndNamesInjectNothing() async throws {
        try await GuardedSite.with { door in
            try await door.user("root", roles: "{role: platform-admin}")
            let proof = try await door.login("root")
            let split = "%0d%0aX-Injected:%20yes%0d%0a%0d%0abody"
            for path in [
                "tenants/\(split)", "tenants/x\(split)/history", "tenants?tenant=\(split)", "tenants?continue=\(split)",
                "users/a\(split)/login", "uploads/\(split)", "audit?text=\(split)", "\(split)",
            ] {
                let answer = try await door.call(.GET, "/api/v1/\(path)", proof: proof)
                #expect(answer.headers.first(name: "x-injected") == nil, "\(path)")
            }
            let tenant = """
                {"apiVersion": "atoll.dev/v1alpha1", "kind": "Tenant", "metadata": {"name": "t"},
                 "spec": {"displayName": "T"}}
                """
            let made = try await door.call(
                .POST, "/api/v1/tenants?reason=\(split)", tenant, proof: proof,
                headers: [
                    ("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "http"),
                    ("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9;host=evil.example"),
                    ("x-real-ip", "203.0.113.9"), ("x-original-url", "/api/v1/secrets"),
                    ("x-http-method-override", "DELETE"), ("x-user", "root"),
                ])
            #expect(made.status == 201 && made.headers.first(name: "location") == "/api/v1/tenants/t")
            #expect(made.headers.first(name: "x-injected") == nil && !made.text.contains("evil.example"))
            let audit = try await door.call(.GET, "/api/v1/audit?limit=1000", proof: proof)
            let addresses = Set(audit.body["items"]?.array?.compactMap { $0["address"]?.string } ?? [])
            #expect(addresses == ["127.0.0.1", "local"], "\(addresses)")
            for target in [
                "GET http://evil.example/api/v1/secrets HTTP/1.1\r\nHost: evil.example",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b", "GET /healthz HTTP/1.1",
                "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example", "TRACE /api/v1/me HTTP/1.1\r\nHost: a",
            ] {
                let text = try await RawConnection.exchange(
                    port: door.port, "\(target)\r\nX-Note: needle\r\nConnection: close\r\n\r\n")
                #expect(!text.contains("evil.example") && !text.contains("needle"), "\(target): \(text)")
            }
            #expect(try await door.isSound())
        }
    }
}

extension RawConnection {
    /// The answer to a path that is sent as it is written.
    fileprivate static func exchangeOverOne(_ door: GuardedSite, path: String, proof: String) async throws -> String {
        try await exchange(
            port: door.port,
            "GET \(path) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(proof)\r\nConnection: close\r\n\r\n")
    }
}
