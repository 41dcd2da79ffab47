import Faults
import Resources
public import TaskRuntime

/// Reads the parameters of a task as its operator declares them.
struct ParameterReading {
    private let known: OperatorDescription

    init(_ known: OperatorDescription) {
        self.known = known
    }

    /// Every parameter of the operator, defaults filled in, and everything that is wrong; when something is, the values
    /// are not to be used.
    func read(_ given: [String: JSONValue], at path: String) -> ([String: ParameterValue], [Fault]) {
        var faults: [Fault] = []
        let names = known.parameters.map(\.name)
        for name in given.keys.sorted() where !names.contains(name) {
            faults.append(
                Fault(
                    JobFaults.unknownParameter, "The operator '\(known.name)' has no parameter '\(name)'.",
                    at: "\(path).\(name)",
                    wanted: Nearest.name(to: name, among: names).map { "did you mean '\($0)'?" }
                        ?? (names.isEmpty ? "no parameters" : names.joined(separator: ", "))))
        }
        var values: [String: ParameterValue] = [:]
        for parameter in known.parameters {
            if let value = given[parameter.name], value != .null {
                if let read = Self.value(value, parameter.form) {
                    values[parameter.name] = read
                } else {
                    faults.append(Self.wrong(parameter, at: "\(path).\(parameter.name)"))
                }
            } else if let value = parameter.defaultValue {
                values[parameter.name] = value
            } else {
                faults.append(
                    Fault(
                        JobFaults.missingParameter, "The parameter '\(parameter.name)' is missing.",
                        at: "\(path).\(parameter.name)", wanted: parameter.form.wanted))
            }
        }
        return (values, faults)
    }

    static func wrong(_ parameter: OperatorParameter, at place: String) -> Fault {
        Fault(
            JobFaults.wrongParameter, "The parameter '\(parameter.name)' has a value that cannot be used.", at: place,
            wanted: parameter.form.wanted)
    }

    /// The value in the one form that plans have: a number is always a number, also where a whole one was written.
    private static func value(_ value: JSONValue, _ form: OperatorParameter.Form) -> ParameterValue? {
        let read: ParameterValue? =
            switch (form, value) {
            case (.integer, .integer(let number)): .integer(number)
            case (.number, .integer(let number)): .number(Double(number))
            // One zero: a plan's bytes do not know two.
            case (.number, .number(let number)): .number(number == 0 ? 0 : number)
            case (.boolean, .bool(let flag)): .boolean(flag)
            case (.choice, .string(let text)), (.text, .string(let text)): .text(text)
            default: nil
            }
        return read.flatMap { form.holds($0) ? $0 : nil }
    }
}

extension OperatorParameter.Form {
    /// Whether a plan may hold this value: of this form exactly, and in range.
    func holds(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.integer(let range), .integer(let number)): range.contains(number)
        case (.number(let range), .number(let number)): number.isFinite && range.contains(number)
        case (.boolean, .boolean): true
        case (.choice(let words), .text(let text)): words.contains(text)
        case (.text(let length), .text(let text)):
            length.contains(text.count) && text.utf8.count <= FieldType.longestScalar
                && !text.unicodeScalars.contains { $0.value < 0x20 }
        default: false
        }
    }

    /// What is accepted, in words.
    public var wanted: String {
        switch self {
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .text(let length): "a text of \(length.lowerBound) to \(length.upperBound) characters on one line"
        }
    }
}
