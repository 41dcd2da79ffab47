public import Faults

/// Rows of similar probability: what was predicted on average, and what came.
public struct CalibrationBand: Hashable, Sendable {
    public let rows: Int
    public let predicted: Double
    public let observed: Double
}

/// Brier's score as reliability − resolution + uncertainty (Murphy, 1973) over bands; what probabilities differ by within a
/// band is in none of them.
public struct BrierParts: Hashable, Sendable {
    public let reliability: Double
    public let resolution: Double
    public let uncertainty: Double
}

/// For scores that are probabilities of the event; others are `ModelingFaults.evaluation`.
extension BinaryEvaluation {
    /// Mean squared difference of probability and label.
    public func brier() throws(Fault) -> Double {
        try needProbabilities()
        let sum = groups.reduce(0.0) { sum, group in
            let p = group.score
            return sum + (Double(group.events) * ((1 - p) * (1 - p)) + Double(group.others) * (p * p))
        }
        return sum / Double(rows)
    }

    /// Mean of −ln of the label's probability, which is taken for at least 2^-52.
    public func logLoss() throws(Fault) -> Double {
        try needProbabilities()
        let least = 0x1p-52
        let sum = groups.reduce(0.0) { sum, group in
            let p = min(max(group.score, least), 1 - least)
            return sum - (Double(group.events) * Elementary.log(p) + Double(group.others) * Elementary.log(1 - p))
        }
        return sum / Double(rows)
    }

    /// Bands of equal width of the probability, those without rows left out. Band k of `count` holds k/count ≤ p <
    /// (k+1)/count, the last one also 1.
    ///
    /// - Parameter count: at least 1.
    public func calibration(_ count: Int = 10) throws(Fault) -> [CalibrationBand] {
        precondition(count >= 1, "at least one band")
        try needProbabilities()
        var rows = [Int](repeating: 0, count: count)
        var events = rows
        var sums = [Double](repeating: 0, count: count)
        for group in groups {
            let band = min(count - 1, Int(group.score * Double(count)))
            rows[band] += group.rows
            events[band] += group.events
            sums[band] += Double(group.rows) * group.score
        }
        return (0..<count).filter { rows[$0] > 0 }.map { band in
            CalibrationBand(
                rows: rows[band], predicted: sums[band] / Double(rows[band]),
                observed: Double(events[band]) / Double(rows[band]))
        }
    }

    /// The expected calibration error: mean distance of predicted and observed over the bands, by rows.
    public func calibrationError(_ count: Int = 10) throws(Fault) -> Double {
        try calibration(count).reduce(0) { $0 + Double($1.rows) * abs($1.predicted - $1.observed) } / Double(rows)
    }

    public func brierParts(_ count: Int = 10) throws(Fault) -> BrierParts {
        let bands = try calibration(count)
        func mean(_ value: (CalibrationBand) -> Double) -> Double {
            bands.reduce(0) { $0 + Double($1.rows) * value($1) } / Double(rows)
        }
        return BrierParts(
            reliability: mean { ($0.predicted - $0.observed) * ($0.predicted - $0.observed) },
            resolution: mean { ($0.observed - rate) * ($0.observed - rate) }, uncertainty: rate * (1 - rate))
    }
}
