import Faults
public import Ledger

/// The tables of this site that tasks of jobs read and leave.
///
/// - Conflict: one task of one job leaves one table; another one in its place is refused.
/// - Retry: calls may be repeated; keeping a table again finds what was kept.
/// - Order: `keep` is called before the task's result is kept, so a result that is known has its table.
/// - Durability: what `keep` returned for is durable; an open file is not, and is made anew with its worker.
public protocol JobTables: Sendable {
    /// Opens the column file of a dataset. Whether it may be read was asked before.
    ///
    /// - Parameter dataset: as plans name it.
    /// - Throws: `DataFaults`, `ObjectFaults`.
    func open(_ dataset: String) async throws -> WorkerFile

    /// A name of the dataset that a dataset comes from, the same however plans name it.
    func root(of dataset: String) async throws -> String

    /// An empty file for the table that a task leaves.
    func makeFile() async throws -> WorkerFile

    /// Keeps what a task has left.
    ///
    /// - Parameter source: the dataset that it was made of.
    /// - Returns: the name of the dataset that it is now.
    func keep(_ file: WorkerFile, of source: String, by worker: WorkerID) async throws -> String
}

/// For sites without datasets.
public struct NoTables: JobTables {
    public init() {}

    public func open(_ dataset: String) async throws -> WorkerFile { throw Self.unknown(dataset) }

    public func root(of dataset: String) async throws -> String { throw Self.unknown(dataset) }

    public func makeFile() async throws -> WorkerFile { throw Self.unknown("") }

    public func keep(_ file: WorkerFile, of source: String, by worker: WorkerID) async throws -> String {
        throw Self.unknown(source)
    }

    private static func unknown(_ dataset: String) -> Fault {
        Fault(DataFaults.unknownDataset, at: dataset.isEmpty ? nil : "dataset \(dataset)")
    }
}

/// What one party's side of a task reads and leaves.
public struct TaskNeeds: Sendable, Hashable {
    /// As the plan names them, each once.
    public var datasets: [String] = []
    /// Results of earlier tasks, as the plan names them, each once.
    public var results: [String] = []
    /// The dataset of which a table is left; nil where none is.
    public var table: String?
    /// What is remembered of columns.
    public var columns: [KeptColumns] = []

    public init() {}
}

/// What a task is told and leaves of the columns of a dataset.
public struct KeptColumns: Sendable, Hashable {
    public let owner: SiteID
    /// Index of the owner among the plan's parties.
    public let party: Int
    /// Without what a job has made of it.
    public let dataset: String
}
