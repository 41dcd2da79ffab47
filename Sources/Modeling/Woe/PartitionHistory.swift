public import Faults

/// The divisions of one column that have been shown: a value that whoever shows bins keeps from job to job and from version
/// to version of the dataset. Where bins are made between sites the site of the label keeps it (`docs/protocols/woe.md`).
///
/// What it refuses: at the first use fine bins with too few rows, later other fine bins than the first (edges moved by one
/// row would show that row's label), more divisions than the guard allows, and a division that together with an earlier one
/// would show a set of rows that no bin may show. Bins of ordinary values are intervals, so their counts give the counts
/// between any two edges of both divisions: every cell of the two divisions laid over each other has to meet the guard.
public struct PartitionHistory: Hashable, Sendable, Codable {
    public let column: String
    /// The digest of the fine partition, in hexadecimal digits; nil before the first use.
    public private(set) var partition: String?
    /// In the order of first use.
    public private(set) var divisions: [BinGroups] = []

    public init(column: String) { self.column = column }

    /// - Throws: for what `admit` cannot have left.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        column = try container.decode(String.self, forKey: .column)
        partition = try container.decodeIfPresent(String.self, forKey: .partition)
        divisions = try container.decode([BinGroups].self, forKey: .divisions)
        guard Set(divisions).count == divisions.count, partition != nil || divisions.isEmpty,
            divisions.allSatisfy({
                $0.ordinary == divisions[0].ordinary && $0.assignment.count == divisions[0].assignment.count
            })
        else { throw Fault(ModelingFaults.binGroups, "a history that no division has left", at: column) }
    }

    /// Takes a division into the history; one that is already there costs nothing.
    ///
    /// - Parameter counts: of the rows of now; the guard is held by these, for every division there has been.
    /// - Throws: `ModelingFaults.finePartitionChanged`, `.finePartition` when at the first use a fine bin has too few rows,
    ///   `.binGroups` when the division is of other fine bins than the counts, `.binGuard` for a bin with too few rows,
    ///   `.partitionsSpent`, `.partitionDifference`. The history is then as before.
    public mutating func admit(
        _ groups: BinGroups, counts: FineCounts, guard least: DisclosureGuard = .required
    ) throws(Fault) {
        guard counts.column == column, partition == nil || partition == counts.partition.description else {
            throw Fault(ModelingFaults.finePartitionChanged, at: column)
        }
        guard groups.ordinary == counts.ordinary.count, groups.assignment.count == counts.bins else {
            throw Fault(ModelingFaults.binGroups, "a division of other fine bins", at: column)
        }
        if partition == nil { try least.checkFine(counts) }
        try least.check(groups.counts(counts.all), column: column)
        let isNew = !divisions.contains(groups)
        guard !isNew || divisions.count < least.partitions else {
            throw Fault(
                ModelingFaults.partitionsSpent, at: column, wanted: "at most \(least.partitions) divisions")
        }
        for (place, earlier) in divisions.enumerated() where earlier != groups {
            try Self.check(groups, earlier, place, counts, least)
        }
        partition = counts.partition.description
        if isNew { divisions.append(groups) }
    }

    private static func check(
        _ groups: BinGroups, _ earlier: BinGroups, _ place: Int, _ counts: FineCounts, _ least: DisclosureGuard
    ) throws(Fault) {
        var cells: [[Int]: BinCounts] = [:]
        for (bin, count) in counts.all.enumerated() {
            let cell = [groups.assignment[bin], earlier.assignment[bin]]
            cells[cell] = cells[cell, default: BinCounts()] + count
        }
        let rows = counts.total.rows
        guard cells.values.allSatisfy({ least.allows($0, of: rows) }) else {
            throw least.refusal(
                "a difference to division \(place + 1) has too few rows", ModelingFaults.partitionDifference,
                column: counts.column)
        }
    }
}

extension PartitionHistory {
    /// Fixes the fine partition before any division is shown.
    ///
    /// - Throws: `ModelingFaults.finePartitionChanged` where it is fixed to another one.
    public mutating func fix(_ partition: ModelDigest) throws(Fault) {
        guard self.partition == nil || self.partition == partition.description else {
            throw Fault(ModelingFaults.finePartitionChanged, at: column)
        }
        self.partition = partition.description
    }
}
