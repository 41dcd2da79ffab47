import Faults
import HTTPTypes
import Hummingbird
import NIOCore
public import People
public import Resources

/// Looking into the audit: by tenant for those who may there, the whole chain on the platform alone.
public struct AuditRoutes: APIRoutes {
    private let audit: AuditLog

    public init(audit: AuditLog) {
        self.audit = audit
    }

    public func add(to door: Door) {
        door.get("audit", asks: .view(.audit), use: list)
        door.get("audit/export", asks: .onPlatform(.view(.audit)), audited: .read, use: export)
        door.post("audit/verify", asks: .onPlatform(.view(.audit)), audited: .never, use: verify)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = AuditQuery()
        query.scope = try request.scope()
        query.account = request.query("account")
        query.text = request.query("text")
        if let kind = request.query("kind") {
            guard let kind = AuditRecord.Kind(rawValue: kind) else {
                throw Fault(
                    PeopleFaults.auditForm, at: "parameter kind",
                    wanted: AuditRecord.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            query.kind = kind
        }
        query.since = try Self.time(request, "since")
        query.until = try Self.time(request, "until")
        query.before = try request.number("before", in: 0...Int64.max).map(UInt64.init)
        query.limit = Int(try request.number("limit", in: 1...Int64(AuditLog.mostRecords)) ?? 100)
        let records = try await audit.list(query)
        return .json(["items": .array(records.map(\.json))], headers: [.cacheControl: "no-store"])
    }

    /// JSON lines, written as they are read. When reading fails midway, the object of type `end` is missing.
    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let export = try await AuditExport(audit)
        return .jsonLines(export) { try await $0.next() }
    }

    @Sendable private func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let (records, findings) = try await audit.verify()
        return .json([
            "records": .integer(Int64(clamping: records)), "whole": .bool(findings.isEmpty),
            "findings": .array(findings.map(\.json)),
        ])
    }

    private static func time(_ request: Request, _ name: String) throws -> Timestamp? {
        guard let text = request.query(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw Fault(PeopleFaults.auditForm, at: "parameter \(name)", wanted: "a time such as 2026-01-31T08:00:00Z")
        }
        return time
    }

    public var paths: [String: JSONValue] {
        let texts = ["tenant", "project", "account", "kind", "text", "since", "until"].map { OpenAPI.parameter($0) }
        let numbers = ["before", "limit"].map { OpenAPI.parameter($0, ["type": "integer", "minimum": 0]) }
        let object: JSONValue = ["type": "object"]
        return [
            "/api/v1/audit": [
                "get": OpenAPI.operation(
                    "listAudit", "Who did what, newest first.", parameters: texts + numbers, answer: OpenAPI.items)
            ],
            "/api/v1/audit/export": [
                "get": OpenAPI.operation(
                    "exportAudit", "JSON lines that `atoll audit verify` and tools/verify_ledger.py check.",
                    parameters: [], answer: object, types: ["application/x-ndjson"])
            ],
            "/api/v1/audit/verify": [
                "post": OpenAPI.operation(
                    "verifyAudit", "Check the chain and its head.", parameters: [], answer: object)
            ],
        ]
    }
}

extension AuditVerifier.Finding {
    /// As reports write it.
    public var json: JSONValue { ["place": .string(place), "what": .string(what)] }
}
