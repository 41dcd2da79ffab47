import Faults
import HTTPTypes
import Hummingbird
public import People
public import Resources

/// What managers of users and of members can do beyond the resource: passwords, locks, the logins of others, roles in a
/// tenant.
public struct UserRoutes: APIRoutes {
    private let logins: Logins
    private let members: Members

    public init(logins: Logins, members: Members) {
        self.logins = logins
        self.members = members
    }

    public func add(to door: Door) {
        door.get("roles", asks: .caller) { _, _ in .list(try await members.roles().all.map(\.json)) }
        door.get("members", asks: .view(.members), use: listMembers)
        door.post("users/:name/roles/:role", asks: .manage(.members), use: give)
        door.delete("users/:name/roles/:role", asks: .manage(.members), use: take)
        door.get("users/:name/login", asks: .view(.users), use: state)
        door.put("users/:name/password", asks: .manage(.users), keys: .refused, use: setPassword)
        door.post("users/:name/unlock", asks: .manage(.users)) { _, context in
            let name = try context.parameters.require("name")
            try await logins.unlock(name)
            return .json(["user": .string(name)])
        }
        door.get("users/:name/sessions", asks: .view(.users)) { _, context in
            .list(try await logins.sessions(of: try Self.name(context)).map { $0.json(isOwn: context.caller) })
        }
        door.delete("users/:name/sessions", asks: .manage(.users)) { _, context in
            let name = try Self.name(context)
            try await logins.endSessions(of: name)
            return .json(["user": .string(name)])
        }
        door.get("users/:name/tokens", asks: .view(.users)) { _, context in
            .list(try await logins.tokens(of: try Self.name(context)).map(\.json))
        }
        door.delete("users/:name/tokens/:id", asks: .manage(.users)) { _, context in
            let id = try context.parameters.require("id")
            try await logins.endToken(id, of: try Self.name(context))
            return .json(["id": .string(id)])
        }
    }

    @Sendable private func listMembers(_ request: Request, _ context: APIContext) async throws -> Response {
        .list(
            try await members.list(in: try request.scope()).map {
                [
                    "user": .string($0.user), "displayName": .string($0.displayName), "role": .string($0.role),
                    "tenant": $0.scope.tenant.map { .string($0) } ?? .null,
                    "project": $0.scope.project.map { .string($0) } ?? .null,
                ]
            })
    }

    @Sendable private func give(_ request: Request, _ context: APIContext) async throws -> Response {
        try await change(request, context) { role, user, scope, author in
            let note = ChangeNote(author: author, reason: request.query("reason") ?? "role given")
            _ = try await members.give(role, to: user, in: scope, by: note)
        }
    }

    @Sendable private func take(_ request: Request, _ context: APIContext) async throws -> Response {
        try await change(request, context) { role, user, scope, author in
            let note = ChangeNote(author: author, reason: request.query("reason") ?? "role taken")
            _ = try await members.take(role, from: user, in: scope, by: note)
        }
    }

    /// Answers with what was asked for: the rest of the user is not the tenant's to see.
    private func change(
        _ request: Request, _ context: APIContext, _ body: (String, String, Scope, String) async throws -> Void
    ) async throws -> Response {
        let (role, user, scope) = (
            try context.parameters.require("role"), try Self.name(context), try request.scope()
        )
        try await body(role, user, scope, author(context))
        return .json([
            "user": .string(user), "role": .string(role), "tenant": scope.tenant.map { .string($0) } ?? .null,
            "project": scope.project.map { .string($0) } ?? .null,
        ])
    }

    @Sendable private func state(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try Self.name(context)
        let state = try await logins.state(of: name)
        return .json([
            "user": .string(name), "hasPassword": .bool(state.hasPassword),
            "directory": state.directory.map { .string($0) } ?? .null,
            "passwordChanged": state.passwordChanged.map { .string($0.description) } ?? .null,
            "lockedUntil": state.lockedUntil.map { .string($0.description) } ?? .null,
            "sessions": .integer(Int64(state.sessions)), "tokens": .integer(Int64(state.tokens)),
        ])
    }

    @Sendable private func setPassword(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try Self.name(context)
        let body = try await request.fields(["password"])
        try await logins.setPassword(name, to: Array(try body.text("password").utf8))
        return .json(["user": .string(name)])
    }

    private static func name(_ context: APIContext) throws -> String {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        return name
    }
}

extension UserRoutes {
    public var paths: [String: JSONValue] {
        func path(_ name: String) -> JSONValue {
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let scope = ["tenant", "project"].map { OpenAPI.parameter($0) }
        let password: JSONValue = [
            "type": "object", "required": ["password"], "properties": ["password": ["type": "string"]],
        ]
        func operation(
            _ id: String, _ summary: String, _ parameters: [JSONValue], body: JSONValue? = nil,
            answer: JSONValue = ["type": "object"]
        ) -> JSONValue {
            OpenAPI.operation(id, summary, parameters: parameters, body: body, answer: answer)
        }
        let roles = [path("name"), path("role")] + scope + [OpenAPI.parameter("reason")]
        return [
            "/api/v1/roles": [
                "get": operation("listRoles", "Every role with its permissions.", [], answer: OpenAPI.items)
            ],
            "/api/v1/members": [
                "get": operation("listMembers", "Who has which role in a tenant.", scope, answer: OpenAPI.items)
            ],
            "/api/v1/users/{name}/roles/{role}": [
                "post": operation("giveRole", "Give a role in a tenant or project.", roles),
                "delete": operation("takeRole", "Take a role in a tenant or project away.", roles),
            ],
            "/api/v1/users/{name}/login": [
                "get": operation("loginState", "Whether a user has a password, and is locked.", [path("name")])
            ],
            "/api/v1/users/{name}/password": [
                "put": operation("setPassword", "Set a password; every session ends.", [path("name")], body: password)
            ],
            "/api/v1/users/{name}/unlock": [
                "post": operation("unlockUser", "End the lock after failed logins.", [path("name")])
            ],
            "/api/v1/users/{name}/sessions": [
                "get": operation("listSessionsOf", "Sessions of a user.", [path("name")], answer: OpenAPI.items),
                "delete": operation("endSessionsOf", "End every session of a user.", [path("name")]),
            ],
            "/api/v1/users/{name}/tokens": [
                "get": operation("listTokensOf", "Tokens of a user.", [path("name")], answer: OpenAPI.items)
            ],
            "/api/v1/users/{name}/tokens/{id}": [
                "delete": operation("endTokenOf", "End a token of a user.", [path("name"), path("id")])
            ],
        ]
    }
}
