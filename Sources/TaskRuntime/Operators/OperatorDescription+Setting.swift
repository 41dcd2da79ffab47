import Faults

extension OperatorDescription {
    /// What does not fit in a setting; nil when every parameter is there in its form and range, and the roles are filled.
    ///
    /// A plan was checked long before; this keeps a worker from running on anything else.
    func refusal(of setting: TaskSetting) -> Fault? {
        guard setting.parameters.count == parameters.count else { return Self.refusal("parameters") }
        for parameter in parameters {
            guard let value = setting.parameters[parameter.name], parameter.form.allows(value) else {
                return Self.refusal("parameter \(parameter.name)")
            }
        }
        for role in roles where !role.count.contains(setting.parties.count(where: { $0.role == role.name })) {
            return Self.refusal("role \(role.name)")
        }
        guard setting.parties.allSatisfy({ party in roles.contains { $0.name == party.role } }) else {
            return Self.refusal("roles")
        }
        do throws(Fault) {
            try check(setting)
            return nil
        } catch {
            return error
        }
    }

    private static func refusal(_ place: String) -> Fault {
        Fault(TaskFaults.orderUnreadable, "A worker's order does not fit its operator.", at: place)
    }
}

extension OperatorParameter.Form {
    /// Whether a value has this form and lies in its range. A whole number is a number too.
    func allows(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.integer(let range), .integer(let value)): range.contains(value)
        case (.number(let range), .number(let value)): range.contains(value)
        case (.number(let range), .integer(let value)): range.contains(Double(value))
        case (.boolean, .boolean): true
        case (.choice(let choices), .text(let value)): choices.contains(value)
        case (.text(let range), .text(let value)):
            range.contains(value.count) && !value.contains(where: \.isNewline)
        default: false
        }
    }
}
