import Faults
import HTTPTypes
import Hummingbird
import Ledger
import People
public import Resources
public import Sites

/// This site's identity, and how others become its peers and cease to be.
public struct PeerRoutes: APIRoutes {
    private let identity: SiteIdentity
    private let profile: SiteProfile
    private let joining: Joining
    private let peers: PeerService

    public init(identity: SiteIdentity, profile: SiteProfile, joining: Joining, peers: PeerService) {
        self.identity = identity
        self.profile = profile
        self.joining = joining
        self.peers = peers
    }

    public func add(to door: Door) {
        door.get("site", asks: .view(.site), use: site)
        door.post("peers/invite", asks: .manage(.invitations), keys: .refused, use: invite)
        door.post("peers/accept", asks: .manage(.peers), use: accept)
        door.post("peers/:name/revoke", asks: .manage(.peers), use: revoke)
        door.get("invitations", asks: .view(.invitations), use: invitations)
        door.delete("invitations/:id", asks: .manage(.invitations), use: withdraw)
    }

    @Sendable private func site(_ request: Request, _ context: APIContext) async throws -> Response {
        let leaf = identity.leaf
        return .json([
            "id": .string(identity.id.text), "fingerprint": .string(Self.fingerprint(identity.id.text)),
            "displayName": .string(profile.displayName), "addresses": .array(profile.addresses.map { .string($0) }),
            "leaf": [
                "serial": .string(String(leaf.serial)), "notBefore": .string(leaf.notBefore.description),
                "notAfter": .string(leaf.notAfter.description),
            ],
        ])
    }

    /// The one answer that holds a code; nothing on the way may keep it.
    @Sendable private func invite(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await Self.body(request, known: ["name", "addresses", "hours"])
        guard let name = body["name"]?.string else { throw Self.missing("name") }
        let addresses = try Self.texts(body["addresses"], "addresses")
        let hours = try Self.number(body["hours"], "hours") ?? Joining.hours
        let code = try await joining.invite(name: name, addresses: addresses, hours: hours, by: author(context))
        return .json(
            ["code": .string(code.text), "expires": .string(code.expiry.description)], status: .created,
            headers: [.cacheControl: "no-store"])
    }

    @Sendable private func accept(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await Self.body(request, known: ["code", "name"])
        guard let code = body["code"]?.string else { throw Self.missing("code") }
        return .resource(try await joining.accept(code, name: try Self.text(body["name"], "name"), by: author(context)))
    }

    @Sendable private func revoke(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        let note = ChangeNote(author: author(context), reason: request.query("reason") ?? "revoked")
        return .resource(try await peers.revoke(name, by: note))
    }

    @Sendable private func invitations(_ request: Request, _ context: APIContext) async throws -> Response {
        .list(try await joining.list().map(\.json))
    }

    @Sendable private func withdraw(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        try await joining.withdraw(id)
        return .json(["id": .string(id)])
    }

    /// In groups of four, as people read it to each other.
    private static func fingerprint(_ text: String) -> String {
        let characters = Array(text)
        return stride(from: 0, to: characters.count, by: 4).map {
            String(characters[$0..<min($0 + 4, characters.count)])
        }.joined(separator: " ")
    }

    private static func body(_ request: Request, known: [String]) async throws -> [String: JSONValue] {
        let document = try await request.document()
        guard let members = document.value.object else { throw missing(known[0]) }
        for key in members.keys.sorted() where !known.contains(key) {
            throw Fault(
                ResourceFaults.unknownField, "The request has a field that is not known here.", at: "request body",
                wanted: known.joined(separator: ", "))
        }
        return members.filter { $0.value != .null }
    }

    private static func missing(_ name: String) -> Fault {
        Fault(ProgramFaults.badRequest, "The request has no \(name).", at: name, wanted: "a text")
    }

    private static func text(_ value: JSONValue?, _ name: String) throws(Fault) -> String? {
        guard let value else { return nil }
        guard let text = value.string else { throw missing(name) }
        return text
    }

    private static func texts(_ value: JSONValue?, _ name: String) throws(Fault) -> [String] {
        guard let value else { return [] }
        guard let elements = value.array, elements.allSatisfy({ $0.string != nil }) else {
            throw Fault(
                ProgramFaults.badRequest, "'\(name)' cannot be used.", at: name, wanted: "a list of texts")
        }
        return elements.compactMap(\.string)
    }

    private static func number(_ value: JSONValue?, _ name: String) throws(Fault) -> Int? {
        guard let value else { return nil }
        guard let number = value.integer else {
            throw Fault(ProgramFaults.badRequest, "'\(name)' cannot be used.", at: name, wanted: "a whole number")
        }
        return Int(number)
    }
}

extension PeerRoutes {
    public var paths: [String: JSONValue] {
        let object: JSONValue = ["type": "object"]
        func parameter(_ name: String) -> JSONValue {
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let invitation: JSONValue = [
            "type": "object", "required": ["name"],
            "properties": [
                "name": ["type": "string"], "addresses": ["type": "array", "items": ["type": "string"]],
                "hours": ["type": "integer", "minimum": 1, "maximum": .integer(Int64(Joining.mostHours))],
            ],
        ]
        let acceptance: JSONValue = [
            "type": "object", "required": ["code"],
            "properties": ["code": ["type": "string"], "name": ["type": "string"]],
        ]
        return [
            "/api/v1/site": [
                "get": OpenAPI.operation("site", "This site's identity.", parameters: [], answer: object)
            ],
            "/api/v1/peers/invite": [
                "post": OpenAPI.operation(
                    "invitePeer", "Make a join code: a secret that is shown once.", parameters: [], body: invitation,
                    answer: object, status: "201")
            ],
            "/api/v1/peers/accept": [
                "post": OpenAPI.operation(
                    "acceptPeer", "Join the site that made a code.", parameters: [], body: acceptance, answer: object)
            ],
            "/api/v1/peers/{name}/revoke": [
                "post": OpenAPI.operation(
                    "revokePeer", "Cut a peer for good.", parameters: [parameter("name")], answer: object)
            ],
            "/api/v1/invitations": [
                "get": OpenAPI.operation(
                    "listInvitations", "Invitations, never their codes.", parameters: [], answer: OpenAPI.items)
            ],
            "/api/v1/invitations/{id}": [
                "delete": OpenAPI.operation(
                    "withdrawInvitation", "Make an open invitation's code useless.", parameters: [parameter("id")],
                    answer: object)
            ],
        ]
    }
}
