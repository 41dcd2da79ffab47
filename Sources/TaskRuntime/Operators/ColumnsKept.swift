public import Faults

/// What a site must remember of the columns of a dataset when a task has told of them, as long as the dataset is there:
/// bins that differ by a row from earlier ones would show that row.
///
/// The site hands it to the task's worker and lets no other job have it until this one has ended, however it ends.
public struct ColumnsKept: Sendable, Hashable {
    /// Index of the setting's party whose dataset it is.
    public let owner: Int
    /// As the plan names it.
    public let dataset: String

    public init(owner: Int, dataset: String) {
        self.owner = owner
        self.dataset = dataset
    }
}

/// What is left of one party's side of a task.
public enum TaskLeft: Sendable, Hashable {
    /// `TaskResult.output` of a task that was done.
    case output([UInt8])
    /// The protocol's own state after its last unit, of a task that was not.
    case checkpoint([UInt8])
}

extension TaskLeft {
    /// Of a checkpoint as the site keeps it.
    ///
    /// - Throws: `TaskFaults.checkpointUnreadable`.
    public init(checkpoint bytes: [UInt8]) throws(Fault) {
        self = .checkpoint(try TaskCheckpoint.state(of: bytes))
    }
}
