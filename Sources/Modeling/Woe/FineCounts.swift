public import Faults

/// Goods and bads per fine bin of a column: all that deciding about bins needs. In one place they come from the rows, between
/// sites from sums of encrypted labels; whoever decides then knows fine bins by their numbers alone.
public struct FineCounts: Hashable, Sendable {
    public let column: String
    /// The digest of the fine partition that was counted.
    public let partition: ModelDigest
    /// Ordinary bins, ascending by value; at least 1.
    public let ordinary: [BinCounts]
    /// Bins of special values, then of missing values, as far as they have their own.
    public let others: [BinCounts]

    /// More rows are refused: with fewer, no product of two counts leaves the range of `Int`.
    public static let mostRows = 1 << 31

    /// - Throws: `ModelingFaults.finePartition` without ordinary bins, for more bins than a fine partition can have, negative
    ///   counts or more than `mostRows` rows.
    public init(
        column: String, partition: ModelDigest, ordinary: [BinCounts], others: [BinCounts]
    ) throws(Fault) {
        // Few bins of at most so many rows each cannot overflow the total.
        guard 1...BinEdges.mostBins ~= ordinary.count, others.count <= FinePartition.mostSpecials + 1,
            (ordinary + others).allSatisfy({ 0...Self.mostRows ~= $0.goods && 0...Self.mostRows ~= $0.bads }),
            (ordinary + others).total.rows <= Self.mostRows
        else {
            throw Fault(
                ModelingFaults.finePartition, "no fine bins or too many, or counts out of range", at: column,
                wanted: "1 ... 255 ordinary bins, up to 65 others, 0 ... 2^31 rows")
        }
        self.column = column
        self.partition = partition
        self.ordinary = ordinary
        self.others = others
    }

    /// Counts the rows.
    ///
    /// - Parameter labels: 0 or 1, one per value.
    /// - Throws: `ModelingFaults.rows` for different numbers, `.label` for other labels.
    public init(_ partition: FinePartition, values: [Double], labels: [Double]) throws(Fault) {
        guard values.count == labels.count else {
            throw Fault(ModelingFaults.rows, "\(values.count) values and \(labels.count) labels", at: partition.column)
        }
        var counts = [BinCounts](repeating: BinCounts(), count: partition.bins)
        for (value, label) in zip(values, labels) {
            switch label {
            case 0: counts[partition.bin(of: value)].goods += 1
            case 1: counts[partition.bin(of: value)].bads += 1
            default: throw Fault(ModelingFaults.label)
            }
        }
        try self.init(
            column: partition.column, partition: partition.digest,
            ordinary: Array(counts[..<partition.edges.bins]), others: Array(counts[partition.edges.bins...]))
    }

    public var bins: Int { ordinary.count + others.count }

    /// By fine bin.
    public var all: [BinCounts] { ordinary + others }

    public var total: BinCounts { all.total }
}
