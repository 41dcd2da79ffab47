public import Faults

/// One of the equal bands of rows by score, the highest scores first.
public struct ScoreBand: Hashable, Sendable {
    public let rows: Int
    /// Rows of equal score on a band's border are shared out in proportion, so this need not be whole.
    public let events: Double
    /// Lowest and highest score in the band.
    public let scores: ClosedRange<Double>
    /// Share of events in the band.
    public let rate: Double
    /// How many times the overall rate that is.
    public let lift: Double
    /// Share of all events that lie in this band.
    public let capture: Double
    /// Share of all events that lie in this band and those before it: the gain.
    public let gain: Double
    /// How many times the overall rate the rate is in this band and those before it.
    public let cumulativeLift: Double
}

extension BinaryEvaluation {
    /// Bands of the rows by score, highest first: band k holds the rows from ⌊k·n/count⌋ to before ⌊(k+1)·n/count⌋. Ten are
    /// deciles. Bands without rows are left out.
    ///
    /// - Parameter count: at least 1.
    /// - Throws: `ModelingFaults.evaluation` when all labels are the same.
    public func bands(_ count: Int = 10) throws(Fault) -> [ScoreBand] {
        precondition(count >= 1, "at least one band")
        try needBothClasses()
        var bands: [ScoreBand] = []
        var left = groups[...]
        // Rows of the last group that are still to be given out, and how many have been.
        var rest = left.last.map { Double($0.rows) } ?? 0
        var gathered = 0.0
        for band in 0..<count {
            let begin = band * rows / count
            let end = (band + 1) * rows / count
            guard end > begin, let top = left.last?.score else { continue }
            var wanted = Double(end - begin)
            var own = 0.0
            var bottom = top
            while wanted > 0, let group = left.last {
                let taken = min(wanted, rest)
                own += taken * (Double(group.events) / Double(group.rows))
                bottom = group.score
                wanted -= taken
                rest -= taken
                if rest == 0 {
                    left.removeLast()
                    rest = left.last.map { Double($0.rows) } ?? 0
                }
            }
            gathered += own
            let size = Double(end - begin)
            bands.append(
                ScoreBand(
                    rows: end - begin, events: own, scores: bottom...top, rate: own / size, lift: own / size / rate,
                    capture: own / Double(events), gain: gathered / Double(events),
                    cumulativeLift: gathered / Double(end) / rate))
        }
        return bands
    }
}
