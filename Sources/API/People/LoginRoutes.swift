import Faults
import HTTPTypes
import Hummingbird
public import People
public import Resources

/// Logging in and out, and what belongs to whoever is logged in: sessions, tokens, the own password.
public struct LoginRoutes: APIRoutes {
    private let logins: Logins

    public init(logins: Logins) {
        self.logins = logins
    }

    public func add(to door: Door) {
        door.post("login", asks: .nobody, audited: .login, keys: .refused, use: login)
        door.post("logout", asks: .person, audited: .login, use: logout)
        door.post("first-administrator", asks: .nobody, audited: .login, keys: .refused, use: makeFirst)
        door.post("first-administrator/link", asks: .manage(.users), keys: .refused, use: makeFirstSecret)
        door.get("me", asks: .caller, use: me)
        door.put("me/password", asks: .person, audited: .login, keys: .refused, use: changePassword)
        door.get("sessions", asks: .person) { _, context in
            .list(try await logins.sessions(of: try Self.user(context)).map { $0.json(isOwn: context.caller) })
        }
        door.delete("sessions/:id", asks: .person) { _, context in
            let id = try context.parameters.require("id")
            try await logins.endSession(id, of: try Self.user(context))
            return .json(["id": .string(id)])
        }
        door.get("tokens", asks: .person) { _, context in
            .list(try await logins.tokens(of: try Self.user(context)).map(\.json))
        }
        door.post("tokens", asks: .person, keys: .refused, use: makeToken)
        door.delete("tokens/:id", asks: .person) { _, context in
            let id = try context.parameters.require("id")
            try await logins.endToken(id, of: try Self.user(context))
            return .json(["id": .string(id)])
        }
    }

    @Sendable private func login(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.fields(["name", "password", "as"])
        let form = try Form(body)
        let name = try body.text("name")
        let isKnown = try await logins.isKnown(name)
        if isKnown { context.subject.add("user \(name)") }
        let (secret, session) = try await logins.login(
            name, password: Array(try body.text("password").utf8), from: context.address,
            replacing: SignedInCallers.secret(request.head))
        if !isKnown { context.subject.add("user \(session.user)") }
        return Self.answer(secret, session, form)
    }

    @Sendable private func makeFirst(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.fields(["secret", "name", "displayName", "password", "as"])
        let form = try Form(body)
        guard let secret = BearerSecret(try body.text("secret")) else { throw Fault(PeopleFaults.notFirst) }
        let (own, session) = try await logins.makeFirst(
            try body.text("name"), displayName: try body.optionalText("displayName") ?? "",
            password: Array(try body.text("password").utf8), by: secret, from: context.address)
        context.subject.add("user \(session.user)")
        return Self.answer(own, session, form)
    }

    /// The one answer that holds the secret; nothing on the way may keep it.
    @Sendable private func makeFirstSecret(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let secret = try await logins.makeFirstSecret() else { throw Fault(PeopleFaults.notFirst) }
        return .json(["secret": .string(secret.text)], status: .created, headers: [.cacheControl: "no-store"])
    }

    @Sendable private func logout(_ request: Request, _ context: APIContext) async throws -> Response {
        if let session = context.caller?.session { try await logins.endSession(session, of: try Self.user(context)) }
        return .json([:], headers: [.setCookie: Self.cookie("", seconds: 0)])
    }

    @Sendable private func me(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let caller = context.caller else { throw Fault(PeopleFaults.notSignedIn) }
        var members: [String: JSONValue] = [
            "account": .string(caller.account), "roles": .array(caller.authority.bindings.map(\.json)),
            "isOperator": .bool(caller.user == nil),
        ]
        if let user = caller.user { members["user"] = .string(user) }
        if let session = caller.session { members["session"] = .string(session) }
        if let token = caller.token { members["token"] = .string(token) }
        return .json(.object(members), headers: [.cacheControl: "no-store"])
    }

    @Sendable private func changePassword(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.fields(["old", "new"])
        let user = try Self.user(context)
        try await logins.changePassword(
            user, from: Array(try body.text("old").utf8), to: Array(try body.text("new").utf8),
            session: context.caller?.session ?? "", address: context.address)
        return .json(["user": .string(user)])
    }

    @Sendable private func makeToken(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.fields(["name", "permissions", "tenant", "project", "days"])
        var new = NewToken(name: try body.text("name"))
        for key in ["tenant", "project"] {
            if let name = try body.optionalText(key) { try Names.check(name, at: key) }
        }
        new.scope = Scope(tenant: try body.optionalText("tenant"), project: try body.optionalText("project"))
        if let days = body["days"] {
            guard let days = days.integer, let number = Int(exactly: days) else {
                throw Fault(PeopleFaults.tokenForm, at: "days", wanted: "a whole number of days")
            }
            new.days = number
        }
        if let permissions = body["permissions"] {
            guard let list = permissions.array, !list.isEmpty, list.count <= 64 else {
                throw Fault(PeopleFaults.tokenForm, at: "permissions", wanted: "1 to 64 texts such as datasets.view")
            }
            new.permissions = try Set(
                list.map { entry in
                    guard let permission = entry.string.flatMap({ Permission($0) }) else {
                        throw Fault(
                            PeopleFaults.tokenForm, at: "permissions",
                            wanted: "a noun with view or manage, such as datasets.view")
                    }
                    return permission
                })
        }
        let (secret, token) = try await logins.makeToken(new, for: try Self.user(context))
        context.subject.add("token \(token.id)")
        guard case .object(var members) = token.json else { throw Fault(ProgramFaults.unexpected) }
        members["secret"] = .string(secret.text)
        return .json(.object(members), status: .created, headers: [.cacheControl: "no-store"])
    }

    /// How a login is answered: with a cookie for browsers, or with the secret for programs.
    private enum Form: String {
        case cookie, bearer

        init(_ body: [String: JSONValue]) throws(Fault) {
            guard let form = Form(rawValue: try body.optionalText("as") ?? Form.cookie.rawValue) else {
                throw [String: JSONValue].unusable("as", "cookie or bearer")
            }
            self = form
        }
    }

    private static func answer(_ secret: BearerSecret, _ session: Session, _ form: Form) -> Response {
        var members: [String: JSONValue] = [
            "user": .string(session.user), "session": .string(session.id), "ends": .string(session.ends.description),
        ]
        var headers: HTTPFields = [.cacheControl: "no-store"]
        switch form {
        case .bearer: members["secret"] = .string(secret.text)
        case .cookie:
            let seconds = (session.ends.milliseconds - session.created.milliseconds) / 1_000
            headers[.setCookie] = cookie(secret.text, seconds: seconds)
        }
        return .json(.object(members), headers: headers)
    }

    private static func cookie(_ value: String, seconds: Int64) -> String {
        "\(SignedInCallers.cookie)=\(value); Path=/; Max-Age=\(seconds); Secure; HttpOnly; SameSite=Strict"
    }

    private static func user(_ context: APIContext) throws(Fault) -> String {
        guard let user = context.caller?.user else { throw Fault(PeopleFaults.personOnly) }
        return user
    }
}

extension LoginRoutes {
    public var paths: [String: JSONValue] {
        let object: JSONValue = ["type": "object"]
        let id: JSONValue = ["name": "id", "in": "path", "required": true, "schema": ["type": "string"]]
        func body(_ required: [String], _ more: [String: JSONValue] = [:]) -> JSONValue {
            let texts = Dictionary(uniqueKeysWithValues: required.map { ($0, ["type": "string"] as JSONValue) })
            return [
                "type": "object", "required": .array(required.map { .string($0) }),
                "properties": .object(texts.merging(more) { $1 }),
            ]
        }
        let form: JSONValue = ["type": "string", "enum": ["cookie", "bearer"]]
        let token: [String: JSONValue] = [
            "permissions": ["type": "array", "items": ["type": "string"]], "tenant": ["type": "string"],
            "project": ["type": "string"], "days": ["type": "integer", "minimum": 1, "maximum": 365],
        ]
        func operation(
            _ id: String, _ summary: String, _ parameters: [JSONValue] = [], body: JSONValue? = nil,
            answer: JSONValue = ["type": "object"], status: String = "200"
        ) -> JSONValue {
            OpenAPI.operation(id, summary, parameters: parameters, body: body, answer: answer, status: status)
        }
        return [
            "/api/v1/login": [
                "post": operation(
                    "login", "Begin a session: a cookie for browsers, a secret for programs.",
                    body: body(["name", "password"], ["as": form]))
            ],
            "/api/v1/logout": ["post": operation("logout", "End the session of the request.")],
            "/api/v1/first-administrator": [
                "post": operation(
                    "makeFirstAdministrator", "Make the first administrator with the secret of the one-time link.",
                    body: body(["secret", "name", "password"], ["displayName": ["type": "string"], "as": form]))
            ],
            "/api/v1/first-administrator/link": [
                "post": operation(
                    "makeFirstLink", "A new secret for the first administrator; earlier ones are void.", answer: object,
                    status: "201")
            ],
            "/api/v1/me": ["get": operation("me", "Who asks, and with which roles.")],
            "/api/v1/me/password": [
                "put": operation(
                    "changePassword", "Change the own password; other sessions end.", body: body(["old", "new"]))
            ],
            "/api/v1/sessions": ["get": operation("listSessions", "The own sessions.", answer: OpenAPI.items)],
            "/api/v1/sessions/{id}": ["delete": operation("endSession", "End one of the own sessions.", [id])],
            "/api/v1/tokens": [
                "get": operation("listTokens", "The own tokens, never their secrets.", answer: OpenAPI.items),
                "post": operation(
                    "makeToken", "Make a token with what the caller may do, or less; its secret is shown once.",
                    body: body(["name"], token), status: "201"),
            ],
            "/api/v1/tokens/{id}": ["delete": operation("endToken", "End one of the own tokens.", [id])],
        ]
    }
}
