import AsyncHTTPClient
import Faults
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Resources
import Testing
import Trials

@testable import atoll

/// A running site whose management plane has TLS and a log of everything, as those meet it who try what they may not.
struct GuardedSite {
    let site: RunningSite
    let port: Int
    let client: HTTPClient

    static let password = "correct horse battery"

    /// - Parameter settings: of the management plane, such as `patience: 2`.
    static func with(_ settings: String = "", _ body: (GuardedSite) async throws -> Void) async throws {
        let port = try FreePort.find()
        let folder = ClientFolder()
        let (certificate, key) = try NetworkPlaneTests.certificate(in: folder)
        let more = settings.isEmpty ? "" : ", \(settings)"
        let config = folder.write(
            "atoll.yaml",
            """
            log: {level: debug, form: json}
            management: {address: '127.0.0.1:\(port)', certificate: '\(certificate)', key: '\(key)'\(more)}

            """)
        try await RunningSite.with(arguments: ["--config", config]) { site in
            var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
            configuration.tlsConfiguration = .makeClientConfiguration()
            configuration.tlsConfiguration?.certificateVerification = .none
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            do {
                try await body(GuardedSite(site: site, port: port, client: client))
            } catch {
                try? await client.shutdown()
                throw error
            }
            try await client.shutdown()
        }
    }

    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        var body: JSONValue { (try? JSONParser.parse(text)) ?? .null }
        var fault: FaultNumber? { (body["code"]?.string).flatMap { FaultNumber($0) } }
    }

    func call(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8]? = nil, proof: String? = nil,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "https://127.0.0.1:\(port)\(path)")
        request.method = method
        if let proof { request.headers.add(name: "authorization", value: "Bearer \(proof)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        return Answer(
            status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }

    func call(
        _ method: HTTPMethod, _ path: String, _ body: String, proof: String? = nil,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        try await call(method, path, Array(body.utf8), proof: proof, headers: headers)
    }

    /// The bytes that come over the wire for a page: heads and body, packed as for a browser.
    func weight(_ path: String, proof: String) async throws -> Int {
        var request = HTTPClientRequest(url: "https://127.0.0.1:\(port)\(path)")
        request.headers.add(name: "authorization", value: "Bearer \(proof)")
        request.headers.add(name: "accept-encoding", value: "gzip")
        let response = try await client.execute(request, timeout: .seconds(60))
        #expect(
            response.status == .ok && response.headers.first(name: "content-encoding") == "gzip"
                || path.hasSuffix(".svg"))
        let heads = response.headers.reduce(20) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        return heads + (try await response.body.collect(upTo: 1 << 20)).readableBytes
    }

    /// A user with these roles, as a document writes them, and the usual password.
    func user(_ name: String, roles: String) async throws {
        let document = """
            {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: \(name)},
             spec: {displayName: U, roles: [\(roles)]}}
            """
        let applied = try await site.run(["apply", "-f", "-"], input: document)
        try #require(applied.status == 0, "\(applied.errors)")
        let set = try await site.run(["user", "password", name], input: Self.password + "\n")
        try #require(set.status == 0, "\(set.errors)")
    }

    /// The secret of a new session.
    func login(_ name: String) async throws -> String {
        let answer = try await call(.POST, "/api/v1/login", Self.body(name, Self.password))
        return try #require(answer.body["secret"]?.string, "\(answer.text)")
    }

    static func body(_ name: String, _ password: String) -> String {
        #"{"name": "\#(name)", "password": "\#(password)", "as": "bearer"}"#
    }

    /// The site still answers, and its log tells of nothing that went wrong inside.
    func isSound() async throws -> Bool {
        let health = try await call(.GET, "/healthz")
        let log = try String(contentsOfFile: site.log, encoding: .utf8)
        return health.status == 200 && site.process.isRunning && !log.contains("request failed")
    }
}

/// A connection whose every byte the test chooses, by openssl's own client.
final class RawConnection {
    private let process = Process()
    private let input = Pipe()
    private let unread = Pipe()
    private let output: String

    /// - Parameters:
    ///   - from: an address of loopback to come from.
    ///   - readsNothing: what comes back is not taken.
    init(port: Int, from: String = "127.0.0.1", readsNothing: Bool = false) throws {
        // Whoever is cut off has somebody write into a pipe that nobody reads.
        signal(SIGPIPE, SIG_IGN)
        output = FileManager.default.temporaryDirectory.appending(path: "atoll-raw-\(ULID.make())").path
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "s_client", "-connect", "127.0.0.1:\(port)", "-bind", "\(from):0", "-quiet",
        ]
        process.standardInput = input
        process.standardOutput = readsNothing ? unread : try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: output)
    }

    /// Whether the other side has hung up.
    var isClosed: Bool { !process.isRunning }

    var received: String {
        String(decoding: (try? Data(contentsOf: URL(filePath: output))) ?? Data(), as: UTF8.self)
    }

    /// False once nobody takes it any more.
    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        (try? input.fileHandleForWriting.write(contentsOf: Data(bytes))) != nil
    }

    /// What came until it satisfies or the other side hung up; what came so far when neither happens for a minute.
    func received(until satisfies: (String) -> Bool = { _ in false }) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline, !isClosed, !satisfies(received) {
            try await Task.sleep(for: .milliseconds(10))
        }
        return received
    }

    /// Sends one request as it is and gives everything that comes back.
    static func exchange(port: Int, from: String = "127.0.0.1", _ bytes: [UInt8]) async throws -> String {
        let connection = try RawConnection(port: port, from: from)
        connection.send(bytes)
        return try await connection.received()
    }

    static func exchange(port: Int, from: String = "127.0.0.1", _ text: String) async throws -> String {
        try await exchange(port: port, from: from, Array(text.utf8))
    }
}
