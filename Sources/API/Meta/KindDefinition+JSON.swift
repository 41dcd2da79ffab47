public import Resources

extension KindDefinition {
    /// What `atoll kinds` and `atoll explain` show.
    public var json: JSONValue {
        [
            "name": .string(name), "plural": .string(plural), "shortNames": .array(shortNames.map { .string($0) }),
            "scope": .string(scope.rawValue), "summary": .string(summary), "immutable": .bool(isImmutable),
            "rollback": .bool(!isImmutable && rollbackRefusal == nil),
            "columns": .array(
                columns.map { ["title": .string($0.title), "path": .array($0.path.map { .string($0) })] }
            ),
            "fields": .array(Self.rows(fields, path: "spec")), "example": .string(example),
        ]
    }

    /// Every field with its path, groups before their members.
    private static func rows(_ fields: [Field], path: String) -> [JSONValue] {
        fields.flatMap { field in
            var row: [String: JSONValue] = [
                "path": .string("\(path).\(field.name)"), "type": .string(field.type.summary),
                "required": .bool(field.isRequired), "immutable": .bool(field.isImmutable),
                "summary": .string(field.summary),
            ]
            if let value = field.defaultValue { row["default"] = value }
            let inner: [JSONValue] =
                switch field.type {
                case .group(let fields): rows(fields, path: "\(path).\(field.name)")
                case .list(.group(let fields), _): rows(fields, path: "\(path).\(field.name)[]")
                default: []
                }
            return [.object(row)] + inner
        }
    }
}
