public import Faults

/// Bins as unions of fine bins. A group holds ordinary fine bins that lie beside each other, or none of them, and any number
/// of the bins of special and missing values. Groups are numbered by their first fine bin, so equal divisions are equal values.
public struct BinGroups: Hashable, Sendable, Codable {
    /// How many fine bins are ordinary.
    public let ordinary: Int
    /// The group of every fine bin.
    public let assignment: [Int]

    /// - Parameter assignment: any numbers; fine bins with the same one are in one group.
    /// - Throws: `ModelingFaults.binGroups` when ordinary bins of a group do not lie beside each other.
    public init(ordinary: Int, assignment: [Int]) throws(Fault) {
        guard ordinary >= 1, assignment.count >= ordinary else { throw Fault(ModelingFaults.binGroups) }
        var numbers: [Int: Int] = [:]
        var canonical: [Int] = []
        for (bin, given) in assignment.enumerated() {
            let isKnown = numbers[given] != nil
            let number = numbers[given, default: numbers.count]
            numbers[given] = number
            guard !isKnown || bin >= ordinary || canonical[bin - 1] == number else {
                throw Fault(ModelingFaults.binGroups, "a bin holds ordinary fine bins that are apart")
            }
            canonical.append(number)
        }
        self.ordinary = ordinary
        self.assignment = canonical
    }

    /// Ordinary groups by where they start; special and missing bins each on their own.
    ///
    /// - Parameter starts: fine bins above 0, ascending.
    /// - Throws: `ModelingFaults.binGroups`.
    public init(starts: [Int], ordinary: Int, others: Int) throws(Fault) {
        guard zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }),
            starts.allSatisfy({ 1..<max(ordinary, 1) ~= $0 })
        else { throw Fault(ModelingFaults.binGroups, "starts that are not ascending fine bins") }
        let own = (0..<ordinary).map { bin in starts.count { $0 <= bin } }
        try self.init(ordinary: ordinary, assignment: own + (0..<others).map { ordinary + $0 })
    }

    /// Groups with the edges given, each of which must be one of the fine bins'.
    ///
    /// - Throws: `ModelingFaults.binGroups`.
    public init(edges: [Float], of partition: FinePartition) throws(Fault) {
        var starts: [Int] = []
        for edge in edges {
            guard let place = partition.edges.values.firstIndex(of: edge) else {
                throw Fault(
                    ModelingFaults.binGroups, "edge \(starts.count) is none of the fine bins", at: partition.column)
            }
            starts.append(place + 1)
        }
        do throws(Fault) {
            try self.init(starts: starts, ordinary: partition.edges.bins, others: partition.others.count)
        } catch {
            throw error.placed(at: partition.column)
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            ordinary: container.decode(Int.self, forKey: .ordinary),
            assignment: container.decode([Int].self, forKey: .assignment))
    }

    /// How many groups there are.
    public var count: Int { (assignment.max() ?? 0) + 1 }

    public func fineBins(of group: Int) -> [Int] { assignment.indices.filter { assignment[$0] == group } }

    /// The ordinary fine bins of a group; nil when it has none.
    public func ordinaryBins(of group: Int) -> ClosedRange<Int>? {
        let bins = fineBins(of: group).filter { $0 < ordinary }
        return bins.isEmpty ? nil : bins[0]...bins[bins.count - 1]
    }

    /// Counts per group, of counts per fine bin.
    public func counts(_ fine: [BinCounts]) -> [BinCounts] {
        var counts = [BinCounts](repeating: BinCounts(), count: count)
        for (bin, group) in assignment.enumerated() { counts[group] = counts[group] + fine[bin] }
        return counts
    }

    /// Two groups as one.
    ///
    /// - Throws: `ModelingFaults.binGroups` when that would not leave ordinary fine bins beside each other, or for groups
    ///   that are not there.
    public func merging(_ one: Int, _ other: Int) throws(Fault) -> BinGroups {
        guard 0..<count ~= one, 0..<count ~= other, one != other else {
            throw Fault(ModelingFaults.binGroups, "bins \(one) and \(other) of \(count)")
        }
        return try BinGroups(ordinary: ordinary, assignment: assignment.map { $0 == other ? one : $0 })
    }

    /// A group cut in two: one with the fine bins from `fineBin` on, or, for the bin of special or missing values, that
    /// bin alone.
    ///
    /// - Throws: `ModelingFaults.binGroups` when a part would be empty.
    public func splitting(_ group: Int, at fineBin: Int) throws(Fault) -> BinGroups {
        let isOther = fineBin >= ordinary
        let bins = fineBins(of: group)
        guard bins.contains(fineBin), bins.count > 1, isOther || bins[0] < fineBin else {
            throw Fault(ModelingFaults.binGroups, "bin \(group) cannot be split at fine bin \(fineBin)")
        }
        var parts = assignment
        for bin in bins where isOther ? bin == fineBin : bin >= fineBin && bin < ordinary { parts[bin] = count }
        return try BinGroups(ordinary: ordinary, assignment: parts)
    }
}
