import Faults
import HTTPTypes
import Hummingbird
public import People
public import Resources

/// Deciding on what others ask for, and asking for releases; approvals themselves are resources that the site makes.
public struct ApprovalRoutes: APIRoutes {
    private let desk: ApprovalDesk
    private let releases: Releases

    public init(desk: ApprovalDesk, releases: Releases) {
        self.desk = desk
        self.releases = releases
    }

    public func add(to door: Door) {
        door.post("approvals/:name/approve", asks: .manage(.approvals)) { request, context in
            try await decide(true, request, context)
        }
        door.post("approvals/:name/refuse", asks: .manage(.approvals)) { request, context in
            try await decide(false, request, context)
        }
        door.post("releases", asks: .manage(.releases), use: ask)
    }

    private func decide(_ isApproved: Bool, _ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        let id = Approval.id(name, in: try request.scope())
        context.subject.add(id)
        return .resource(
            try await desk.decide(
                id, isApproved: isApproved, by: author(context), reason: request.query("reason") ?? ""))
    }

    @Sendable private func ask(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.fields(["subject", "why"])
        let approval = try await releases.ask(
            try body.text("subject"), why: body["why"]?.string ?? "", in: try request.scope(), by: author(context))
        context.subject.add(approval.id)
        return .resource(approval, status: .created)
    }

    public var paths: [String: JSONValue] {
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        let scope = ["tenant", "project"].map { OpenAPI.parameter($0) }
        let object: JSONValue = ["type": "object"]
        let decision = [name] + scope + [OpenAPI.parameter("reason")]
        let release: JSONValue = [
            "type": "object", "required": ["subject"],
            "properties": ["subject": ["type": "string"], "why": ["type": "string"]],
        ]
        return [
            "/api/v1/approvals/{name}/approve": [
                "post": OpenAPI.operation(
                    "approve", "Approve what another person asks for.", parameters: decision, answer: object)
            ],
            "/api/v1/approvals/{name}/refuse": [
                "post": OpenAPI.operation(
                    "refuse", "Refuse what another person asks for.", parameters: decision, answer: object)
            ],
            "/api/v1/releases": [
                "post": OpenAPI.operation(
                    "askForRelease", "Ask for the approval of taking a result of jobs out of the site.",
                    parameters: scope, body: release, answer: object, status: "201")
            ],
        ]
    }
}
