import Faults
import Resources

/// The description of the API (OpenAPI 3.1), made from the kinds that validate and the faults that are thrown.
struct OpenAPI {
    let registry: KindRegistry
    let program: ProgramDescription
    let routes: [any APIRoutes]

    /// - Parameter entries: every route that is there; each operation tells what it asks of its caller as
    ///   `x-atoll-permission`, and where that is looked for as `x-atoll-scope`.
    /// - Precondition: routes and descriptions are the same ones.
    func document(of entries: [Door.Entry]) -> JSONValue {
        var paths: [String: JSONValue] = fixedPaths
        var schemas: [String: JSONValue] = ["Problem": Self.problemSchema]
        for kind in registry.kinds {
            schemas[kind.name] = kind.jsonSchema
            paths.merge(self.paths(of: kind), uniquingKeysWith: { $1 })
        }
        for part in routes { paths.merge(part.paths, uniquingKeysWith: { $1 }) }
        Self.tell(entries, in: &paths)
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Atoll", "version": .string(program.version),
                "description": "Resources of one site. Errors are problem details with a stable number.",
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths),
            "components": ["schemas": .object(schemas), "securitySchemes": Self.securitySchemes],
            "security": [["bearer": []], ["session": []]],
        ]
    }

    private func paths(of kind: KindDefinition) -> [String: JSONValue] {
        let collection = "/api/v1/\(kind.plural)"
        let item = "\(collection)/{name}"
        let reference: JSONValue = ["$ref": .string("#/components/schemas/\(kind.name)")]
        let list: JSONValue = [
            "type": "object", "required": ["items", "resourceVersion"],
            "properties": [
                "items": ["type": "array", "items": reference], "resourceVersion": ["type": "string"],
                "continue": ["type": "string"],
            ],
        ]
        let name: JSONValue = [
            "name": "name", "in": "path", "required": true, "schema": ["type": "string", "maxLength": 63],
        ]
        let scope = scopeParameters(kind, required: true)
        let match: JSONValue = ["name": "If-Match", "in": "header", "schema": ["type": "string"]]
        func operation(
            _ id: String,
            _ summary: String,
            parameters: [JSONValue],
            body: JSONValue? = nil,
            answer: JSONValue,
            types: [String] = ["application/json"],
            status: String = "200"
        ) -> JSONValue {
            Self.operation(
                "\(id)\(kind.name)", summary, parameters: parameters, body: body, answer: answer, types: types,
                status: status)
        }
        let filters =
            scopeParameters(kind, required: false)
            + ["selector", "continue", "from"].map { Self.parameter($0) } + [
                Self.parameter("limit", ["type": "integer", "minimum": 1, "maximum": 1000]),
                Self.parameter("watch", ["type": "boolean"]),
            ]
        return [
            collection: [
                "get": operation(
                    "list", "List or watch: \(kind.summary)", parameters: filters, answer: list,
                    types: ["application/json", "text/event-stream"]),
                "post": operation(
                    "create", "Create.", parameters: scopeParameters(kind, required: false), body: reference,
                    answer: reference, status: "201"),
            ],
            item: [
                "get": operation("get", "Read.", parameters: [name] + scope, answer: reference),
                "put": operation(
                    "replace", "Replace spec and labels.", parameters: [name, match] + scope, body: reference,
                    answer: reference),
                "delete": operation("delete", "Delete.", parameters: [name, match] + scope, answer: reference),
            ],
            "\(item)/history": [
                "get": operation("history", "Every revision.", parameters: [name] + scope, answer: Self.items)
            ],
            "\(item)/diff": [
                "get": operation(
                    "diff", "What changed between two revisions.",
                    parameters: [
                        name, Self.parameter("from", ["type": "integer", "minimum": 1]),
                        Self.parameter("to", ["type": "integer", "minimum": 1]),
                    ] + scope, answer: Self.items)
            ],
            "\(item)/rollback": [
                "post": operation(
                    "rollback", "Write an old spec as a new revision.", parameters: [name] + scope,
                    body: [
                        "type": "object", "required": ["to"],
                        "properties": [
                            "to": ["type": "integer", "minimum": 1], "reason": ["type": "string", "maxLength": 200],
                        ],
                    ], answer: reference)
            ],
        ]
    }

    private var fixedPaths: [String: JSONValue] {
        let object: JSONValue = ["type": "object"]
        func get(_ id: String, _ summary: String, _ answer: JSONValue) -> JSONValue {
            ["get": Self.operation(id, summary, parameters: [], answer: answer)]
        }
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        return [
            "/api/v1/version": get("version", "Version of program and API.", object),
            "/api/v1/openapi.json": get("openapi", "This document.", object),
            "/api/v1/kinds": get("kinds", "Every kind with its fields.", Self.items),
            "/api/v1/faults": get("faults", "Every numbered error.", Self.items),
            "/api/v1/doctor": get("doctor", "The server's checks of itself.", Self.items),
            "/api/v1/secrets": get("listSecrets", "Names of secrets, never values.", Self.items),
            "/api/v1/secrets/{name}": [
                "put": Self.operation(
                    "setSecret", "Seal a value under a name.", parameters: [name],
                    body: ["type": "string", "format": "binary"], bodyType: "application/octet-stream", answer: object),
                "delete": Self.operation("deleteSecret", "Forget a value.", parameters: [name], answer: object),
            ],
            "/api/v1/apply": [
                "post": Self.operation(
                    "apply", "Create or update every document of a file.",
                    parameters: ["tenant", "project", "file", "reason"].map { Self.parameter($0) } + [
                        Self.parameter("dryRun", ["type": "boolean"])
                    ], body: ["type": "string"], bodyType: "application/yaml", answer: Self.items)
            ],
        ]
    }

    private func scopeParameters(_ kind: KindDefinition, required: Bool) -> [JSONValue] {
        let names: [String] =
            switch kind.scope {
            case .platform: []
            case .tenant: ["tenant"]
            case .project: ["tenant", "project"]
            }
        return names.map { name in
            ["name": .string(name), "in": "query", "required": .bool(required), "schema": ["type": "string"]]
        }
    }

    static func parameter(_ name: String, _ schema: JSONValue = ["type": "string"]) -> JSONValue {
        ["name": .string(name), "in": "query", "schema": schema]
    }

    static let items: JSONValue = [
        "type": "object", "required": ["items"],
        "properties": ["items": ["type": "array", "items": ["type": "object"]]],
    ]

    /// - Parameters:
    ///   - answer: what JSON looks like.
    ///   - types: that the answer may have; of those that are not JSON only that they are text is told.
    ///   - status: of success; 204 has no content.
    static func operation(
        _ id: String,
        _ summary: String,
        parameters: [JSONValue],
        body: JSONValue? = nil,
        bodyType: String = "application/json",
        answer: JSONValue,
        types: [String] = ["application/json"],
        status: String = "200"
    ) -> JSONValue {
        let contents = types.map { type -> (String, JSONValue) in
            (type, ["schema": type == "application/json" ? answer : ["type": "string"]])
        }
        var done: [String: JSONValue] = ["description": "Done."]
        if status != "204" { done["content"] = .object(Dictionary(uniqueKeysWithValues: contents)) }
        var operation: [String: JSONValue] = [
            "operationId": .string(id), "summary": .string(summary), "parameters": .array(parameters),
            "responses": [
                status: .object(done),
                "default": [
                    "description": "Refused or failed.",
                    "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
                ],
            ],
        ]
        if let body {
            operation["requestBody"] = ["required": true, "content": .object([bodyType: ["schema": body]])]
        }
        return .object(operation)
    }

    private static let problemSchema: JSONValue = [
        "type": "object", "description": "RFC 9457 problem details.", "required": ["type", "title", "status", "code"],
        "properties": [
            "type": ["type": "string", "format": "uri"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "where": ["type": "string"], "wanted": ["type": "string"],
            "fix": ["type": "string"], "name": ["type": "string"],
            "code": ["type": "string", "enum": .array(FaultCatalogue.all.map { .string($0.number.description) })],
            "errors": ["type": "array", "items": ["type": "object"]],
        ],
    ]
}
