public import Faults
public import Tables

/// What a site has opened for its side of a task: the datasets that the task reads, and the file for the table that it
/// leaves. The descriptors came with the worker's start (`docs/workers.md`); a task opens nothing by name.
public struct TaskData: Sendable {
    private let tables: [String: ColumnFile]
    /// An empty file, open for writing at its start; nil for a task that leaves no table.
    public let output: Int32?

    public init(tables: [String: ColumnFile] = [:], output: Int32? = nil) {
        self.tables = tables
        self.output = output
    }

    /// - Parameter dataset: as the plan names it.
    /// - Throws: `TaskFaults.dataMissing`.
    public func table(_ dataset: String) throws(Fault) -> ColumnFile {
        guard let table = tables[dataset] else { throw Fault(TaskFaults.dataMissing, at: "dataset \(dataset)") }
        return table
    }

    /// - Throws: `TaskFaults.dataMissing`.
    public func outputDescriptor() throws(Fault) -> Int32 {
        guard let output else { throw Fault(TaskFaults.dataMissing, at: "the table that the task leaves") }
        return output
    }
}
