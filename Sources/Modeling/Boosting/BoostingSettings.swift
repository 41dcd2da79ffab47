public import Faults

/// How boosting learns. The defaults suit credit data.
public struct BoostingSettings: Hashable, Sendable {
    public var objective: Objective
    /// 1 ... 10,000.
    public var trees = 20
    /// Most splits from the root to a leaf, 1 ... 16.
    public var depth = 5
    /// What part of a leaf's best value is added, above 0 and at most 1.
    public var rate = 0.3
    /// 0 ... 1e9, as the three below.
    public var l1 = 0.0
    public var l2 = 0.1
    /// A split's gain must be above it.
    public var minimumGain = 0.0
    /// Least sum of second derivatives of a child.
    public var minimumChildWeight = 1.0
    /// Of the fixed-point gradients, one of `FixedPoint.allowedBits`.
    public var fractionBits = 16
    /// What share of the rows, and of each party's columns, a tree sees: above 0 and at most 1.
    public var rowShare = 1.0
    public var columnShare = 1.0
    /// Of sampling and of the validation part.
    public var seed: UInt64 = 0
    /// The score before the first tree. Nil: 0 for binary labels, the weighted mean of the labels for the squared loss.
    public var baseScore: Double?
    /// A cell of a host's column has no rows or at least this many, and a node of fewer than ten times this many is not
    /// split by hosts; 0 puts no limit.
    public var cellGuard = 20
    /// Whether hosts have no part in the first tree, whose gradients are those of the labels themselves.
    public var firstTreeByGuestAlone = true
    /// What share of the rows is kept out of training to measure the loss after each tree; 0 ..< 1.
    public var validationShare = 0.0
    /// Training stops when the validation loss has found no new least value for so many trees, and the model keeps the trees
    /// up to the least; 0 never stops.
    public var patience = 0

    public init(objective: Objective) {
        self.objective = objective
    }

    /// - Throws: `ModelingFaults.settings` with a part for every setting outside of its range.
    public func validate() throws(Fault) {
        var parts: [Fault] = []
        func hold(_ holds: Bool, _ name: String, _ wanted: String) {
            if !holds { parts.append(Fault(ModelingFaults.settings, at: name, wanted: wanted)) }
        }
        hold(1...10_000 ~= trees, "trees", "1 ... 10000")
        hold(1...16 ~= depth, "depth", "1 ... 16")
        hold(rate > 0 && rate <= 1, "rate", "above 0 and at most 1")
        for (name, value) in [
            ("l1", l1), ("l2", l2), ("minimumGain", minimumGain), ("minimumChildWeight", minimumChildWeight),
        ] {
            hold(value >= 0 && value <= 1e9, name, "0 ... 1e9")
        }
        hold(FixedPoint.allowedBits ~= fractionBits, "fractionBits", "8 ... 24")
        hold(rowShare > 0 && rowShare <= 1, "rowShare", "above 0 and at most 1")
        hold(columnShare > 0 && columnShare <= 1, "columnShare", "above 0 and at most 1")
        hold((baseScore ?? 0).magnitude <= Objective.largestLabel, "baseScore", "at most 1e30 in size")
        hold(0...1_000_000_000 ~= cellGuard, "cellGuard", "0 ... 1000000000")
        hold(validationShare >= 0 && validationShare < 1, "validationShare", "0 or more and below 1")
        hold(patience >= 0, "patience", "0 or more")
        hold(patience == 0 || validationShare > 0, "patience", "0 where no rows are kept for validation")
        guard parts.isEmpty else { throw Fault(ModelingFaults.settings, parts: parts) }
    }
}
