public import Faults

/// How scores and bad rates move from period to period, where every period meets the guard as every bin does. Of the scores
/// it tells the mean and how far they have moved, but no counts per band, which could be of few rows.
public struct ScoreMonths: Hashable, Sendable {
    public struct Period: Hashable, Sendable {
        /// First and last month that it holds; mostly the same.
        public let months: ClosedRange<String>
        public let counts: BinCounts
        public let meanScore: Double
        /// The stability index against the reference's scores, and what is commonly held of it.
        public let stability: Double
        public let verdict: ScoreStability.Verdict
    }

    /// Ascending.
    public let periods: [Period]

    /// Going up, months that do not meet the guard are put together with those after them, and what is too small at the end
    /// with the ones before.
    ///
    /// - Parameters:
    ///   - months: one per row, such that their order as text is that of time ("2026-03").
    ///   - reference: the scores that others are compared with, for instance those of the rows that were learnt from.
    /// - Throws: `ModelingFaults.scorecardReport` for different numbers of rows, none, or scores that are not finite or beyond 1e100; `.label`;
    ///   `.binGuard` when all rows together do not meet the guard; what `ScoreStability` throws.
    public init(
        scores: [Double], labels: [Double], months: [String], reference: [Double],
        guard least: DisclosureGuard = .required
    ) throws(Fault) {
        guard !scores.isEmpty, scores.count == labels.count, scores.count == months.count,
            scores.allSatisfy({ abs($0) <= 1e100 })
        else { throw Fault(ModelingFaults.scorecardReport) }
        guard labels.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw Fault(ModelingFaults.label) }
        var rows: [String: [Int]] = [:]
        for (row, month) in months.enumerated() { rows[month, default: []].append(row) }
        func counts(_ rows: [Int]) -> BinCounts {
            let bads = rows.count { labels[$0] == 1 }
            return BinCounts(goods: rows.count - bads, bads: bads)
        }
        var parts: [(months: ClosedRange<String>, rows: [Int])] = []
        var open: (months: ClosedRange<String>, rows: [Int])?
        for (month, own) in rows.sorted(by: { $0.key < $1.key }) {
            let part = (months: (open?.months.lowerBound ?? month)...month, rows: (open?.rows ?? []) + own)
            let isEnough = least.allows(counts(part.rows), of: scores.count)
            if isEnough { parts.append(part) }
            open = isEnough ? nil : part
        }
        if let open {
            guard let last = parts.popLast() else {
                throw least.refusal("all months together have too few rows", column: "months")
            }
            parts.append((last.months.lowerBound...open.months.upperBound, last.rows + open.rows))
        }
        var periods: [Period] = []
        for part in parts {
            // Sorted, so that sums do not depend on the order of the rows.
            let own = part.rows.map { scores[$0] }.sorted()
            let moved = try ScoreStability(reference: reference, actual: own)
            periods.append(
                Period(
                    months: part.months, counts: counts(part.rows), meanScore: own.reduce(0, +) / Double(own.count),
                    stability: moved.index, verdict: moved.verdict))
        }
        self.periods = periods
    }
}
