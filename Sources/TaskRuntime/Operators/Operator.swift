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

    /// What this party remembers of a dataset's columns after the task, which may have told of them.
    ///
    /// - Parameters:
    ///   - owner: of the dataset, as in `OperatorDescription.keeps`.
    ///   - before: what was remembered when the task began; nil for nothing.
    ///   - left: of this party's side.
    /// - Returns: nil for nothing.
    func columns(
        of owner: Int, before: [UInt8]?, from left: TaskLeft, _ setting: TaskSetting, party: Int
    ) throws(Fault) -> [UInt8]?
}

extension Operator {
    public func columns(
        of owner: Int, before: [UInt8]?, from left: TaskLeft, _ setting: TaskSetting, party: Int
    ) throws(Fault) -> [UInt8]? {
        before
    }
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
