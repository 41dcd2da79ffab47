import AsyncHTTPClient
import Faults
import NIOCore
import NIOHTTP1
import Resources

/// Speaks `/api/v1` with the server of a data directory over its Unix socket, or with one elsewhere over TLS.
struct APIClient: Sendable {
    /// How long an answer may take, and how long a body may pause.
    static let patience: TimeAmount = .seconds(60)
    /// The largest answer that is taken.
    static let maximumBytes = 256 << 20

    /// Where requests go.
    enum Destination: Sendable {
        case local(DataLocation)
        case remote(RemoteServer)

        /// For messages.
        var place: String {
            switch self {
            case .local(let location): location.socket
            case .remote(let server): server.address
            }
        }
    }

    let destination: Destination
    private let http: HTTPClient

    static func with<Result>(
        _ location: DataLocation,
        _ body: (APIClient) async throws -> Result
    ) async throws -> Result {
        try await with(.local(location), body)
    }

    /// Runs `body` with a client, and closes it whatever happens.
    ///
    /// - Throws: `ProgramFaults.notRunning` at once, before any thread is started, when there is no socket;
    ///   `.socketPath` when its path is too long; whatever `body` throws.
    static func with<Result>(
        _ destination: Destination,
        _ body: (APIClient) async throws -> Result
    ) async throws -> Result {
        if case .local(let location) = destination { try checkSocket(location) }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        if case .remote(let server) = destination { configuration.tlsConfiguration = try server.tls() }
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(APIClient(destination: destination, http: http))
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    func get(_ path: APIPath) async throws -> JSONValue {
        try await send(.GET, path, body: nil)
    }

    func post(_ path: APIPath, _ body: Body) async throws -> JSONValue {
        try await send(.POST, path, body: body)
    }

    func put(_ path: APIPath, _ body: Body) async throws -> JSONValue {
        try await send(.PUT, path, body: body)
    }

    func delete(_ path: APIPath) async throws -> JSONValue {
        try await send(.DELETE, path, body: nil)
    }

    /// Sends a request and reads the whole answer as JSON; an empty answer is null.
    ///
    /// - Throws: the server's fault, exactly as it stated it; `ProgramFaults.notRunning` when it cannot be reached or
    ///   does not answer in time; `.strangeAnswer` for anything else.
    private func send(_ method: HTTPMethod, _ path: APIPath, body: Body?) async throws -> JSONValue {
        let response = try await execute(method, path, body: body, accept: "application/json")
        return try Self.decoded(status: response.status.code, body: try await collect(response))
    }

    /// Follows a watch until the server ends it or `handle` returns false; then returns whether `handle` ended it.
    ///
    /// - Parameter version: goes on after this version.
    /// - Throws: as `send`, and what `handle` throws.
    func watch(
        _ path: APIPath,
        after version: String?,
        _ handle: (WatchEvent) async throws -> Bool
    ) async throws -> Bool {
        let response = try await execute(.GET, path, body: nil, accept: "text/event-stream", after: version)
        guard response.status == .ok else {
            _ = try Self.decoded(status: response.status.code, body: try await collect(response))
            throw Fault(ProgramFaults.strangeAnswer, "The server answered a watch with \(response.status.code).")
        }
        var parser = ServerSentEventParser()
        do {
            for try await chunk in response.body {
                for event in try parser.feed(chunk.readableBytesView) {
                    if try await !handle(try WatchEvent(event)) { return true }
                }
            }
        } catch let error as HTTPClientError where error == .remoteConnectionClosed {
            return false
        } catch let error as HTTPClientError {
            throw fault(error)
        }
        return false
    }

    /// Reads an answer piece by piece, however long it is.
    ///
    /// - Throws: as `send`, and what `handle` throws.
    func download(_ path: APIPath, _ handle: (ByteBufferView) throws -> Void) async throws {
        let response = try await execute(.GET, path, body: nil, accept: "application/x-ndjson")
        guard response.status == .ok else {
            _ = try Self.decoded(status: response.status.code, body: try await collect(response))
            throw Fault(ProgramFaults.strangeAnswer, "The server answered a download with \(response.status.code).")
        }
        do {
            for try await chunk in response.body { try handle(chunk.readableBytesView) }
        } catch let error as HTTPClientError {
            throw fault(error)
        }
    }

    /// What an answer with this status and body means.
    static func decoded(status: UInt, body: [UInt8]) throws(Fault) -> JSONValue {
        let value: JSONValue?
        do {
            value = body.isEmpty ? .null : try JSONParser.parse(body)
        } catch {
            value = nil
        }
        if (200..<300).contains(status), let value { return value }
        if status >= 400, let fault = value.flatMap(Fault.init(problem:)) { throw fault }
        throw Fault(
            ProgramFaults.strangeAnswer,
            value == nil
                ? "The server answered \(status) with something that is not JSON."
                : "The server answered \(status) without a numbered error.",
            wanted: "JSON as /api/v1/openapi.json describes it"
        )
    }

    // MARK: - One exchange

    /// How long the server may take to begin its answer: longer for documents, since each of a thousand is flushed to the
    /// disk by itself; 0.3 ms for a byte.
    static func patience(with body: Body?) -> TimeAmount {
        guard let body, body.type == Body.yamlType else { return patience }
        return .nanoseconds(patience.nanoseconds + Int64(body.bytes.count) * 300_000)
    }

    private func execute(
        _ method: HTTPMethod,
        _ path: APIPath,
        body: Body?,
        accept: String,
        after version: String? = nil
    ) async throws -> HTTPClientResponse {
        var request: HTTPClientRequest
        switch destination {
        case .local(let location):
            request = HTTPClientRequest(url: "http+unix://\(APIPath.encoded(location.socket))\(path.text)")
        case .remote(let server):
            request = HTTPClientRequest(url: server.address + path.text)
            if let secret = server.secret { request.headers.add(name: "authorization", value: "Bearer \(secret)") }
        }
        request.method = method
        request.headers.add(name: "accept", value: accept)
        request.headers.add(name: "user-agent", value: "atoll/\(ProgramVersion.text)")
        if let version { request.headers.add(name: "last-event-id", value: version) }
        if let body {
            request.headers.add(name: "content-type", value: body.type)
            for (name, value) in body.headers { request.headers.add(name: name, value: value) }
            request.body = .bytes(body.bytes)
        }
        do {
            return try await http.execute(request, timeout: Self.patience(with: body))
        } catch {
            throw fault(error)
        }
    }

    private func collect(_ response: HTTPClientResponse) async throws -> [UInt8] {
        do {
            let patience = Self.patience.nanoseconds
            return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                group.addTask { [body = response.body] in
                    Array(try await body.collect(upTo: Self.maximumBytes).readableBytesView)
                }
                group.addTask {
                    try await Task.sleep(for: .nanoseconds(patience))
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let bytes = first else {
                    throw HTTPClientError.deadlineExceeded
                }
                return bytes
            }
        } catch {
            throw fault(error)
        }
    }
}

extension APIClient {
    /// Content of a request.
    struct Body: Sendable {
        let bytes: [UInt8]
        let type: String
        var headers: [String: String] = [:]

        static let yamlType = "application/yaml"

        static func json(_ value: JSONValue) -> Body {
            Body(bytes: JSONWriter.compact(value), type: "application/json")
        }

        static func yaml(_ bytes: [UInt8]) -> Body {
            Body(bytes: bytes, type: yamlType)
        }

        static func raw(_ bytes: [UInt8]) -> Body {
            Body(bytes: bytes, type: "application/octet-stream")
        }
    }
}
