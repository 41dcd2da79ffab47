import Faults
import HTTPTypes
import Hummingbird
import NIOCore
import People

/// Whether requests of a route may be sent under a key (`Idempotency-Key`), so that they are done once.
public enum RequestKeyUse: Sendable {
    case taken
    /// The request or its answer holds a secret, of which not even a digest is kept; or sending it again does no harm by
    /// itself.
    case refused
}

/// Does a request that names a key once, and answers its repetitions as the first time.
struct KeyedRequests: Sendable {
    /// Nil where nothing is kept; then every key is refused.
    let keys: RequestKeys?
    let use: RequestKeyUse

    /// The headers that are kept of an answer.
    private static let keptHeaders: [HTTPField.Name] = [.contentType, .location, .eTag]
    /// These say that nothing was done, so the same key may try again.
    private static let undone: Set = [429, 503]

    /// - Throws: the faults of `RequestKeys.begin`, `RequestFaults.keyForm`, `.keyRefused`; what the handler throws.
    func answer(
        _ request: Request, _ context: APIContext, _ handler: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard request.method != .get, let header = request.headers[.idempotencyKey] else {
            return try await handler(request, context)
        }
        guard let keys, case .taken = use, let owner = context.caller?.keyOwner else {
            throw Fault(RequestFaults.keyRefused, at: "header Idempotency-Key")
        }
        let key = try RequestKey(header: header, owner: owner, means: context.caller?.token ?? "")
        let bytes = try await request.bytes()
        let fingerprint = RequestKeys.fingerprint(
            method: request.method.rawValue, target: request.uri.string, body: bytes)
        if let answer = try await keys.begin(key, fingerprint: fingerprint) {
            context.subject.add("answered as before")
            return Self.response(answer)
        }
        var request = request
        request.body = RequestBody(buffer: ByteBuffer(bytes: bytes))
        do {
            let response = try await handler(request, context)
            return try await keep(response, key, keys)
        } catch let fault as Fault {
            if Self.undone.contains(fault.entry.status) {
                try await keys.release(key)
            } else {
                _ = try await keep(Problem.response(fault), key, keys)
            }
            throw fault
        } catch {
            keys.abandon(key)
            throw error
        }
    }

    private func keep(_ response: Response, _ key: RequestKey, _ keys: RequestKeys) async throws -> Response {
        var headers: [String: String] = [:]
        for name in Self.keptHeaders { headers[name.canonicalName] = response.headers[name] }
        var response = response
        var body: ByteBuffer?
        if let length = response.body.contentLength, length <= keys.rules.mostAnswerBytes {
            let collected = try await response.body.collected()
            response.body = ResponseBody(byteBuffer: collected)
            body = collected
        }
        // An answer that nothing on the way may keep is not kept here either.
        let mayKeep = response.headers[.cacheControl] != "no-store"
        try await keys.end(
            key, .init(status: response.status.code, headers: headers, body: body.map { Array(buffer: $0) } ?? []),
            keepsBody: body != nil && mayKeep)
        return response
    }

    private static func response(_ answer: RequestKeys.Answer) -> Response {
        var headers: HTTPFields = [.replayed: "true"]
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}

extension HTTPField.Name {
    static let idempotencyKey = Self("Idempotency-Key")!
    /// On an answer of an earlier request with the same key.
    static let replayed = Self("Idempotent-Replayed")!
}
