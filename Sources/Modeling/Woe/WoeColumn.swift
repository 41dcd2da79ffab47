public import Faults

/// A column's fine bins beside their weights of evidence: what turns its values into numbers.
public struct WoeColumn: Hashable, Sendable {
    public let partition: FinePartition
    public let table: WoeTable

    /// - Throws: `ModelingFaults.finePartitionChanged` when the table counted another partition.
    public init(_ partition: FinePartition, _ table: WoeTable) throws(Fault) {
        guard table.counts.partition == partition.digest else {
            throw Fault(ModelingFaults.finePartitionChanged, at: partition.column)
        }
        self.partition = partition
        self.table = table
    }

    public var name: String { partition.column }

    public func group(of value: Double) -> Int { table.groups.assignment[partition.bin(of: value)] }

    public func woe(of value: Double) -> Double { table.bins[group(of: value)].woe }

    /// The weights of evidence of values.
    public func transform(_ values: [Double]) -> [Double] { values.map(woe) }
}
