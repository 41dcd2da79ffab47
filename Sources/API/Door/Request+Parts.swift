import Faults
import HTTPTypes
import Hummingbird
import NIOCore
import Resources

/// Reading requests and writing answers, the same way on every route.
extension Request {
    /// The largest body of any route.
    static let maximumBody = YAMLReader.maximumBytes

    func bytes(atMost limit: Int = Request.maximumBody) async throws -> [UInt8] {
        do {
            return Array(buffer: try await body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw Fault(ResourceFaults.tooLarge, at: "request body", wanted: "at most \(limit) bytes")
        } catch let error as CancellationError {
            throw error
        } catch {
            // What a client sends is no HTTP, or it went away halfway: nothing that the site did wrong.
            throw Fault(ProgramFaults.badRequest, "The body does not come to its end.", at: "request body")
        }
    }

    /// The body as one JSON document.
    func document() async throws -> Document {
        let bytes = try await bytes()
        return Document(try JSONParser.parse(bytes))
    }

    /// The members of a small JSON object; what is null counts as absent.
    ///
    /// - Throws: `ResourceFaults.unknownField` for a member that is not among the known ones, whose name is not told: it
    ///   may be a secret in the wrong place.
    func fields(_ known: [String], atMost limit: Int = 16_384) async throws -> [String: JSONValue] {
        let bytes = try await bytes(atMost: limit)
        let value: JSONValue = bytes.isEmpty ? [:] : try JSONParser.parse(bytes)
        guard let members = value.object else {
            throw Fault(
                ProgramFaults.badRequest, "The body is no object.", at: "request body",
                wanted: known.joined(separator: ", "))
        }
        guard members.keys.allSatisfy(known.contains) else {
            throw Fault(
                ResourceFaults.unknownField, "The request has a field that is not known here.", at: "request body",
                wanted: known.joined(separator: ", "))
        }
        return members.filter { $0.value != .null }
    }

    func query(_ name: String) -> String? {
        uri.queryParameters[Substring(name)].map(String.init)
    }

    /// - Throws: `ProgramFaults.badRequest` when it is there and is no whole number of the range.
    func number(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        guard let text = query(name) else { return nil }
        guard let value = Int64(text), range.contains(value) else {
            throw Fault(
                ProgramFaults.badRequest,
                "The parameter '\(name)' cannot be used.",
                at: "parameter \(name)",
                wanted: "a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    /// - Throws: `ProgramFaults.badRequest` when it is there and no time.
    func time(_ name: String) throws -> Timestamp? {
        guard let text = query(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw Fault(
                ProgramFaults.badRequest, "The parameter '\(name)' cannot be used.", at: "parameter \(name)",
                wanted: "a time such as 2026-01-31T08:00:00Z")
        }
        return time
    }

    /// - Throws: `ProgramFaults.badRequest` when it is there and neither `true` nor `false`.
    func flag(_ name: String) throws -> Bool {
        switch query(name) {
        case nil, "false": return false
        case "true", "": return true
        default:
            throw Fault(
                ProgramFaults.badRequest,
                "The parameter '\(name)' cannot be used.",
                at: "parameter \(name)",
                wanted: "true or false"
            )
        }
    }

    /// Tenant and project of the request.
    func scope() throws -> Scope {
        for name in ["tenant", "project"] {
            if let value = query(name) { try Names.check(value, at: "parameter \(name)") }
        }
        return Scope(tenant: query("tenant"), project: query("project"))
    }

    /// The version in `If-Match`; nil when absent or `*`.
    var expectedVersion: ResourceVersion? {
        guard let tag = headers[.ifMatch], tag != "*" else { return nil }
        return ResourceVersion(tag.trimmingQuotes)
    }
}

extension Response {
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        if let number = InnerValue.current?.keep(value) {
            headers[InnerValue.header] = number
            return Response(status: status, headers: headers)
        }
        return Response(
            status: status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: JSONWriter.compact(value)))
        )
    }

    /// JSON lines, written as they are read. When reading fails midway, what ends them is missing.
    ///
    /// - Parameter next: of the source; nil when all are given.
    static func jsonLines<Source: Sendable>(
        _ source: Source, _ next: @escaping @Sendable (inout Source) async throws -> [JSONValue]?
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                var source = source
                while let values = try await next(&source) {
                    var buffer = ByteBuffer()
                    for value in values {
                        buffer.writeBytes(JSONWriter.compact(value))
                        buffer.writeInteger(UInt8(ascii: "\n"))
                    }
                    try await writer.write(buffer)
                }
                try await writer.finish(nil)
            })
    }

    static func list(_ items: [JSONValue]) -> Response {
        .json(["items": .array(items)])
    }

    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func resource(_ resource: Resource, status: HTTPResponse.Status = .ok) -> Response {
        var headers: HTTPFields = [:]
        if let version = resource.metadata.version { headers[.eTag] = "\"\(version)\"" }
        return .json(resource.json, status: status, headers: headers)
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        var text = self[...]
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        return String(text)
    }
}

extension [String: JSONValue] {
    /// - Throws: `ProgramFaults.badRequest` when it is absent or no text.
    func text(_ name: String) throws(Fault) -> String {
        guard let text = try optionalText(name) else { throw Self.unusable(name, "a text") }
        return text
    }

    /// - Throws: `ProgramFaults.badRequest` when it is there and no text.
    func optionalText(_ name: String) throws(Fault) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw Self.unusable(name, "a text") }
        return text
    }

    static func unusable(_ name: String, _ wanted: String) -> Fault {
        Fault(ProgramFaults.badRequest, "'\(name)' is missing or cannot be used.", at: name, wanted: wanted)
    }
}
