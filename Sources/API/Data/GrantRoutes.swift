public import Data
import Hummingbird
import People
public import Resources

/// Revoking grants, what was counted with them, and who used them; grants themselves are resources like any other.
public struct GrantRoutes: APIRoutes {
    private let grants: GrantShelf

    /// Uses of one page.
    private static let mostUses: Int64 = 1000

    public init(grants: GrantShelf) {
        self.grants = grants
    }

    public func add(to door: Door) {
        door.post("grants/:name/revoke", asks: .manage(.grants), use: revoke)
        door.get("grants/:name/meter", asks: .view(.grants), use: meter)
        door.get("grants/:name/uses", asks: .view(.grants), use: uses)
    }

    /// When this is answered nothing is read with the grant any more, and what read is stopped.
    @Sendable private func revoke(_ request: Request, _ context: APIContext) async throws -> Response {
        let note = ChangeNote(author: author(context), reason: request.query("reason") ?? "revoked")
        return .resource(try await grants.revoke(try id(request, context), by: note))
    }

    @Sendable private func meter(_ request: Request, _ context: APIContext) async throws -> Response {
        let meter = try await grants.meter(try id(request, context))
        return .json([
            "uses": .integer(meter.uses), "idsTested": .integer(meter.ids), "revoked": .bool(meter.isRevoked),
        ])
    }

    @Sendable private func uses(_ request: Request, _ context: APIContext) async throws -> Response {
        let limit = try request.number("limit", in: 1...Self.mostUses) ?? 100
        let uses = try await grants.uses(
            try id(request, context), before: request.query("before"), limit: Int(limit))
        return .list(uses.map(\.json))
    }

    private func id(_ request: Request, _ context: APIContext) throws -> ResourceID {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        return Grant.id(name, in: try request.scope())
    }

    public var paths: [String: JSONValue] {
        let parameters: [JSONValue] =
            [["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]]
            + ["tenant", "project"].map { OpenAPI.parameter($0) }
        let object: JSONValue = ["type": "object"]
        return [
            "/api/v1/grants/{name}/revoke": [
                "post": OpenAPI.operation(
                    "revokeGrant", "End a grant for good, and every reading with it.",
                    parameters: parameters + [OpenAPI.parameter("reason")], answer: object)
            ],
            "/api/v1/grants/{name}/meter": [
                "get": OpenAPI.operation(
                    "grantMeter", "What was counted with a grant.", parameters: parameters, answer: object)
            ],
            "/api/v1/grants/{name}/uses": [
                "get": OpenAPI.operation(
                    "grantUses", "The jobs that used a grant, newest first, and whether they read still.",
                    parameters: parameters + [
                        OpenAPI.parameter("before"),
                        OpenAPI.parameter("limit", ["type": "integer", "minimum": 1, "maximum": 1000]),
                    ], answer: OpenAPI.items)
            ],
        ]
    }
}
