public import BenchKit
import Foundation

/// One site whose management plane has TLS on loopback and takes as much as it can, with what people usually have.
public final class APISite: Sendable {
    public static let password = "correct horse battery"
    /// Of the kinds that are listed.
    public static let objects = 100

    public let port: Int
    /// Of a token of a platform administrator.
    public let token: String
    private let memoryNow: @Sendable () throws -> Double

    /// Resident bytes of the site's process now.
    public func memory() throws -> Double { try memoryNow() }

    private init(port: Int, token: String, memory: @escaping @Sendable () throws -> Double) {
        self.port = port
        self.token = token
        memoryNow = memory
    }

    /// An empty site that nobody has asked anything yet but whether it is ready.
    public static func idle(_ body: (ServingSite) async throws -> Double) async throws -> Double {
        try await serve { site, _ in try await body(site) }
    }

    public static func with<Value>(_ body: (APISite) async throws -> Value) async throws -> Value {
        try await serve { site, port in
            var documents = [
                "{apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: bench}, spec: {displayName: B}}",
                """
                {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: root},
                 spec: {displayName: R, roles: [{role: platform-admin}]}}
                """,
            ]
            documents += (0..<objects).map { number in
                """
                {apiVersion: atoll.dev/v1alpha1, kind: Project, metadata: {name: p-\(number), tenant: bench},
                 spec: {displayName: P}}
                """
            }
            _ = try site.run(["apply", "-f", "-"], input: documents.joined(separator: "\n---\n"))
            _ = try site.run(["user", "password", "root"], input: password + "\n")
            let table = FileManager.default.temporaryDirectory.appending(path: "atoll-api-\(UUID().uuidString).csv")
            defer { try? FileManager.default.removeItem(at: table) }
            let rows = (0..<100).map { "a\($0),\($0),\($0 % 2)" }
            try (["id,x,y"] + rows).joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
            _ = try site.run(
                [
                    "data", "upload", table.path, "--name", "loans", "--id", "id", "--label", "y", "--tenant", "bench",
                    "--project", "p-0",
                ])
            let connection = try TLSConnection(port: port)
            let session = try text("secret", of: connection.ask("POST", "/api/v1/login", body: loginBody))
            let made = try connection.ask("POST", "/api/v1/tokens", body: #"{"name": "bench"}"#, token: session)
            let loan = Unowned(site)
            return try await body(
                APISite(port: port, token: try text("secret", of: made)) { try loan.site.memory().now })
        }
    }

    public static let loginBody = #"{"name": "root", "password": "\#(password)", "as": "bearer"}"#

    private static func text(_ name: String, of answer: TLSConnection.Answer) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        guard let text = object?[name] as? String else {
            throw BenchFailure("the answer \(answer.status) has no \(name)")
        }
        return text
    }

    private static func serve<Value>(_ body: (ServingSite, Int) async throws -> Value) async throws -> Value {
        guard let program = AtollProgram.find() else {
            throw BenchFailure("no program atoll beside the bench; set ATOLL_BINARY to its path")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-api-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (folder.appending(path: "crt").path, folder.appending(path: "key").path)
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=bench", "-keyout", key, "-out", certificate,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        chmod(key, 0o600)
        let port = 20_000 + Int.random(in: 0..<10_000)
        let config = folder.appending(path: "atoll.yaml").path
        try """
        management: {address: '127.0.0.1:\(port)', certificate: '\(certificate)', key: '\(key)', rate: 1000000,
          connections: 4096}

        """.write(toFile: config, atomically: true, encoding: .utf8)
        let site = try ServingSite(
            program, folder.appending(path: "site").path, listening: false, options: ["--config", config])
        defer { site.stop() }
        try await site.waitUntilReady()
        return try await body(site, port)
    }

    /// The site is stopped after everything that asks it has ended.
    private struct Unowned: @unchecked Sendable {
        let site: ServingSite

        init(_ site: ServingSite) { self.site = site }
    }
}
