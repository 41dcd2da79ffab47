public import Faults

/// Weights of evidence of a column's bins, all of it from counts.
///
/// Sign: WOE = ln(share of the bads / share of the goods), so a bin with a positive one is riskier than all rows together,
/// and a regression on it should have a positive coefficient. (The other sign is in use too.) A bin with rows of one class
/// alone counts half a row more of both; one without rows has 0, which says nothing for or against.
///
/// IV = Σ (share of the bads − share of the goods) · WOE: Kullback, "Information Theory and Statistics" (1959), the divergence;
/// Siddiqi, "Credit Risk Scorecards" (2006).
public struct WoeTable: Hashable, Sendable {
    public struct Bin: Hashable, Sendable {
        public let counts: BinCounts
        public let woe: Double
        /// The bin's part of the column's IV; 0 or more.
        public let iv: Double
    }

    public let counts: FineCounts
    public let groups: BinGroups
    /// By group.
    public let bins: [Bin]

    /// - Throws: `ModelingFaults.binGroups` when the groups are of other fine bins, `.label` without rows of both classes.
    public init(_ counts: FineCounts, _ groups: BinGroups) throws(Fault) {
        guard groups.ordinary == counts.ordinary.count, groups.assignment.count == counts.bins else {
            throw Fault(ModelingFaults.binGroups, "a division of other fine bins", at: counts.column)
        }
        let total = counts.total
        guard total.bads > 0, total.goods > 0 else {
            throw Fault(ModelingFaults.label, "all labels are the same", at: counts.column)
        }
        self.counts = counts
        self.groups = groups
        bins = groups.counts(counts.all).map { Evidence(total).bin($0) }
    }

    public var column: String { counts.column }

    /// Sum of the bins' parts in their order.
    public var iv: Double { bins.reduce(0) { $0 + $1.iv } }

    public enum Direction: String, Hashable, Sendable, Codable {
        /// Bad rates rise with the value.
        case rising
        case falling
    }

    /// Whether the bad rates of ordinary bins go one way; nil when they go both, or there is one bin alone. Missing and
    /// special values that joined such a bin count with it.
    public var direction: Direction? {
        let rates = (0..<groups.count).filter { groups.ordinaryBins(of: $0) != nil }.map { bins[$0].counts }
            .filter { $0.rows > 0 }
        guard rates.count > 1 else { return nil }
        let pairs = zip(rates, rates.dropFirst())
        if pairs.allSatisfy({ $0.isRateBelow($1) }) { return .rising }
        return pairs.allSatisfy { $1.isRateBelow($0) } ? .falling : nil
    }

    /// The table with two bins as one.
    ///
    /// - Throws: `ModelingFaults.binGroups`.
    public func merging(_ one: Int, _ other: Int) throws(Fault) -> WoeTable {
        try WoeTable(counts, groups.merging(one, other))
    }

    /// The table with a bin cut in two.
    ///
    /// - Throws: `ModelingFaults.binGroups`; `.binGuard` when a bin would then have too few rows.
    public func splitting(
        _ group: Int, at fineBin: Int, guard least: DisclosureGuard = .required
    ) throws(Fault) -> WoeTable {
        let table = try WoeTable(counts, groups.splitting(group, at: fineBin))
        try least.check(table.bins.map(\.counts), column: column)
        return table
    }
}

/// Weights of evidence against the totals of a column.
struct Evidence {
    let goods: Double
    let bads: Double

    /// - Parameter total: rows of both classes.
    init(_ total: BinCounts) {
        goods = Double(total.goods)
        bads = Double(total.bads)
    }

    func bin(_ counts: BinCounts) -> WoeTable.Bin {
        guard counts.rows > 0 else { return WoeTable.Bin(counts: counts, woe: 0, iv: 0) }
        let more = counts.goods == 0 || counts.bads == 0 ? 0.5 : 0
        let badShare = (Double(counts.bads) + more) / bads
        let goodShare = (Double(counts.goods) + more) / goods
        let woe = Elementary.log(badShare / goodShare)
        return WoeTable.Bin(counts: counts, woe: woe, iv: (badShare - goodShare) * woe)
    }
}
