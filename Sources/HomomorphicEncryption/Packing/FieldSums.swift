public import Faults

/// The plaintext range check: three sums over rows that bound the sum of every subset of them.
public struct FieldSums: Sendable, Equatable {
    /// Σ max(g, 0).
    public let positive: UInt64
    /// Σ max(−g, 0).
    public let negative: UInt64
    /// Σ h; 0 when none is sent.
    public let hessian: UInt64
    /// Whether second derivatives are part of it.
    public let hasHessian: Bool

    /// - Parameters:
    ///   - gradients: one per row.
    ///   - hessians: one per row and none below 0, or nil when none is sent.
    /// - Throws: `packing-shape` when the counts differ or a second derivative is negative;
    ///   `packing-range` when a sum passes 2^63.
    public init(gradients: [Int64], hessians: [Int64]?) throws(Fault) {
        guard hessians.map({ $0.count == gradients.count }) ?? true else {
            throw Fault(EncryptionFaults.packingShape)
        }
        var positive: UInt64 = 0
        var negative: UInt64 = 0
        var hessian: UInt64 = 0
        var overflow = false
        // No branch on a sign: that of a gradient tells the label.
        for gradient in gradients {
            let negativeMask = UInt64(bitPattern: gradient >> 63)
            let (up, one) = positive.addingReportingOverflow(gradient.magnitude & ~negativeMask)
            let (down, two) = negative.addingReportingOverflow(gradient.magnitude & negativeMask)
            (positive, negative) = (up, down)
            overflow = overflow || one || two
        }
        for value in hessians ?? [] {
            guard value >= 0 else { throw Fault(EncryptionFaults.packingShape, at: "second derivative") }
            let (sum, wrapped) = hessian.addingReportingOverflow(value.magnitude)
            hessian = sum
            overflow = overflow || wrapped
        }
        guard !overflow, positive >> 63 == 0, negative >> 63 == 0, hessian >> 63 == 0 else {
            throw Fault(EncryptionFaults.packingRange)
        }
        self.positive = positive
        self.negative = negative
        self.hessian = hessian
        self.hasHessian = hessians != nil
    }

    /// Refuses sums that the layout's fields cannot hold: Σmax(g,0) < 2^(wg−1), Σmax(−g,0) ≤ 2^(wg−1), Σh < 2^wh.
    /// Passing bounds every subset of the rows.
    ///
    /// - Throws: `packing-range`; `packing-shape` when only one of rows and layout has second derivatives.
    public func check(_ layout: PackingLayout) throws(Fault) {
        guard hasHessian == (layout.hessianBound != nil) else {
            throw Fault(EncryptionFaults.packingShape, at: "second derivative")
        }
        let half: UInt64 = 1 << UInt64(layout.gradientBits - 1)
        guard positive < half, negative <= half else {
            throw Fault(
                EncryptionFaults.packingRange, at: "gradient", wanted: "a sum within \(layout.gradientBits) bits")
        }
        guard hessian < 1 << UInt64(layout.hessianBits) else {
            throw Fault(
                EncryptionFaults.packingRange, at: "second derivative",
                wanted: "a sum below \(layout.hessianBits) bits")
        }
    }
}
