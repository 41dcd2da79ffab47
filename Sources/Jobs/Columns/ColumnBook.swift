import Faults
import Synchronization
import TaskRuntime

/// Of what a site remembers columns.
public struct ColumnsKey: Sendable, Hashable {
    /// The site whose dataset it is, as text.
    public let owner: String
    /// The dataset, without what a job has made of it.
    public let dataset: String

    public init(owner: String, dataset: String) {
        self.owner = owner
        self.dataset = dataset
    }
}

/// What this site remembers of the columns of datasets, its own and those of peers, beyond jobs: bins that were told of once
/// must stay as they are (`docs/protocols/woe.md`).
///
/// - Conflict: what is remembered of a dataset is lent to one task of one job at a time.
/// - Retry: lending again to the same task, and giving back again, change nothing.
/// - Order: a task begins with what the one before it has left.
/// - Durability: what was lent stays lent, and what was given back is kept, after any crash.
public protocol ColumnBook: Sendable {
    /// - Returns: what is remembered; nil for nothing.
    /// - Throws: `WoeFaults.columnsInUse`.
    func lend(_ key: ColumnsKey, to holder: ColumnsHolder) async throws -> [UInt8]?

    /// What a task has borrowed and not given back.
    func lent(to holder: ColumnsHolder) async throws -> [ColumnsKey: [UInt8]?]

    /// Keeps what is remembered from now on of all that a task has borrowed.
    func giveBack(_ columns: [ColumnsKey: [UInt8]?], of holder: ColumnsHolder) async throws
}

/// A task of a job.
public struct ColumnsHolder: Sendable, Hashable {
    /// A ULID.
    public let job: String
    public let task: String

    public init(job: String, task: String) {
        self.job = job
        self.task = task
    }

    var text: String { "\(job)/\(task)" }
}

/// Columns in memory, as long as the site runs: for tests.
public final class MemoryColumnBook: ColumnBook {
    private struct Entry {
        var columns: [UInt8]?
        var holder: ColumnsHolder?
    }

    private let entries = Mutex<[ColumnsKey: Entry]>([:])

    public init() {}

    public func lend(_ key: ColumnsKey, to holder: ColumnsHolder) async throws -> [UInt8]? {
        try entries.withLock { entries in
            var entry = entries[key] ?? Entry()
            guard entry.holder == nil || entry.holder == holder else {
                throw Fault.columnsInUse(key, entry.holder!.text)
            }
            entry.holder = holder
            entries[key] = entry
            return entry.columns
        }
    }

    public func lent(to holder: ColumnsHolder) async throws -> [ColumnsKey: [UInt8]?] {
        entries.withLock { $0.filter { $0.value.holder == holder }.mapValues(\.columns) }
    }

    public func giveBack(_ columns: [ColumnsKey: [UInt8]?], of holder: ColumnsHolder) async throws {
        entries.withLock { entries in
            for (key, bytes) in columns where entries[key]?.holder == holder {
                entries[key] = Entry(columns: bytes, holder: nil)
            }
        }
    }
}

extension Fault {
    static func columnsInUse(_ key: ColumnsKey, _ holder: String) -> Fault {
        Fault(WoeFaults.columnsInUse, at: "dataset \(key.dataset)", wanted: "the end of job \(holder)")
    }
}
