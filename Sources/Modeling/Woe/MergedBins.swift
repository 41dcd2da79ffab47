public import Faults

/// Bins of a column and the rows of each class in them: all that a party without the labels has of them, and enough for
/// their weights.
public struct MergedBins: Hashable, Sendable {
    public let groups: BinGroups
    /// By group.
    public let bins: [WoeTable.Bin]

    /// - Parameter counts: by group.
    /// - Throws: `ModelingFaults.binGroups` for another number of counts, or counts below zero; `.label` without rows of both
    ///   classes.
    public init(_ groups: BinGroups, counts: [BinCounts]) throws(Fault) {
        guard counts.count == groups.count, counts.allSatisfy({ $0.goods >= 0 && $0.bads >= 0 }) else {
            throw Fault(ModelingFaults.binGroups, "\(counts.count) counts of \(groups.count) bins")
        }
        let total = counts.total
        guard total.goods > 0, total.bads > 0 else { throw Fault(ModelingFaults.label, "all labels are the same") }
        self.groups = groups
        bins = counts.map { Evidence(total).bin($0) }
    }

    /// What a table says of its bins, without the fine ones.
    public init(_ table: WoeTable) {
        groups = table.groups
        bins = table.bins
    }

    /// By group.
    public var counts: [BinCounts] { bins.map(\.counts) }

    /// Information value: the sum of the bins' parts in their order.
    public var iv: Double { bins.reduce(0) { $0 + $1.iv } }
}

/// One party's columns in their fine bins and, where a column could be divided, its bins.
public struct WoePart: Hashable, Sendable {
    public struct Column: Hashable, Sendable {
        public let partition: FinePartition
        /// nil for a column that has no two bins which meet the guard.
        public let bins: MergedBins?

        /// - Throws: `ModelingFaults.binGroups` for bins of other fine bins.
        public init(_ partition: FinePartition, _ bins: MergedBins?) throws(Fault) {
            if let groups = bins?.groups {
                guard groups.ordinary == partition.edges.bins, groups.assignment.count == partition.bins else {
                    throw Fault(ModelingFaults.binGroups, "bins of other fine bins", at: partition.column)
                }
            }
            self.partition = partition
            self.bins = bins
        }

        public var name: String { partition.column }

        /// The weight of evidence of a value; NaN is missing. nil where the column has no bins.
        public func woe(of value: Double) -> Double? {
            bins.map { $0.bins[$0.groups.assignment[partition.bin(of: value)]].woe }
        }
    }

    /// With different names.
    public let columns: [Column]

    /// - Throws: `ModelingFaults.columns` for two columns of one name.
    public init(_ columns: [Column]) throws(Fault) {
        guard Set(columns.map(\.name)).count == columns.count else {
            throw Fault(ModelingFaults.columns, "two columns have the same name")
        }
        self.columns = columns
    }

    public subscript(_ name: String) -> Column? { columns.first { $0.name == name } }
}
