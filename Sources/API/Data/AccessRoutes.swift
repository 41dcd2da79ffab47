public import Data
import Faults
import Hummingbird
import People
public import Resources

/// Answering what peers ask for, and showing schemas to them; the requests themselves are resources like any other.
public struct AccessRoutes: APIRoutes {
    private let desk: AccessDesk

    public init(desk: AccessDesk) {
        self.desk = desk
    }

    public func add(to door: Door) {
        door.post("accessrequests/:name/grant", asks: .manage(.grants), use: grant)
        door.post("accessrequests/:name/refuse", asks: .manage(.grants), use: refuse)
        // It is a label of the dataset, which whoever manages datasets can write.
        door.post("datasets/:name/offer", asks: .manage(.datasets), use: offer)
        door.get("peers/:name/offers", asks: .view(.accessRequests), use: offers)
    }

    private static let terms = [
        "columns", "algorithms", "reveals", "uses", "notBefore", "notAfter", "rows", "minimumIntersection",
        "minimumBin",
        "distinctIds",
    ]

    @Sendable private func grant(_ request: Request, _ context: APIContext) async throws -> Response {
        var body = try await request.fields(["name", "reason"] + Self.terms, atMost: 1 << 20)
        let (name, reason) = (try body.optionalText("name"), try body.optionalText("reason"))
        body["name"] = nil
        body["reason"] = nil
        let id = try id(request, context)
        context.subject.add(id)
        let note = ChangeNote(author: author(context), reason: reason ?? "")
        return .resource(try await desk.grant(id, as: name, body, by: note))
    }

    @Sendable private func refuse(_ request: Request, _ context: APIContext) async throws -> Response {
        let reason = try await request.fields(["reason"]).text("reason")
        guard (1...200).contains(reason.count) else {
            throw Fault(
                ProgramFaults.badRequest, "'reason' is empty or too long.", at: "reason", wanted: "1 to 200 characters")
        }
        let id = try id(request, context)
        context.subject.add(id)
        return .resource(try await desk.refuse(id, by: ChangeNote(author: author(context), reason: reason)))
    }

    @Sendable private func offer(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.fields(["peer", "isOffered"])
        let peer = try body.text("peer")
        guard let isOffered = (body["isOffered"] ?? true).bool else {
            throw Fault(
                ProgramFaults.badRequest, "'isOffered' cannot be used.", at: "isOffered", wanted: "true or false")
        }
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        let id = Dataset.id(name, in: try request.scope())
        context.subject.add(id)
        let note = ChangeNote(
            author: author(context), reason: isOffered ? "offered to \(peer)" : "not offered to \(peer) any more")
        return .resource(try await desk.offer(id, to: peer, isOffered, by: note))
    }

    @Sendable private func offers(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        return .list(try await desk.offers(of: name))
    }

    private func id(_ request: Request, _ context: APIContext) throws -> ResourceID {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        return AccessRequest.id(name, in: try request.scope())
    }

    public var paths: [String: JSONValue] {
        let one: [JSONValue] =
            [["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]]
            + ["tenant", "project"].map { OpenAPI.parameter($0) }
        let object: JSONValue = ["type": "object"]
        let text: JSONValue = ["type": "string"]
        let (texts, whole): (JSONValue, JSONValue) = (["type": "array", "items": text], ["type": "integer"])
        let moment: JSONValue = ["type": "string", "format": "date-time"]
        func body(_ members: [String: JSONValue], required: [String] = []) -> JSONValue {
            [
                "type": "object", "required": .array(required.map { .string($0) }), "properties": .object(members),
                "additionalProperties": false,
            ]
        }
        let terms = body([
            "name": text, "reason": text, "columns": texts, "algorithms": texts, "reveals": texts, "uses": whole,
            "notBefore": moment, "notAfter": moment, "rows": whole, "minimumIntersection": whole,
            "minimumBin": whole, "distinctIds": whole,
        ])
        let reason: JSONValue = ["type": "string", "minLength": 1, "maxLength": 200]
        return [
            "/api/v1/accessrequests/{name}/grant": [
                "post": OpenAPI.operation(
                    "grantRequest", "Grant what a peer asks for, or less of it.", parameters: one, body: terms,
                    answer: object)
            ],
            "/api/v1/accessrequests/{name}/refuse": [
                "post": OpenAPI.operation(
                    "refuseRequest", "Refuse what a peer asks for, with a reason that it is told.", parameters: one,
                    body: body(["reason": reason], required: ["reason"]), answer: object)
            ],
            "/api/v1/datasets/{name}/offer": [
                "post": OpenAPI.operation(
                    "offerDataset", "Show the columns of a dataset to a peer, or not any more; never rows.",
                    parameters: one, body: body(["peer": text, "isOffered": ["type": "boolean"]], required: ["peer"]),
                    answer: object)
            ],
            "/api/v1/peers/{name}/offers": [
                "get": OpenAPI.operation(
                    "listOffers", "The datasets whose columns a peer shows to this site.", parameters: one,
                    answer: OpenAPI.items)
            ],
        ]
    }
}
