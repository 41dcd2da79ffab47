public import Faults

/// A number with the interval that holds the true one in 95 of 100 samples.
public struct Estimate: Hashable, Sendable {
    public let value: Double
    public let standardError: Double

    /// value ± 1.96 standard errors, kept within 0 ... 1.
    public var interval: ClosedRange<Double> {
        let reach = 1.959_963_984_540_054 * standardError
        return max(0, value - reach)...min(1, value + reach)
    }
}

/// The largest distance between the distributions of events and others.
public struct KolmogorovSmirnov: Hashable, Sendable {
    public let value: Double
    /// Rows up to this score, against those above it, are the furthest apart; the lowest such score.
    public let location: Double
}

extension BinaryEvaluation {
    /// The area under the ROC curve: the chance that an event scores above another row, ties half. The standard error is
    /// that of DeLong, DeLong and Clarke-Pearson, "Comparing the Areas under Two or More Correlated Receiver Operating
    /// Characteristic Curves" (1988); 0 where a class has one row.
    ///
    /// - Throws: `ModelingFaults.evaluation` when all labels are the same.
    public func auc() throws(Fault) -> Estimate {
        try needBothClasses()
        // Twice the number of pairs in the right order, ties once.
        var doubled = 0
        var othersBelow = 0
        for group in groups {
            doubled += group.events * (2 * othersBelow + group.others)
            othersBelow += group.others
        }
        let pairs = Double(events) * Double(others)
        let value = Double(doubled) / (2 * pairs)
        var ofEvents = 0.0
        var ofOthers = 0.0
        var below = Group(score: 0, events: 0, others: 0)
        for group in groups {
            let winning = (Double(below.others) + Double(group.others) / 2) / Double(others) - value
            let losing =
                (Double(events - below.events - group.events) + Double(group.events) / 2) / Double(events) - value
            ofEvents += Double(group.events) * (winning * winning)
            ofOthers += Double(group.others) * (losing * losing)
            below.events += group.events
            below.others += group.others
        }
        func part(_ sum: Double, _ count: Int) -> Double { count > 1 ? sum / Double(count - 1) / Double(count) : 0 }
        return Estimate(value: value, standardError: (part(ofEvents, events) + part(ofOthers, others)).squareRoot())
    }

    /// 2 · AUC − 1.
    ///
    /// - Throws: as `auc`.
    public func gini() throws(Fault) -> Double { 2 * (try auc().value) - 1 }

    /// - Throws: `ModelingFaults.evaluation` when all labels are the same.
    public func kolmogorovSmirnov() throws(Fault) -> KolmogorovSmirnov {
        try needBothClasses()
        var best = (distance: -1, location: 0.0)
        var below = (events: 0, others: 0)
        for group in groups {
            below.events += group.events
            below.others += group.others
            let distance = abs(below.others * events - below.events * others)
            if distance > best.distance { best = (distance, group.score) }
        }
        return KolmogorovSmirnov(
            value: Double(best.distance) / (Double(events) * Double(others)), location: best.location)
    }
}
