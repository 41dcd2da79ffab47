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

    /// - Throws: `ModelingFaults.finePartition` without ordinary bins or for negative counts.
    public init(
        column: String, partition: ModelDigest, ordinary: [BinCounts], others: [BinCounts]
    ) throws(Fault) {
        guard !ordinary.isEmpty, (ordinary + others).allSatisfy({ $0.goods >= 0 && $0.bads >= 0 }) else {
            throw Fault(ModelingFaults.finePartition, "no fine bins, or counts below zero", at: column)
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
