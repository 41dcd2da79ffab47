public import Faults
public import PrivateSetIntersection

/// What one party's side of `align` needs of its site.
///
/// Used by one thread at a time. A task that goes on from a checkpoint asks for everything anew.
public protocol AlignSite: Sendable {
    /// The ids of a dataset, made of its key columns by the rules.
    ///
    /// - Throws: what keeps the dataset from being read.
    func ids(of dataset: String, columns: [String], rules: KeyRules) throws(Fault) -> any AlignInput

    /// Where the rows of the common ids go.
    func output() throws(Fault) -> any AlignOutput
}

/// The ids of one dataset. It is read from its first row once for each part of the exchange, and gives the same each time.
public protocol AlignInput: Sendable {
    func reader() throws(Fault) -> any AlignReader
}

/// One reading of a dataset's ids.
public protocol AlignReader {
    /// The next ids, in rising order of row; nil after the last. Rows whose id is missing are left out, so a block may
    /// be empty.
    ///
    /// - Parameter most: rows to look at, at most.
    mutating func next(atMost most: Int) throws(Fault) -> AlignBlock?
}

/// Some ids and the rows they stand in, counted from 0.
public struct AlignBlock: Sendable {
    public private(set) var ids = IdentifierTable()
    public private(set) var rows: [UInt32] = []

    public init() {}

    /// - Parameter id: nil for a row without one.
    public mutating func append(row: UInt32, id: [UInt8]?) {
        guard let id else { return }
        ids.append(id)
        rows.append(row)
    }
}

/// Takes the result: this party's rows of the common ids, in the order that is common to both parties.
///
/// What was written counts once the task has ended well; a task that goes on from a checkpoint begins it anew.
public protocol AlignOutput: Sendable {
    /// Called once, before anything else. What an earlier start of the task wrote is forgotten.
    func begin() throws(Fault)

    func append(_ rows: [UInt32]) throws(Fault)

    /// Nothing comes after what was appended.
    func end() throws(Fault)
}
