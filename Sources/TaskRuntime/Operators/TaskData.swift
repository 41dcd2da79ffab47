public import Faults
public import Tables

/// What a site has opened for its side of a task: the datasets that the task reads, and the file for the table that it
/// leaves. The descriptors came with the worker's start (`docs/workers.md`); a task opens nothing by name.
public struct TaskData: Sendable {
    private let tables: [String: ColumnFile]
    private let results: [String: [UInt8]]
    private let columns: [Int: [UInt8]]
    /// An empty file, open for writing at its start; nil for a task that leaves no table.
    public let output: Int32?
    /// How many threads the task may keep busy.
    public let threads: Int

    /// - Parameters:
    ///   - results: what earlier tasks left at this party (`TaskResult.output`), by their reference.
    ///   - columns: what this party remembers of datasets' columns, by their owner (`ColumnsKept`).
    public init(
        tables: [String: ColumnFile] = [:], results: [String: [UInt8]] = [:], columns: [Int: [UInt8]] = [:],
        output: Int32? = nil, threads: Int = 1
    ) {
        self.tables = tables
        self.results = results
        self.columns = columns
        self.output = output
        self.threads = threads
    }

    /// What an earlier task left at this party.
    ///
    /// - Parameter reference: as the plan names it (`OperatorDescription.inputs`).
    /// - Throws: `TaskFaults.dataMissing`.
    public func result(_ reference: String) throws(Fault) -> [UInt8] {
        guard let result = results[reference] else { throw Fault(TaskFaults.dataMissing, at: "result \(reference)") }
        return result
    }

    /// What this party remembers of the columns of a party's dataset; nil for nothing.
    public func columns(of owner: Int) -> [UInt8]? { columns[owner] }

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
