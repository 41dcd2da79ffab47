/// What makes a split good: regularisation and the limits that a split must keep.
///
/// Everything is computed from exact sums by the operations below in their written order, and the gain is the same bit for
/// bit when the two sides change places: whoever knows one side's sums and the node's can compute it.
public struct SplitRule: Hashable, Sendable {
    public let l1: Double
    public let l2: Double
    public let minimumGain: Double
    public let minimumChildWeight: Double
    public let units: Gradients.Units

    /// A gain must be above this too: below it lies what rounding makes of no gain.
    public static let noise = 0x1p-20

    public init(l1: Double, l2: Double, minimumGain: Double, minimumChildWeight: Double, units: Gradients.Units) {
        self.l1 = l1
        self.l2 = l2
        self.minimumGain = minimumGain
        self.minimumChildWeight = minimumChildWeight
        self.units = units
    }

    /// T(G)² / (H + l2), where T draws G towards zero by l1; 0 for no rows.
    public func score(_ sums: GradientSums) -> Double {
        let divisor = hessian(sums) + l2
        guard divisor > 0 else { return 0 }
        let drawn = thresholded(sums)
        return (drawn * drawn) / divisor
    }

    /// (score of one side + score of the other) − score of the node; nil when the split is not allowed, because a child
    /// weighs too little or the gain is not above `minimumGain` and `noise`.
    ///
    /// - Parameters:
    ///   - side: the sums of either side.
    ///   - total: those of the node.
    ///   - nodeScore: `score(total)`.
    public func gain(side: GradientSums, total: GradientSums, nodeScore: Double) -> Double? {
        let other = total - side
        guard hessian(side) >= minimumChildWeight, hessian(other) >= minimumChildWeight else { return nil }
        let gain = (score(side) + score(other)) - nodeScore
        return gain > minimumGain && gain > Self.noise ? gain : nil
    }

    /// The value of a leaf: −rate · T(G) / (H + l2), rounded to `Float` so that every format of a model holds it exactly.
    public func leaf(_ sums: GradientSums, rate: Double) -> Float {
        let divisor = hessian(sums) + l2
        guard divisor > 0 else { return 0 }
        let value = Float(-(rate * (thresholded(sums) / divisor)))
        // No negative zero.
        return value == 0 ? 0 : value
    }

    private func hessian(_ sums: GradientSums) -> Double { Double(sums.second) * units.second }

    private func thresholded(_ sums: GradientSums) -> Double {
        let gradient = Double(sums.first) * units.first
        if l1 == 0 { return gradient }
        if gradient > l1 { return gradient - l1 }
        if gradient < -l1 { return gradient + l1 }
        return 0
    }
}
