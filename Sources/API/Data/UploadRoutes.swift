import Faults
import HTTPTypes
import Hummingbird
public import Objects
import People
public import Resources

/// Sending files in chunks; what arrived whole is a resource of the kind File.
public struct UploadRoutes: APIRoutes {
    private let uploads: UploadService

    public init(uploads: UploadService) {
        self.uploads = uploads
    }

    public func add(to door: Door) {
        door.post("uploads", asks: .manage(.files), use: begin)
        door.get("uploads", asks: .view(.files), use: list)
        door.get("uploads/:id", asks: .view(.files), use: get)
        door.get("uploads/:id/chunks", asks: .view(.files), use: chunks)
        door.put("uploads/:id/chunks/:chunk", asks: .manage(.files), audited: .never, keys: .refused, use: put)
        door.post("uploads/:id/complete", asks: .manage(.files), use: complete)
        door.delete("uploads/:id", asks: .manage(.files), use: abort)
    }

    @Sendable private func begin(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await Self.body(request, ["name", "bytes", "retentionDays", "hasHeader"])
        guard let name = body["name"]?.string else { throw Self.missing("name", "a name") }
        guard let bytes = body["bytes"]?.integer else { throw Self.missing("bytes", "a whole number") }
        let scope = try request.scope()
        guard scope.project != nil else {
            throw Fault(
                ResourceFaults.scopeMismatch, "A File lives in a project of a tenant.",
                at: "parameters tenant and project", fix: "Name the tenant and the project.")
        }
        var wanted = NewUpload(scope: scope, name: name, bytes: bytes)
        if let days = body["retentionDays"] {
            guard let days = days.integer else { throw Self.missing("retentionDays", "a whole number") }
            wanted.retentionDays = days
        }
        if let header = body["hasHeader"] {
            guard let header = header.bool else { throw Self.missing("hasHeader", "true or false") }
            wanted.hasHeader = header
        }
        let upload = try await uploads.begin(wanted, by: author(context))
        return .json(upload.json, status: .created, headers: [.location: "/api/v1/uploads/\(upload.id)"])
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        .list(try await uploads.list(in: try request.scope()).map(\.json))
    }

    @Sendable private func get(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(try await upload(request, context).json)
    }

    /// The digests of what is here, so that a sender finds out what to send (again).
    @Sendable private func chunks(_ request: Request, _ context: APIContext) async throws -> Response {
        let upload = try await upload(request, context)
        return .list(
            upload.chunks.sorted { $0.key < $1.key }.map {
                ["chunk": .integer(Int64($0.key)), "digest": .string($0.value.hexadecimal)]
            })
    }

    @Sendable private func put(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try await upload(request, context).id
        guard let chunk = Int(try context.parameters.require("chunk")) else {
            throw Self.missing("chunk", "a chunk's number in the path")
        }
        let name = HTTPField.Name("Content-Digest")!
        guard let digest = request.headers[name].flatMap(ContentDigest.sha256) else {
            throw Self.missing("Content-Digest", "the header `Content-Digest: sha-256=:BASE64:` (RFC 9530)")
        }
        try await uploads.put(
            chunk, try await request.bytes(atMost: FileDigest.chunkBytes), digest: digest, of: id)
        return Response(status: .noContent)
    }

    @Sendable private func complete(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await Self.body(request, ["digest", "rows"])
        guard let digest = body["digest"]?.string.flatMap({ [UInt8](hexadecimal: $0) }), digest.count == 32 else {
            throw Self.missing("digest", "64 hexadecimal digits")
        }
        if let rows = body["rows"], rows.integer.map({ $0 < 0 }) ?? true {
            throw Self.missing("rows", "a whole number from 0")
        }
        let claim = UploadClaim(digest: digest, rows: body["rows"]?.integer)
        let upload = try await uploads.complete(try await upload(request, context).id, claim)
        return .json(upload.json, status: .accepted)
    }

    @Sendable private func abort(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        try await uploads.abort(id, in: try request.scope())
        return .json(["id": .string(id)])
    }

    /// The upload of the path, where it is in the tenant and project of the query.
    private func upload(_ request: Request, _ context: APIContext) async throws -> Upload {
        try await uploads.upload(try context.parameters.require("id"), in: try request.scope())
    }

    private static func body(_ request: Request, _ known: [String]) async throws -> [String: JSONValue] {
        guard let members = try await request.document().value.object else {
            throw missing("body", "an object")
        }
        for key in members.keys.sorted() where !known.contains(key) {
            throw Fault(
                ResourceFaults.unknownField, "The request has a field that is not known here.", at: "request body",
                wanted: known.joined(separator: ", "))
        }
        return members.filter { $0.value != .null }
    }

    private static func missing(_ name: String, _ wanted: String) -> Fault {
        Fault(ProgramFaults.badRequest, "'\(name)' is missing or cannot be used.", at: name, wanted: wanted)
    }
}

extension UploadRoutes {
    public var paths: [String: JSONValue] {
        let object: JSONValue = ["type": "object"]
        func path(_ name: String) -> JSONValue {
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let scope = ["tenant", "project"].map { OpenAPI.parameter($0) }
        return [
            "/api/v1/uploads": [
                "get": OpenAPI.operation("listUploads", "Every upload.", parameters: scope, answer: OpenAPI.items),
                "post": OpenAPI.operation(
                    "beginUpload", "Begin an upload, or go on with the same one.", parameters: scope,
                    body: [
                        "type": "object", "required": ["name", "bytes"],
                        "properties": [
                            "name": ["type": "string"], "bytes": ["type": "integer", "minimum": 1],
                            "retentionDays": ["type": "integer", "minimum": 1, "maximum": 3650],
                            "hasHeader": ["type": "boolean"],
                        ],
                    ], answer: object, status: "201"),
            ],
            "/api/v1/uploads/{id}": [
                "get": OpenAPI.operation(
                    "getUpload", "State and missing chunks.", parameters: [path("id")] + scope, answer: object),
                "delete": OpenAPI.operation(
                    "abortUpload", "Give it up; nothing is kept.", parameters: [path("id")] + scope, answer: object),
            ],
            "/api/v1/uploads/{id}/chunks": [
                "get": OpenAPI.operation(
                    "listChunks", "Chunks that are here, with their digests.", parameters: [path("id")] + scope,
                    answer: OpenAPI.items)
            ],
            "/api/v1/uploads/{id}/chunks/{chunk}": [
                "put": OpenAPI.operation(
                    "putChunk", "Send a chunk of 8 MiB (the last may be shorter), in any order, again if need be.",
                    parameters: [
                        path("id"), path("chunk"),
                        [
                            "name": "Content-Digest", "in": "header", "required": true,
                            "schema": ["type": "string"], "description": "RFC 9530: sha-256=:BASE64:",
                        ],
                    ] + scope, body: ["type": "string", "format": "binary"], bodyType: "application/octet-stream",
                    answer: object, status: "204")
            ],
            "/api/v1/uploads/{id}/complete": [
                "post": OpenAPI.operation(
                    "completeUpload", "All is sent: check everything and register the file.",
                    parameters: [path("id")] + scope,
                    body: [
                        "type": "object", "required": ["digest"],
                        "properties": ["digest": ["type": "string"], "rows": ["type": "integer", "minimum": 0]],
                    ], answer: object, status: "202")
            ],
        ]
    }
}

extension Upload {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "name": .string(wanted.name), "tenant": .string(wanted.scope.tenant ?? ""),
            "project": .string(wanted.scope.project ?? ""), "bytes": .integer(wanted.bytes),
            "retentionDays": .integer(wanted.retentionDays), "hasHeader": .bool(wanted.hasHeader),
            "author": .string(author), "created": .string(created.description), "touched": .string(touched.description),
            "state": .string(state.rawValue), "chunkBytes": .integer(Int64(FileDigest.chunkBytes)),
            "chunks": .integer(Int64(count)),
        ]
        if state == .open {
            members["arrived"] = .integer(arrivedBytes)
            members["missing"] = .array(
                missing.prefix(1_000).map { [.integer(Int64($0.lowerBound)), .integer(Int64($0.upperBound))] })
        }
        if let claim {
            members["digest"] = .string(claim.digest.hexadecimal)
            if let rows = claim.rows { members["rows"] = .integer(rows) }
        }
        if let fault { members["fault"] = Problem.json(fault) }
        return .object(members)
    }
}
