import HTTPTypes
public import Hummingbird
import NIOCore
public import Resources

/// What people see in a browser, beside the API on the management plane. It knows and does what the API tells and does.
public protocol Pages: Sendable {
    /// - Parameters:
    ///   - group: its callers are known, as the API's are.
    ///   - api: `/api/v1`, asked without a socket.
    func add(to group: RouterGroup<APIContext>, api: InnerAPI)

    /// The most bytes of a body that is sent to a page, where it is more than the chunk of a file; else nil.
    func largestBody(at target: String) -> Int64?
}

/// The API for pages of the same site: the same routes behind the same door, asked by whoever asks for the page. Nothing
/// but pages can reach it.
public struct InnerAPI: Sendable {
    /// The whole of an answer.
    public struct Answer: Sendable {
        public let status: HTTPResponse.Status
        public let headers: HTTPFields
        /// Empty for an answer without a body.
        public let value: JSONValue
    }

    let responder: RouterResponder<APIContext>

    /// - Parameters:
    ///   - target: path and query, as in a request: `/api/v1/datasets?tenant=bank`.
    ///   - page: the request for the page, by whose caller the API is asked and whose cookies it gets.
    /// - Returns: what the API answers, its problems too. A body can be a stream.
    public func respond(
        _ method: HTTPRequest.Method, _ target: String, headers: HTTPFields = [:], body: [UInt8] = [],
        of page: Request, _ context: APIContext
    ) async throws -> Response {
        var headers = headers
        for name in Self.kept where page.headers[name] != nil { headers[values: name] = page.headers[values: name] }
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: page.head.scheme, authority: page.head.authority, path: target,
                headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(bytes: body)))
        return try await responder.respond(to: request, context: context.inner)
    }

    /// The same for answers in JSON. What is only read is handed on as it is; a change is answered as to everybody, since its
    /// answer may be kept under the request's key.
    ///
    /// - Throws: `ResourceFaults.syntax` for what is no JSON.
    public func answer(
        _ method: HTTPRequest.Method, _ target: String, headers: HTTPFields = [:], body: [UInt8] = [],
        of page: Request, _ context: APIContext
    ) async throws -> Answer {
        let inner = method == .get ? InnerValue() : nil
        let response = try await InnerValue.$current.withValue(inner) {
            try await respond(method, target, headers: headers, body: body, of: page, context)
        }
        if let value = inner?.value(response.headers[InnerValue.header]) {
            return Answer(status: response.status, headers: response.headers, value: value)
        }
        let bytes = Array(buffer: try await response.body.collected())
        return Answer(
            status: response.status, headers: response.headers,
            value: bytes.isEmpty ? .object([:]) : try JSONParser.parse(bytes))
    }

    /// What says where a request comes from, and which session is replaced by a login.
    private static let kept: [HTTPField.Name] = [.cookie, .origin, HTTPField.Name("Sec-Fetch-Site")!]
}
