public import Faults

/// What happens when every row with a score of at least the threshold is taken for an event.
public struct Confusion: Hashable, Sendable {
    public let threshold: Double
    public let truePositives: Int
    public let falsePositives: Int
    public let trueNegatives: Int
    public let falseNegatives: Int

    public var rows: Int { truePositives + falsePositives + trueNegatives + falseNegatives }
    public var accuracy: Double { Double(truePositives + trueNegatives) / Double(rows) }
    /// 0 where no row is taken for an event, as the F-measure.
    public var precision: Double { Self.ratio(truePositives, truePositives + falsePositives) }
    /// The true positive rate.
    public var recall: Double { Self.ratio(truePositives, truePositives + falseNegatives) }
    /// The true negative rate.
    public var specificity: Double { Self.ratio(trueNegatives, trueNegatives + falsePositives) }
    public var fMeasure: Double {
        Self.ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
    }

    private static func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}

extension BinaryEvaluation {
    public func confusion(at threshold: Double) -> Confusion {
        let below = groups.prefix { $0.score < threshold }
        let falseNegatives = below.reduce(0) { $0 + $1.events }
        let trueNegatives = below.reduce(0) { $0 + $1.others }
        return Confusion(
            threshold: threshold, truePositives: events - falseNegatives, falsePositives: others - trueNegatives,
            trueNegatives: trueNegatives, falseNegatives: falseNegatives)
    }

    /// The lowest threshold, among the scores, below which at least this share of the rows lies: approving those below it
    /// approves so many. Infinity when only all rows are enough.
    ///
    /// - Parameter share: 0 ... 1.
    public func threshold(approving share: Double) -> Double {
        var below = 0
        for group in groups {
            if Double(below) >= share * Double(rows) { return group.score }
            below += group.rows
        }
        return .infinity
    }

    /// Confusions at every score, highest threshold first: the points of the ROC and of the precision-recall curve.
    public var curve: [Confusion] {
        var points: [Confusion] = []
        var positives = (events: 0, others: 0)
        for group in groups.reversed() {
            positives.events += group.events
            positives.others += group.others
            points.append(
                Confusion(
                    threshold: group.score, truePositives: positives.events, falsePositives: positives.others,
                    trueNegatives: others - positives.others, falseNegatives: events - positives.events))
        }
        return points
    }

    /// The sum over the curve of precision times what recall grows by.
    ///
    /// - Throws: `ModelingFaults.evaluation` when all labels are the same.
    public func averagePrecision() throws(Fault) -> Double {
        try needBothClasses()
        var sum = 0.0
        var before = 0
        for point in curve {
            sum += point.precision * Double(point.truePositives - before)
            before = point.truePositives
        }
        return sum / Double(events)
    }
}
