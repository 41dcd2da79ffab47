public import Resources
public import TaskRuntime

extension OperatorDescription {
    /// As the API lists it.
    public var json: JSONValue {
        [
            "name": .string(name), "version": .integer(Int64(version)), "summary": .string(summary),
            "roles": .array(
                roles.map {
                    [
                        "name": .string($0.name), "least": .integer(Int64($0.count.lowerBound)),
                        "most": .integer(Int64($0.count.upperBound)),
                    ]
                }),
            "parameters": .array(
                parameters.map { parameter in
                    var row: [String: JSONValue] = [
                        "name": .string(parameter.name), "wanted": .string(parameter.form.wanted),
                        "required": .bool(parameter.defaultValue == nil), "summary": .string(parameter.summary),
                    ]
                    if let value = parameter.defaultValue { row["default"] = value.json }
                    row.merge(parameter.form.json) { $1 }
                    return .object(row)
                }),
            "learns": .array(leakage.map { ["role": .string($0.role), "learns": .string($0.learns)] }),
            "messages": .array(exampleRows.map(Self.json)),
        ]
    }

    /// The table with every parameter at its default, or the least, and the fewest parties, two where one would send
    /// nothing.
    private var exampleRows: [MessageRow] {
        var names = roles.flatMap { [String](repeating: $0.name, count: $0.count.lowerBound) }
        if names.count < 2, let role = roles.first(where: { $0.count.upperBound > $0.count.lowerBound }) {
            names.append(role.name)
        }
        let values = parameters.map { ($0.name, $0.example) }
        let setting = TaskSetting(
            parameters: Dictionary(uniqueKeysWithValues: values),
            parties: names.enumerated().map { TaskParty(site: "site \($0.offset + 1)", role: $0.element) },
            seed: [UInt8](repeating: 0, count: 32))
        return messages(setting)
    }

    private static func json(_ row: MessageRow) -> JSONValue {
        [
            "type": .string(row.type), "from": .integer(Int64(row.from + 1)), "to": .integer(Int64(row.to + 1)),
            "count": .integer(Int64(clamping: row.count)), "elementBits": .integer(Int64(row.elementBits)),
            "largest": .integer(Int64(row.maximumBytes)), "schema": .string(row.schema),
        ]
    }
}

extension OperatorParameter.Form {
    /// Its type and its bounds: of numbers their range, of texts how many characters.
    var json: [String: JSONValue] {
        switch self {
        case .integer(let range):
            ["type": "integer", "least": .integer(range.lowerBound), "most": .integer(range.upperBound)]
        case .number(let range):
            ["type": "number", "least": .number(range.lowerBound), "most": .number(range.upperBound)]
        case .boolean: ["type": "boolean"]
        case .choice(let words): ["type": "choice", "choices": .array(words.map { .string($0) })]
        case .text(let length):
            ["type": "text", "least": .integer(Int64(length.lowerBound)), "most": .integer(Int64(length.upperBound))]
        }
    }
}

extension ParameterValue {
    public var json: JSONValue {
        switch self {
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .boolean(let value): .bool(value)
        case .text(let value): .string(value)
        }
    }
}
