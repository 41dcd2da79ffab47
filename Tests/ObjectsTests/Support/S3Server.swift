import AsyncHTTPClient
import Foundation
import Logging
import NIOHTTP1
import ResourcesTestKit

@testable import Objects

/// An S3 server as a process of its own, with a bucket: the one of `ATOLL_TEST_S3` (`http://HOST:PORT`, with the key pair
/// `ATOLL_TEST_S3_KEYS`, `ACCESS:SECRET`), else moto's stand-in.
struct S3Server {
    private static let given = ProcessInfo.processInfo.environment["ATOLL_TEST_S3"]

    static let credentials: S3Credentials = {
        let keys = (ProcessInfo.processInfo.environment["ATOLL_TEST_S3_KEYS"] ?? "").split(separator: ":")
        guard given != nil, keys.count == 2 else {
            return S3Credentials(accessKey: "AKIDEXAMPLE", secretKey: "not a secret")
        }
        return S3Credentials(accessKey: String(keys[0]), secretKey: String(keys[1]))
    }()

    static var isHere: Bool { given != nil || program != nil }
    /// Whether it answers as S3 does, also where moto does not.
    static var isTrue: Bool { given != nil }

    /// `moto_server` of the path, or the one that `Scripts/setup.sh test` fetched.
    static let program: String? = {
        let tools = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build-tools/moto/bin")
        let folders =
            [tools.path] + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.map { "\($0)/moto_server" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    let endpoint: String

    static func with(_ body: (S3Server) async throws -> Void) async throws {
        if let given {
            let server = S3Server(endpoint: given)
            try await server.makeBucket()
            return try await body(server)
        }
        let port = CannedServer.freePort()
        let process = Process()
        process.executableURL = URL(filePath: program!)
        process.arguments = ["-H", "127.0.0.1", "-p", "\(port)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            // It does not end by SIGTERM.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let server = S3Server(endpoint: "http://127.0.0.1:\(port)")
        try await server.makeBucket()
        try await body(server)
    }

    private func makeBucket() async throws {
        try await withClient(S3Settings(endpoint: endpoint, bucket: "atoll-test")) { client in
            try await eventually(within: .seconds(120), "the S3 server answers") {
                (try? await client.send(.init(method: .PUT))) != nil
            }
        }
    }

    func withStore(
        usesPathStyle: Bool = true, prefix: String = "", _ body: (S3ObjectStore) async throws -> Void
    ) async throws {
        let settings = try S3Settings(
            endpoint: endpoint, bucket: "atoll-test", prefix: prefix, usesPathStyle: usesPathStyle)
        try await Self.withHTTP { http in
            try await body(
                S3ObjectStore(settings, http: http, logger: .quiet, credentials: { Self.credentials }))
        }
    }

    private func withClient(_ settings: S3Settings, _ body: (S3Client) async throws -> Void) async throws {
        try await Self.withHTTP { http in
            try await body(
                S3Client(
                    settings: settings, http: http, credentials: { Self.credentials }, logger: .quiet, attempts: 1))
        }
    }

    static func withHTTP(_ body: (HTTPClient) async throws -> Void) async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await body(http)
        } catch {
            try? await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
