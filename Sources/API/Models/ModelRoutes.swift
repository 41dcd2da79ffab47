import Faults
import HTTPTypes
import Hummingbird
import Jobs
public import Models
import NIOCore
import People
public import Resources

/// Looking into versions of models, taking them out, and naming them; models themselves are resources like any other.
public struct ModelRoutes: APIRoutes {
    private let shelf: ModelShelf
    private let releases: Releases

    public init(shelf: ModelShelf, releases: Releases) {
        self.shelf = shelf
        self.releases = releases
    }

    public func add(to door: Door) {
        door.get("models/:name/facts", asks: .view(.models), use: facts)
        door.get("models/:name/export", asks: .view(.models), audited: .read, use: export)
        door.post("models/:name/alias", asks: .manage(.models), use: alias)
    }

    @Sendable private func facts(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(
            try await shelf.facts(try request.modelReference(context), in: try request.scope()),
            headers: [.cacheControl: "no-store"])
    }

    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let form = ModelExport(rawValue: request.query("form") ?? ModelExport.native.rawValue) else {
            throw Fault(
                ModelFaults.form, at: "form", wanted: ModelExport.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let (reference, scope) = (try request.modelReference(context), try request.scope())
        try await releases.check("models/\(reference)", in: scope, by: author(context))
        let bytes = try await shelf.export(reference, in: scope, as: form)
        return Response(
            status: .ok, headers: [.contentType: form.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    @Sendable private func alias(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        let note = ChangeNote(author: author(context), reason: request.query("reason") ?? "")
        let model = try await shelf.setAlias(
            request.query("alias") ?? "", of: name, to: try request.number("version", in: 1...Int64(Int32.max)),
            in: try request.scope(), by: note)
        return .resource(model)
    }

    public var paths: [String: JSONValue] {
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        let one = [name] + ["tenant", "project", "version"].map { OpenAPI.parameter($0) }
        let object: JSONValue = ["type": "object"]
        return [
            "/api/v1/models/{name}/facts": [
                "get": OpenAPI.operation(
                    "modelFacts", "What is inside of a version of a model, as far as this party knows.",
                    parameters: one, answer: object)
            ],
            "/api/v1/models/{name}/export": [
                "get": OpenAPI.operation(
                    "exportModel", "A version as it is kept, as text, or for XGBoost where it is whole here.",
                    parameters: one + [OpenAPI.parameter("form")], answer: object,
                    types: ["application/octet-stream", "text/plain", "application/json"])
            ],
            "/api/v1/models/{name}/alias": [
                "post": OpenAPI.operation(
                    "setModelAlias", "Calls a version by an alias; without a version the alias is taken away.",
                    parameters: one + [OpenAPI.parameter("alias")], answer: object)
            ],
        ]
    }
}
