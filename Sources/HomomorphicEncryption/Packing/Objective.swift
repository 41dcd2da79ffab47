/// What a model is trained for, as far as it bounds the per-row numbers that are encrypted.
///
/// Gradients and second derivatives are fixed point with f fractional bits. The bounds hold for every row:
/// |gradient| ≤ `gradientBound`, 0 ≤ second derivative ≤ `hessianBound`.
public enum Objective: String, Sendable, CaseIterable {
    /// Gradient p − y, second derivative p(1 − p) ≤ 1/4.
    case logistic
    /// Per class p − y, second derivative 2p(1 − p) ≤ 1/2.
    case softmax
    /// The gradient is scaled to at most 1 per tree; the second derivative is constant and is not sent.
    case squared
    /// Squared error with row weights divided by their maximum: the second derivative is the weight.
    case weightedSquared
    /// Both are scaled to at most 1 per tree.
    case poisson

    /// The largest |gradient|, in units of 2^−f.
    public func gradientBound(fractionBits: Int) -> UInt64 {
        1 << UInt64(fractionBits)
    }

    /// The largest second derivative, in units of 2^−f; nil when none is sent.
    public func hessianBound(fractionBits: Int) -> UInt64? {
        switch self {
        case .logistic: 1 << UInt64(max(0, fractionBits - 2))
        case .softmax: 1 << UInt64(max(0, fractionBits - 1))
        case .squared: nil
        case .weightedSquared, .poisson: 1 << UInt64(fractionBits)
        }
    }
}
