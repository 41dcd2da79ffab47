public import Faults

/// What happens at each cut-off: rows with at least so many points are approved.
///
/// Differences between neighbouring lines show the labels of the rows between them, so lines are by shares of the rows and
/// the table stays with whoever holds the labels.
public struct CutoffTable: Sendable {
    public struct Line: Hashable, Sendable {
        /// The lowest score that is approved.
        public let cutoff: Double
        public let approved: BinCounts
        public let rejected: BinCounts

        /// Share of the rows that is approved.
        public var approvalRate: Double { Double(approved.rows) / Double(approved.rows + rejected.rows) }
        /// Share of bads among the approved.
        public var badRate: Double { approved.badRate ?? 0 }
        /// Share of all bads that is rejected.
        public var badsCaught: Double { Double(rejected.bads) / Double(approved.bads + rejected.bads) }
        /// Share of all goods that is rejected.
        public var goodsLost: Double { Double(rejected.goods) / Double(approved.goods + rejected.goods) }
    }

    /// Lowest cut-off first.
    public let lines: [Line]
    private let evaluation: BinaryEvaluation

    /// - Parameters:
    ///   - scores: higher is better.
    ///   - steps: lines for approving about 1/steps, 2/steps, …, all of the rows; 1 ... 100.
    /// - Throws: `ModelingFaults.evaluation` for scores and labels that cannot be evaluated, or one class alone;
    ///   `.scorecardReport` for steps out of range.
    public init(scores: [Double], labels: [Double], steps: Int = 20) throws(Fault) {
        guard 1...100 ~= steps else { throw Fault(ModelingFaults.scorecardReport, wanted: "1 ... 100 steps") }
        evaluation = try BinaryEvaluation(scores: scores, labels: labels)
        try evaluation.needBothClasses()
        var cutoffs: [Double] = []
        for step in 0..<steps {
            // The highest score that leaves at most this share of the rows below it.
            let most = step * scores.count / steps
            var below = 0
            var cutoff = evaluation.groups[0].score
            for group in evaluation.groups {
                guard below <= most else { break }
                cutoff = group.score
                below += group.rows
            }
            if cutoffs.last != cutoff { cutoffs.append(cutoff) }
        }
        let evaluation = evaluation
        lines = cutoffs.map { Self.line(evaluation, $0) }
    }

    /// The line of any cut-off.
    public func line(at cutoff: Double) -> Line { Self.line(evaluation, cutoff) }

    private static func line(_ evaluation: BinaryEvaluation, _ cutoff: Double) -> Line {
        var rejected = BinCounts()
        for group in evaluation.groups where group.score < cutoff {
            rejected = rejected + BinCounts(goods: group.others, bads: group.events)
        }
        let approved = BinCounts(
            goods: evaluation.others - rejected.goods, bads: evaluation.events - rejected.bads)
        return Line(cutoff: cutoff, approved: approved, rejected: rejected)
    }
}
