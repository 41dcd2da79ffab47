/// One parameter of an operator.
public struct OperatorParameter: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        case integer(ClosedRange<Int64>)
        case number(ClosedRange<Double>)
        case boolean
        case choice([String])
        /// One line of so many characters.
        case text(ClosedRange<Int>)
    }

    /// camelCase.
    public let name: String
    public let form: Form
    /// nil: must be given.
    public let defaultValue: ParameterValue?
    /// One sentence, with the unit.
    public let summary: String

    public init(_ name: String, _ form: Form, default defaultValue: ParameterValue? = nil, _ summary: String) {
        self.name = name
        self.form = form
        self.defaultValue = defaultValue
        self.summary = summary
    }
}

extension OperatorParameter {
    /// Its default, or the least that may be given: for tables that are shown before anything is asked for.
    public var example: ParameterValue {
        if let defaultValue { return defaultValue }
        return switch form {
        case .integer(let range): .integer(range.lowerBound)
        case .number(let range): .number(range.lowerBound)
        case .boolean: .boolean(false)
        case .choice(let words): .text(words.first ?? "")
        case .text(let length): .text(String(repeating: "x", count: length.lowerBound))
        }
    }
}

/// A value of a parameter.
public enum ParameterValue: Sendable, Hashable {
    case integer(Int64)
    case number(Double)
    case boolean(Bool)
    case text(String)
}
