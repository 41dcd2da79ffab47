import Resources

/// An operator as the API describes it.
struct OperatorView {
    let json: JSONValue

    var name: String { json["name"]?.string ?? "" }
    var version: Int64 { json["version"]?.integer ?? 0 }
    var summary: String { json["summary"]?.string ?? "" }
    var roles: [JSONValue] { json["roles"]?.array ?? [] }
    var parameters: [ParameterView] { (json["parameters"]?.array ?? []).map { ParameterView(json: $0) } }
    var learns: [JSONValue] { json["learns"]?.array ?? [] }
    var messages: [JSONValue] { json["messages"]?.array ?? [] }

    func parameter(_ name: String) -> ParameterView? { parameters.first { $0.name == name } }

    /// Whether anything crosses between sites.
    var crosses: Bool { !messages.isEmpty }

    /// What it is for, as far as this program knows it in both languages.
    var words: Words? { OperatorWords.titles[name] }

    /// What the list is divided by.
    var group: OperatorWords.Group { OperatorWords.groups[name] ?? .other }
}

/// One parameter of an operator.
struct ParameterView {
    enum Form: Equatable {
        case integer(least: Int64, most: Int64)
        case number(least: Double, most: Double)
        case boolean
        case choice([String])
        case text(least: Int64, most: Int64)
    }

    let json: JSONValue

    var name: String { json["name"]?.string ?? "" }
    var summary: String { json["summary"]?.string ?? "" }
    var wanted: String { json["wanted"]?.string ?? "" }
    var isRequired: Bool { json["required"]?.bool ?? false }
    var words: Words? { OperatorWords.parameters[name] }

    /// As it stands in a document.
    var defaultText: String? { json["default"].map(Self.text) }

    var form: Form {
        switch json["type"]?.string {
        case "integer": .integer(least: json["least"]?.integer ?? .min, most: json["most"]?.integer ?? .max)
        case "number":
            .number(least: json["least"]?.number ?? -.infinity, most: json["most"]?.number ?? .infinity)
        case "boolean": .boolean
        case "choice": .choice((json["choices"]?.array ?? []).compactMap(\.string))
        default: .text(least: json["least"]?.integer ?? 0, most: json["most"]?.integer ?? 4_096)
        }
    }

    static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        default: ""
        }
    }

    /// A value as it was typed.
    ///
    /// - Returns: nil for what the parameter does not take.
    func value(_ text: String) -> JSONValue? {
        switch form {
        case .integer(let least, let most):
            Int64(text).flatMap { $0 >= least && $0 <= most ? .integer($0) : nil }
        case .number(let least, let most):
            Double(text).flatMap { number in
                guard number.isFinite, number >= least, number <= most else { return nil }
                return Int64(text).map { .integer($0) } ?? .number(number)
            }
        case .boolean: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .choice(let words): words.contains(text) ? .string(text) : nil
        case .text(let least, let most):
            Int64(text.count) >= least && Int64(text.count) <= most && !text.contains(where: \.isNewline)
                ? .string(text) : nil
        }
    }
}
