/// First and second derivatives of the loss at the current scores, as whole numbers.
///
/// The true values are `first` · `units.first` and `second` · `units.second`, but for the one rounding. |first| and second
/// are at most 2^fraction bits.
public struct Gradients: Sendable {
    public struct Units: Hashable, Sendable {
        public let first: Double
        public let second: Double

        public init(first: Double, second: Double) {
            self.first = first
            self.second = second
        }
    }

    /// One per row of the table; zero for rows that the tree does not use.
    public let first: [Int32]
    /// One per row; 1 for every row that the tree uses where `isSecondConstant`.
    public let second: [Int32]
    public let units: Units
    /// Whether the second derivative is the same for all rows, so that sending it would tell nothing.
    public let isSecondConstant: Bool
}

/// Weights of rows as whole numbers: divided by the largest, then 1 ... 2^fraction bits.
public struct RowWeights: Sendable {
    public let fixed: [Int32]
    public let largest: Double

    /// - Parameter weights: finite and above zero.
    init(_ weights: [Double], bits: Int) {
        let largest = weights.max() ?? 1
        self.largest = largest
        fixed = weights.map { Int32(max(1, FixedPoint.encode($0 / largest, bits: bits))) }
    }
}

extension Objective {
    /// The gradients of the rows that a tree uses.
    ///
    /// Binary: p = round(probability · 2^f); first = p − label · 2^f; second = max(1, p · (2^f − p) / 2^f, rounded down).
    /// Squared: first = (score − label) · 2^(f − e), rounded, where 2^e is the smallest power of two that is at least every
    /// difference of these rows; second = 1. A weight multiplies both, as a whole number with f fraction bits; products are
    /// rounded half to even, the second at least 1.
    ///
    /// - Parameters:
    ///   - scores, labels: one per row of the table.
    ///   - rows: those that the tree uses.
    ///   - bits: f, one of `FixedPoint.allowedBits`.
    public func gradients(
        scores: [Double], labels: [Double], weights: RowWeights?, rows: [Int32], bits: Int
    ) -> Gradients {
        switch self {
        case .binary: binary(scores, labels, weights, rows, bits)
        case .squared: squared(scores, labels, weights, rows, bits)
        }
    }

    private func binary(
        _ scores: [Double], _ labels: [Double], _ weights: RowWeights?, _ rows: [Int32], _ bits: Int
    ) -> Gradients {
        var first = [Int32](repeating: 0, count: scores.count)
        var second = first
        let one = Int64(1) << Int64(bits)
        for row in rows {
            let row = Int(row)
            let p = FixedPoint.encode(Elementary.logistic(scores[row]), bits: bits)
            var g = p - (labels[row] == 1 ? one : 0)
            var h = max(1, (p * (one - p)) >> Int64(bits))
            if let weights {
                let weight = Int64(weights.fixed[row])
                g = FixedPoint.shiftRounding(g * weight, bits: bits)
                h = max(1, FixedPoint.shiftRounding(h * weight, bits: bits))
            }
            first[row] = Int32(g)
            second[row] = Int32(h)
        }
        let unit = (weights?.largest ?? 1) / FixedPoint.scale(bits)
        return Gradients(
            first: first, second: second, units: .init(first: unit, second: unit), isSecondConstant: false)
    }

    private func squared(
        _ scores: [Double], _ labels: [Double], _ weights: RowWeights?, _ rows: [Int32], _ bits: Int
    ) -> Gradients {
        let unit = 1 / FixedPoint.scale(bits)
        func difference(_ row: Int) -> Double {
            let plain = scores[row] - labels[row]
            return weights.map { plain * (Double($0.fixed[row]) * unit) } ?? plain
        }
        var largest = 0.0
        for row in rows { largest = max(largest, difference(Int(row)).magnitude) }
        let exponent = Self.exponent(largest)
        let scale = FixedPoint.scale(-exponent)
        var first = [Int32](repeating: 0, count: scores.count)
        var second = first
        for row in rows {
            let row = Int(row)
            first[row] = Int32(FixedPoint.encode(difference(row) * scale, bits: bits))
            second[row] = weights?.fixed[row] ?? 1
        }
        let units = Gradients.Units(
            first: FixedPoint.scale(exponent - bits) * (weights?.largest ?? 1),
            second: weights.map { $0.largest * unit } ?? 1)
        return Gradients(first: first, second: second, units: units, isSecondConstant: weights == nil)
    }

    /// The smallest e with value ≤ 2^e, but at least -900, where differences count as none.
    static func exponent(_ value: Double) -> Int {
        guard value > 0x1p-900 else { return -900 }
        return value.significand == 1 ? Int(value.exponent) : Int(value.exponent) + 1
    }
}
