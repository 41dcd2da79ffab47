/// One task as its job's plan fixes it: the same value at every party.
public struct TaskSetting: Sendable, Hashable {
    /// Every parameter of the operator, defaults filled in.
    public let parameters: [String: ParameterValue]
    /// In the order of the plan, which is the order of everything that is counted over parties.
    public let parties: [TaskParty]
    /// 32 bytes, the task's own, derived from the job's seed.
    public let seed: [UInt8]

    public init(parameters: [String: ParameterValue], parties: [TaskParty], seed: [UInt8]) {
        self.parameters = parameters
        self.parties = parties
        self.seed = seed
    }

    /// A parameter whose form is `.number`; a whole number is one too.
    public func number(_ name: String) -> Double {
        switch parameters[name] {
        case .number(let value): return value
        case .integer(let value): return Double(value)
        default: preconditionFailure("\(name) is a number")
        }
    }

    /// A parameter whose form is `.text` or `.choice`. The plan was checked: it is there.
    public func text(_ name: String) -> String {
        guard case .text(let value) = parameters[name] else { preconditionFailure("\(name) is a text") }
        return value
    }

    /// A parameter whose form is `.boolean`. The plan was checked: it is there.
    public func boolean(_ name: String) -> Bool {
        guard case .boolean(let value) = parameters[name] else { preconditionFailure("\(name) is true or false") }
        return value
    }

    /// A parameter whose form is `.integer`. The plan was checked: it is there.
    public func integer(_ name: String) -> Int64 {
        guard case .integer(let value) = parameters[name] else { preconditionFailure("\(name) is an integer") }
        return value
    }
}

/// A site's part in a task.
public struct TaskParty: Sendable, Hashable {
    /// The site's id as text.
    public let site: String
    public let role: String

    public init(site: String, role: String) {
        self.site = site
        self.role = role
    }
}
