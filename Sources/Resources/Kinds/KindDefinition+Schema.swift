extension KindDefinition {
    /// The JSON Schema (as in OpenAPI 3.1) of a document of this kind, from the same fields that validate it.
    public var jsonSchema: JSONValue {
        var metadata: [String: JSONValue] = [
            "name": ["type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"],
            "labels": ["type": "object", "additionalProperties": ["type": "string", "maxLength": 63]],
            "uid": ["type": "string", "readOnly": true],
            "generation": ["type": "integer", "readOnly": true],
            "resourceVersion": ["type": "string"],
            "creationTimestamp": ["type": "string", "format": "date-time", "readOnly": true],
            "deletionTimestamp": ["type": "string", "format": "date-time", "readOnly": true],
            "finalizers": ["type": "array", "items": ["type": "string"], "readOnly": true],
            "ownerReferences": ["type": "array", "items": ["type": "object"], "readOnly": true],
        ]
        var required: [JSONValue] = ["name"]
        if scope != .platform {
            metadata["tenant"] = ["type": "string"]
            required.append("tenant")
        }
        if scope == .project {
            metadata["project"] = ["type": "string"]
            required.append("project")
        }
        return [
            "type": "object", "description": .string(summary), "required": ["apiVersion", "kind", "metadata", "spec"],
            "additionalProperties": false,
            "properties": [
                "apiVersion": ["type": "string", "const": .string(Resource.apiVersion)],
                "kind": ["type": "string", "const": .string(name)],
                "metadata": [
                    "type": "object", "required": .array(required), "properties": .object(metadata),
                    "additionalProperties": false,
                ],
                "spec": FieldType.group(fields).jsonSchema,
                "status": ["type": "object", "readOnly": true],
            ],
        ]
    }
}

extension FieldType {
    var jsonSchema: JSONValue {
        switch self {
        case .text(let length, let form):
            var schema: [String: JSONValue] = [
                "type": "string", "minLength": .integer(Int64(length.lowerBound)),
                "maxLength": .integer(Int64(length.upperBound)),
            ]
            if case .timestamp = form { schema["format"] = "date-time" }
            if case .name = form { schema["pattern"] = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" }
            return .object(schema)
        case .choice(let words): return ["type": "string", "enum": .array(words.map { .string($0) })]
        case .integer(let range):
            return ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number(let range):
            return ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .boolean: return ["type": "boolean"]
        case .list(let element, let count):
            return [
                "type": "array", "items": element.jsonSchema, "minItems": .integer(Int64(count.lowerBound)),
                "maxItems": .integer(Int64(count.upperBound)),
            ]
        case .map(let element, let most):
            return [
                "type": "object", "additionalProperties": element.jsonSchema, "maxProperties": .integer(Int64(most)),
            ]
        case .scalars(let most):
            return [
                "type": "object", "maxProperties": .integer(Int64(most)),
                "additionalProperties": ["type": ["string", "number", "boolean"]],
            ]
        case .group(let fields):
            var properties: [String: JSONValue] = [:]
            for field in fields {
                var schema = field.type.jsonSchema.object ?? [:]
                schema["description"] = .string(field.summary)
                if let value = field.defaultValue { schema["default"] = value }
                properties[field.name] = .object(schema)
            }
            return [
                "type": "object", "properties": .object(properties), "additionalProperties": false,
                "required": .array(fields.filter(\.isRequired).map { .string($0.name) }),
            ]
        case .reference(let kind):
            return ["type": "string", "description": .string("The name of a \(kind).")]
        }
    }
}
