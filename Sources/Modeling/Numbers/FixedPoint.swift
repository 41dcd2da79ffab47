/// Fixed point with a number of fraction bits: everything after the one rounding is whole numbers.
public enum FixedPoint {
    /// Fraction bits that a training may ask for; with more, sums over a few million rows no longer fit 53 bits.
    public static let allowedBits = 8...24

    /// `value` · 2^bits, rounded half to even. The product is exact, so there is one rounding.
    ///
    /// - Parameter value: at most 2^(62 - bits) in size.
    public static func encode(_ value: Double, bits: Int) -> Int64 {
        Int64((value * scale(bits)).rounded(.toNearestOrEven))
    }

    /// `value` / 2^bits, rounded half to even.
    public static func shiftRounding(_ value: Int64, bits: Int) -> Int64 {
        let floor = value >> Int64(bits)
        let rest = value - floor << Int64(bits)
        let half = Int64(1) << Int64(bits - 1)
        return rest > half || (rest == half && floor & 1 == 1) ? floor + 1 : floor
    }

    /// 2^bits.
    static func scale(_ bits: Int) -> Double { Double(sign: .plus, exponent: bits, significand: 1) }
}
