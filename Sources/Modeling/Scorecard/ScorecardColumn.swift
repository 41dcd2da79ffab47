public import Faults

/// A characteristic of a scorecard: one party's column, its bins and their points.
public struct ScorecardColumn: Hashable, Sendable {
    /// Whose column it is: 0 the guest, then the hosts.
    public let party: Int
    public let partition: FinePartition
    public let groups: BinGroups
    public let coefficient: Double
    /// By group.
    public let woe: [Double]
    /// Points by group, in units.
    public let units: [Int]
    /// The mean of the points over the rows that were learnt from.
    public let mean: Double

    /// - Throws: `ModelingFaults.scorecard` for lists of different lengths, or numbers that are not finite or beyond any
    ///   regression on weights of evidence: a coefficient above 1e12 in size, a weight above 1000.
    public init(
        party: Int, partition: FinePartition, groups: BinGroups, coefficient: Double, woe: [Double], units: [Int],
        mean: Double
    ) throws(Fault) {
        guard 0...10_000 ~= party, groups.ordinary == partition.edges.bins, groups.assignment.count == partition.bins,
            woe.count == groups.count, units.count == groups.count, mean.isFinite,
            abs(coefficient) <= Scorecard.largest, woe.allSatisfy({ abs($0) <= 1000 }),
            units.allSatisfy({ $0.magnitude <= Self.mostUnits })
        else {
            throw Fault(ModelingFaults.scorecard, "bins, weights and points do not fit together", at: partition.column)
        }
        self.party = party
        self.partition = partition
        self.groups = groups
        self.coefficient = coefficient
        self.woe = woe
        self.units = units
        self.mean = mean
    }

    static let mostUnits = 1 << 40

    public var name: String { partition.column }

    /// The group of a value.
    public func group(of value: Double) -> Int { groups.assignment[partition.bin(of: value)] }

    /// The points of a value, in units.
    public func units(of value: Double) -> Int { units[group(of: value)] }

    /// The most points that a value can have, in units.
    public var best: Int { units.max() ?? 0 }
}
