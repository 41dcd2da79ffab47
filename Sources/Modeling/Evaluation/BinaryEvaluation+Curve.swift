public import Faults

/// What lies at and above a score: a point of the ROC curve (others, events), of the gain curve (rows, events), and of both
/// distributions.
public struct CurvePoint: Hashable, Sendable {
    /// The lowest score that is counted; of the first point, before any, the highest.
    public let score: Double
    /// Shares of all rows, of all events and of all others.
    public let rows: Double
    public let events: Double
    public let others: Double
}

extension BinaryEvaluation {
    /// The curve from no row to all rows, highest scores first. Between two points lie at least so many rows, so that no point
    /// tells of a few; rows of equal score are never parted.
    ///
    /// - Parameters:
    ///   - points: about how many at most, at least 2.
    ///   - leastRows: between neighbouring points, at least 1.
    /// - Throws: `ModelingFaults.evaluation` when all labels are the same.
    public func sparseCurve(points: Int = 100, leastRows: Int = 20) throws(Fault) -> [CurvePoint] {
        precondition(points >= 2 && leastRows >= 1, "a curve has an end")
        try needBothClasses()
        let step = max(leastRows, rows / points)
        var curve = [CurvePoint(score: groups[groups.count - 1].score, rows: 0, events: 0, others: 0)]
        var seen = (events: 0, others: 0)
        var last = 0
        for (place, group) in groups.enumerated().reversed() {
            seen.events += group.events
            seen.others += group.others
            let count = seen.events + seen.others
            guard place == 0 || (count - last >= step && rows - count >= leastRows) else { continue }
            last = count
            curve.append(
                CurvePoint(
                    score: group.score, rows: Double(count) / Double(rows),
                    events: Double(seen.events) / Double(events), others: Double(seen.others) / Double(others)))
        }
        return curve
    }
}
