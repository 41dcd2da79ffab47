public import Faults
public import Resources
public import Tables

/// A dataset that is to be made of a file.
public struct NewDataset: Sendable {
    /// Of the file and of the dataset.
    public var scope: Scope
    public var name: String
    /// The file's name.
    public var file: String
    public var ids: [String]
    public var label: String?
    /// Nil finds the types out.
    public var schema: TableSchema?
    public var reading = CSVReading()

    public init(
        scope: Scope, name: String, file: String, ids: [String] = [], label: String? = nil, schema: TableSchema? = nil
    ) {
        self.scope = scope
        self.name = name
        self.file = file
        self.ids = ids
        self.label = label
        self.schema = schema
    }
}

/// How far the making of a dataset is.
public struct DatasetMaking: Sendable {
    public enum State: String, Sendable {
        case running, done, failed
    }

    /// A ULID.
    public let id: String
    public let name: String
    public let scope: Scope
    public var state = State.running
    /// Of the file, read so far; it may be read twice, first for its types.
    public var bytes: Int64 = 0
    public var total: Int64 = 0
    public var rows: Int64 = 0
    /// Rows left out because another with their id counts.
    public var removed: Int64 = 0
    public var fault: Fault?

    init(id: String, name: String, scope: Scope) {
        self.id = id
        self.name = name
        self.scope = scope
    }
}
