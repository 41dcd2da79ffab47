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

/// A value of a parameter.
public enum ParameterValue: Sendable, Hashable {
    case integer(Int64)
    case number(Double)
    case boolean(Bool)
    case text(String)
}
