import Faults
import Hummingbird
public import Jobs
import People
public import Resources
public import TaskRuntime

/// The operators of the program, to read; and what a job would mean, without making it.
public struct OperatorRoutes: APIRoutes {
    private let catalogue: OperatorCatalogue
    private let preview: JobPreview

    public init(catalogue: OperatorCatalogue, preview: JobPreview) {
        self.catalogue = catalogue
        self.preview = preview
    }

    public func add(to door: Door) {
        door.get("operators", asks: .view(.site)) { [catalogue] _, _ in
            Response.list(catalogue.operators.map(\.description.json))
        }
        door.get("operators/:name", asks: .view(.site)) { [catalogue] _, context in
            let name = try context.parameters.require("name")
            guard let known = catalogue[name]?.description else {
                throw Fault(
                    JobFaults.unknownOperator, at: "path",
                    wanted: catalogue.operators.map(\.description.name).joined(separator: ", "))
            }
            return Response.json(known.json)
        }
        door.post("jobs/plan", asks: .documents(.view)) { [preview] request, _ in
            let documents = try YAMLReader.documents(try await request.bytes(), file: request.query("file"))
            guard let document = documents.first, documents.count == 1 else {
                throw Fault(ResourceFaults.syntax, "A plan is made of one document.", wanted: "one Job")
            }
            return Response.json(try await preview.statement(document, defaults: try request.scope()).json)
        }
    }

    public var paths: [String: JSONValue] {
        let object: JSONValue = ["type": "object"]
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        func query(_ name: String) -> JSONValue {
            ["name": .string(name), "in": "query", "schema": ["type": "string"]]
        }
        return [
            "/api/v1/operators": [
                "get": OpenAPI.operation(
                    "listOperators", "What tasks can do: parameters, roles, messages, what is learnt.",
                    parameters: [], answer: OpenAPI.items)
            ],
            "/api/v1/operators/{name}": [
                "get": OpenAPI.operation("getOperator", "One operator.", parameters: [name], answer: object)
            ],
            "/api/v1/jobs/plan": [
                "post": OpenAPI.operation(
                    "planJob", "What a job would mean: messages, cost, what each party learns. Stores nothing.",
                    parameters: [query("tenant"), query("project")], body: object, answer: object)
            ],
        ]
    }
}
