import API
import Faults
import HTTPTypes
import Hummingbird
import Resources

/// The site's API as a page asks it: by JSON, as the viewer of the page.
struct SiteCalls: Sendable {
    let api: InnerAPI
    let request: Request
    let context: APIContext

    typealias Query = [(String, String?)]

    /// - Parameter path: below `/api/v1`: `/datasets`. Names in it are `encoded(_:)`.
    /// - Throws: `Refusal` for every problem.
    func get(_ path: String, _ query: Query = []) async throws -> JSONValue {
        try Self.value(try await answer(.get, path, query))
    }

    /// The items of a list; what has more pages than one is read with `page`.
    func list(_ path: String, _ query: Query = []) async throws -> [JSONValue] {
        try await get(path, query)["items"]?.array ?? []
    }

    /// - Returns: nil for what is not there, or not for the viewer.
    func find(_ path: String, _ query: Query = []) async throws -> JSONValue? {
        do {
            return try await get(path, query)
        } catch let refusal as Refusal where [403, 404].contains(refusal.status) {
            return nil
        }
    }

    /// The items of a list that not every viewer may see: none for the others.
    func listIfSeen(_ path: String, _ query: Query = []) async throws -> [JSONValue] {
        try await find(path, query)?["items"]?.array ?? []
    }

    /// A change.
    ///
    /// - Parameter key: under which it is done once; nil where the API takes none.
    @discardableResult
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ query: Query = [], _ body: JSONValue? = nil, key: String? = nil
    ) async throws -> JSONValue {
        try Self.value(try await answer(method, path, query, body.map { JSONWriter.compact($0) } ?? [], key: key))
    }

    /// A change whose answer's headers count.
    func answer(
        _ method: HTTPRequest.Method, _ path: String, _ query: Query = [], _ body: [UInt8] = [], key: String? = nil,
        type: String = "application/json", headers: HTTPFields = [:]
    ) async throws -> InnerAPI.Answer {
        var headers = headers
        if !body.isEmpty { headers[.contentType] = type }
        if let key { headers[HTTPField.Name("Idempotency-Key")!] = key }
        return try await api.answer(
            method, address("/api/v1\(path)", query), headers: headers, body: body, of: request, context)
    }

    /// A stream or a download, as the API gives it.
    func respond(_ path: String, _ query: Query = [], headers: HTTPFields = [:]) async throws -> Response {
        let response = try await api.respond(
            .get, address("/api/v1\(path)", query), headers: headers, of: request, context)
        return response
    }

    static func value(_ answer: InnerAPI.Answer) throws -> JSONValue {
        guard answer.status.code < 400 else { throw Refusal(status: answer.status.code, problem: answer.value) }
        return answer.value
    }
}

/// A problem of the API, as it is shown to people.
struct Refusal: Error, Sendable {
    let status: Int
    /// Problem details (RFC 9457).
    let problem: JSONValue

    init(status: Int, problem: JSONValue) {
        self.status = status
        self.problem = problem
    }

    init(_ fault: Fault) {
        self.init(status: fault.entry.status, problem: Problem.json(fault))
    }

    var code: String { problem["code"]?.string ?? "" }
    var detail: String { problem["detail"]?.string ?? "" }
    var fix: String? { problem["fix"]?.string }
    var wanted: String? { problem["wanted"]?.string }
    var place: String? { problem["where"]?.string }
    /// The mistakes of a document with several.
    var parts: [Refusal] {
        (problem["errors"]?.array ?? []).map { Refusal(status: status, problem: $0) }
    }
}
