/// The histograms of one node for those columns of one party that the tree may use.
public struct PartyHistogram: Hashable, Sendable {
    /// Places of the columns in `PartyColumns`, ascending.
    public let used: [Int]
    /// One per used column.
    public let columns: [ColumnHistogram]

    public init(used: [Int], columns: [ColumnHistogram]) {
        precondition(used.count == columns.count, "one histogram per used column")
        self.used = used
        self.columns = columns
    }

    public init(_ party: PartyColumns, used: [Int], over node: NodeRows, work: ColumnWork = .serial) {
        self.used = used
        columns = work.map(used.count) { ColumnHistogram(party.columns[used[$0]], over: node) }
    }

    /// The histogram of the other child.
    public func sibling(in parent: PartyHistogram) -> PartyHistogram {
        precondition(used == parent.used, "parent and child use the same columns")
        return PartyHistogram(used: used, columns: zip(parent.columns, columns).map { $1.sibling(in: $0) })
    }
}
