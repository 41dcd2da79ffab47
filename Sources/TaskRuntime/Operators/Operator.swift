public import Faults

/// A kind of task: what is said of it, and the protocol that does it.
public protocol Operator: Sendable {
    var description: OperatorDescription { get }

    /// The protocol of one party, at its beginning.
    ///
    /// - Parameters:
    ///   - setting: checked against the description.
    ///   - party: which of the setting's parties this is.
    ///   - data: what the description says that this party reads and leaves.
    func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol
}

/// The operators of this program; code with a read-only listing.
public struct OperatorCatalogue: Sendable {
    /// In order of name.
    public let operators: [any Operator]

    public init(_ operators: [any Operator]) {
        self.operators = operators.sorted { $0.description.name < $1.description.name }
    }

    public subscript(_ name: String) -> (any Operator)? {
        operators.first { $0.description.name == name }
    }
}
