import API
import AsyncHTTPClient
import Faults
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Observability
import People
import Resources
import Secrets
import ServiceLifecycle

/// A real server on a Unix socket of its own, with a store in memory, and a client for it.
struct APIFixture: Sendable {
    let socket: String
    let client: HTTPClient
    let store: any ResourceStore & RevisionStore

    /// Starts the server, runs the body, stops the server and removes the folder.
    static func with(
        store: any ResourceStore & RevisionStore = MemoryResourceStore(),
        checks: [any HealthCheck] = [],
        routes: [any APIRoutes] = [],
        registry: KindRegistry = Sample.registry,
        callers: (any CallerSource)? = nil,
        audit: AuditLog? = nil,
        streamPace: Duration = .seconds(10),
        limiter: RateLimiter? = nil,
        _ body: @escaping @Sendable (APIFixture) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-api-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "site.db").path,
            snapshots: folder.path,
            migrations: [SecretMigrations.self, RequestKeyMigrations.self]
        )
        let key = SymmetricKeyBytes([UInt8](repeating: 9, count: 32))!
        let api = API(
            service: ResourceService(
                registry: registry,
                store: store
            ),
            secrets: SecretStore(database, key: key),
            metrics: MetricsRegistry(),
            program: ProgramDescription(version: "1.2.3", kernel: "portable", processID: 42),
            checks: checks,
            routes: routes,
            audit: audit,
            keys: RequestKeys(database),
            streamPace: streamPace
        )
        let socket = folder.appending(path: "s").path
        let (running, tellRunning) = AsyncStream.makeStream(of: Void.self)
        let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = Application(
            router: callers.map { api.remoteRouter($0, limiter: limiter) } ?? api.localRouter(),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: socket)),
            onServerRunning: { _ in tellRunning.finish() },
            logger: quiet
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: server)], logger: quiet)
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in running {}
            try await body(APIFixture(socket: socket, client: HTTPClient.shared, store: store))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: JSONValue
        let text: String

        /// The number of the fault that the answer tells.
        var fault: FaultNumber? { (body["code"]?.string).flatMap { FaultNumber($0) } }
    }

    /// - Parameter path: with its query, such as `/api/v1/tenants?limit=2`.
    func call(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        let response = try await client.execute(request(method, path, body, headers), timeout: .seconds(120))
        let text = String(buffer: try await response.body.collect(upTo: 8 << 20))
        let isJSON =
            response.headers.first(name: "content-type").map { $0.contains("json") && !$0.contains("ndjson") } == true
        return Answer(
            status: Int(response.status.code),
            headers: response.headers,
            body: isJSON ? try JSONParser.parse(text) : .null,
            text: text
        )
    }

    /// The lines of a stream, until the body returns.
    func lines(_ path: String, headers: [String: String] = [:]) async throws -> AsyncThrowingStream<String, any Error> {
        let response = try await client.execute(request(.GET, path, nil, headers), timeout: .seconds(120))
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: String.self)
        let task = Task {
            do {
                var rest = ""
                for try await buffer in response.body {
                    rest += String(buffer: buffer)
                    var lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
                    rest = String(lines.removeLast())
                    for line in lines where !line.isEmpty { continuation.yield(String(line)) }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private func request(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String?,
        _ headers: [String: String]
    ) -> HTTPClientRequest {
        let host = socket.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        var request = HTTPClientRequest(url: "http+unix://\(host)\(path)")
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        return request
    }
}

enum Sample {
    /// Kinds of these tests: the API knows none of its own.
    static let registry = KindRegistry(
        [
            KindDefinition(
                "Tenant",
                plural: "tenants",
                scope: .platform,
                summary: "A department.",
                fields: [
                    Field("displayName", .text(1...80), required: true, "The name that people see."),
                    Field("contact", .text(0...80), default: "", "Whom to ask."),
                ],
                example: tenant("example")
            ),
            KindDefinition(
                "Project",
                plural: "projects",
                scope: .tenant,
                summary: "A unit of work.",
                fields: [Field("displayName", .text(1...80), required: true, "The name that people see.")],
                example: twoDocuments.components(separatedBy: "---")[0]
            ),
        ],
        tenantKind: "Tenant",
        projectKind: "Project"
    )

    static func tenant(_ name: String, displayName: String = "Retail risk") -> String {
        """
        {"apiVersion": "atoll.dev/v1alpha1", "kind": "Tenant", "metadata": {"name": "\(name)"},
         "spec": {"displayName": "\(displayName)"}}
        """
    }

    static let twoDocuments = """
        apiVersion: atoll.dev/v1alpha1
        kind: Project
        metadata: {name: merchants, tenant: retail}
        spec:
          displayName: Merchants
        ---
        apiVersion: atoll.dev/v1alpha1
        kind: Tenant
        metadata: {name: retail, labels: {desk: a}}
        spec:
          displayName: Retail
        """
}
