import Faults
import Modeling

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What scores mean for who is approved, as one JSON document with rising names; what `evaluate.points` leaves at the guest, with
/// whom it stays: lines of it can be of few rows.
public struct PointsReport: Codable, Sendable, Hashable {
    /// Lowest cut-off first.
    public let cutoffs: [Cutoff]
    /// nil without an existing score.
    public let swap: Swap?
    /// Rising; nil without months.
    public let months: [Month]?

    /// What happens where scores of at least so much are approved.
    public struct Cutoff: Codable, Sendable, Hashable {
        public let score: Double
        public let approved: Rows
        public let rejected: Rows
        /// Shares: of the rows, of bads among the approved, of all bads and of all goods that are rejected.
        public let approvalRate: Double
        public let badRate: Double
        public let badsCaught: Double
        public let goodsLost: Double
    }

    public struct Rows: Codable, Sendable, Hashable {
        public let goods: Int
        public let bads: Int
        /// Share of bads; nil for no rows.
        public let badRate: Double?

        init(_ counts: BinCounts) {
            goods = counts.goods
            bads = counts.bads
            badRate = counts.badRate
        }
    }

    /// What changes when this score takes the existing one's place, at cut-offs that approve equally many.
    public struct Swap: Codable, Sendable, Hashable {
        public let cutoff: Double
        public let existingCutoff: Double
        public let approvedByBoth: Rows
        public let swappedIn: Rows
        public let swappedOut: Rows
        public let rejectedByBoth: Rows
        /// Whether every part meets the guard, so that it may be shown to others.
        public let mayBeShown: Bool
    }

    /// A month, or several that are too small alone.
    public struct Month: Codable, Sendable, Hashable {
        public let from: String
        public let to: String
        public let rows: Rows
        public let meanScore: Double
        /// PSI against the reference months.
        public let stability: Double
        public let verdict: String
    }

    /// Columns of one table, one value per row.
    struct Columns {
        var scores: [Double]
        var labels: [Double]
        var existing: [Double]?
        /// `2026-03`.
        var months: [String]?
    }

    /// - Parameters:
    ///   - approve: share of the rows that is approved at the cut-offs of the swap set; above 0, at most 1.
    ///   - reference: the last month of those that others are compared with; nil for the first alone.
    /// - Throws: `ModelingFaults.evaluation`, `.scorecardReport`, `.label`; `.binGuard` where all months together are too small.
    init(_ columns: Columns, steps: Int, approve: Double, reference: String?) throws(Fault) {
        let (scores, labels) = (columns.scores, columns.labels)
        let table = try CutoffTable(scores: scores, labels: labels, steps: steps)
        cutoffs = table.lines.map { line in
            Cutoff(
                score: line.cutoff, approved: Rows(line.approved), rejected: Rows(line.rejected),
                approvalRate: line.approvalRate, badRate: line.badRate, badsCaught: line.badsCaught,
                goodsLost: line.goodsLost)
        }
        if let existing = columns.existing {
            // The highest score that at least so many rows reach.
            let rows = max(1, Int((approve * Double(scores.count)).rounded()))
            let cutoff = scores.sorted(by: >)[min(rows, scores.count) - 1]
            let other = try SwapSet.equalCutoff(scores: scores, cutoff: cutoff, existing: existing)
            let set = try SwapSet(
                scores: scores, cutoff: cutoff, existing: existing, existingCutoff: other, labels: labels)
            swap = Swap(
                cutoff: cutoff, existingCutoff: other, approvedByBoth: Rows(set.approvedByBoth),
                swappedIn: Rows(set.swappedIn), swappedOut: Rows(set.swappedOut),
                rejectedByBoth: Rows(set.rejectedByBoth), mayBeShown: (try? set.check()) != nil)
        } else {
            swap = nil
        }
        if let own = columns.months {
            let last = reference ?? own.min() ?? ""
            let before = zip(own, scores).filter { $0.0 <= last }.map(\.1)
            guard !before.isEmpty else {
                throw Fault(ModelingFaults.scorecardReport, "no month is the reference", at: "reference")
            }
            months = try ScoreMonths(scores: scores, labels: labels, months: own, reference: before).periods.map {
                Month(
                    from: $0.months.lowerBound, to: $0.months.upperBound, rows: Rows($0.counts),
                    meanScore: $0.meanScore, stability: $0.stability, verdict: $0.verdict.rawValue)
            }
        } else {
            months = nil
        }
    }

    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Every number in it is finite, which is all that the encoder could refuse.
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }

    /// - Returns: nil for what is no such report.
    public init?(json: [UInt8]) {
        guard let found = try? JSONDecoder().decode(PointsReport.self, from: Data(json)) else { return nil }
        self = found
    }
}
