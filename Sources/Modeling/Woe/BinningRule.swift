public import Faults

/// How bins are put together from counts per fine bin. Only counts decide, so the same bins come out between sites.
public enum BinningRule: Hashable, Sendable {
    public enum Trend: String, Hashable, Sendable, Codable {
        /// Bad rates may go up and down.
        case free
        case rising
        case falling
        /// Rising or falling, whichever keeps more information; equal: rising.
        case monotone
    }

    /// The bins with the highest IV that meet the guard.
    case optimal(most: Int = 10, trend: Trend = .monotone)
    /// Neighbours with the least difference are merged until each pair differs by at least this chi-square (one degree of
    /// freedom; 3.841 is the 95 % quantile): Kerber, "ChiMerge" (1992).
    case chiMerge(most: Int = 10, threshold: Double = 3.841)
    /// About equally many rows, in fine bins.
    case quantiles(bins: Int = 10)
    /// Bins that begin at these fine bins.
    case starts([Int])

    /// The bins of a column. Bins of special and missing values that do not meet the guard are put together, and join, where
    /// that is not enough, the ordinary bin with the most rows (the lower one of two): rows alone say which, so where a small
    /// bin goes tells nothing of its labels.
    ///
    /// - Throws: `ModelingFaults.binGuard` when there are no two bins that meet the guard (or, for `starts`, when these do
    ///   not), `.binGroups` for starts that are no fine bins or fewer than two bins wanted, `.label` without both classes.
    public func groups(_ counts: FineCounts, guard least: DisclosureGuard = .required) throws(Fault) -> BinGroups {
        guard counts.total.bads > 0, counts.total.goods > 0 else {
            throw Fault(ModelingFaults.label, "all labels are the same", at: counts.column)
        }
        let starts: [Int]
        switch self {
        case .optimal(let most, let trend):
            try Self.checkMost(most, counts)
            starts = OptimalBins(counts, least).starts(most: most, trend: trend)
        case .chiMerge(let most, let threshold):
            try Self.checkMost(most, counts)
            starts = ChiMerge(counts, least).starts(most: most, threshold: threshold)
        case .quantiles(let bins):
            try Self.checkMost(bins, counts)
            starts = ChiMerge.enough(Self.equal(counts.ordinary, bins), counts, least)
        case .starts(let given): starts = given
        }
        var groups = try BinGroups(starts: starts, ordinary: counts.ordinary.count, others: counts.others.count)
        groups = try Self.joinSmallOthers(groups, counts, least)
        let found = groups.counts(counts.all)
        try least.check(found, column: counts.column)
        guard found.count(where: { $0.rows > 0 }) > 1 else {
            throw least.refusal("there are no two bins with enough rows", column: counts.column)
        }
        return groups
    }

    /// - Throws: as `groups`.
    public func table(_ counts: FineCounts, guard least: DisclosureGuard = .required) throws(Fault) -> WoeTable {
        try WoeTable(counts, groups(counts, guard: least))
    }

    private static func checkMost(_ most: Int, _ counts: FineCounts) throws(Fault) {
        guard 2...20 ~= most else {
            throw Fault(ModelingFaults.binGroups, "\(most) bins", at: counts.column, wanted: "2 ... 20 bins")
        }
    }

    /// Going up, a bin ends where ending is nearer to the rows that are left per bin that is left than going on, as the
    /// quantiles of `BinEdges`.
    private static func equal(_ ordinary: [BinCounts], _ bins: Int) -> [Int] {
        var starts: [Int] = []
        var rowsLeft = ordinary.total.rows
        var inBin = 0
        for bin in ordinary.indices.dropLast() where starts.count < bins - 1 {
            inBin += ordinary[bin].rows
            let binsLeft = bins - starts.count
            guard inBin > 0, (2 * inBin + ordinary[bin + 1].rows) * binsLeft > 2 * rowsLeft else { continue }
            starts.append(bin + 1)
            rowsLeft -= inBin
            inBin = 0
        }
        return starts
    }

    private static func joinSmallOthers(
        _ groups: BinGroups, _ counts: FineCounts, _ least: DisclosureGuard
    ) throws(Fault) -> BinGroups {
        let rows = counts.total.rows
        let small = counts.others.indices.filter { !least.allows(counts.others[$0], of: rows) }
        guard !small.isEmpty else { return groups }
        let pool = small.map { counts.others[$0] }.total
        var target = counts.ordinary.count + small[0]
        if !least.allows(pool, of: rows) {
            let found = groups.counts(counts.all)
            let ordinary = found.indices.filter { groups.ordinaryBins(of: $0) != nil && found[$0].rows > 0 }
            // Without ordinary rows there is no bin to join, and the guard refuses.
            guard let fullest = ordinary.max(by: { (found[$0].rows, $1) < (found[$1].rows, $0) }) else { return groups }
            target = groups.fineBins(of: fullest)[0]
        }
        var assignment = groups.assignment
        for other in small { assignment[counts.ordinary.count + other] = assignment[target] }
        return try BinGroups(ordinary: groups.ordinary, assignment: assignment)
    }
}
