/// Exponential, logarithm and logistic function of our own, so that every machine and every compiler gives the same bits:
/// only additions, subtractions, multiplications and divisions of doubles in one written order, no fused operations.
///
/// The reduction by a two-part ln 2 is that of fdlibm (Sun Microsystems, 1993); the polynomials are plain Taylor series.
public enum Elementary {
    /// Arguments of `exp` beyond this are clamped: the logistic function is 0 or 1 there to 57 bits.
    public static let limit = 40.0

    /// e^x to about one unit in the last place, for x clamped to -40 ... 40. Not for NaN.
    public static func exp(_ x: Double) -> Double {
        let x = min(max(x, -limit), limit)
        // Adding and taking away 1.5 · 2^52 rounds to the nearest whole number, ties to even.
        let k = (x * inverseLn2 + roundingShift) - roundingShift
        let r = (x - k * ln2High) - k * ln2Low
        // 1/13!, 1/12!, …, 1/2!, 1/1!, 1/0! by Horner's rule.
        var sum = 1.0 / 6_227_020_800
        sum = sum * r + 1.0 / 479_001_600
        sum = sum * r + 1.0 / 39_916_800
        sum = sum * r + 1.0 / 3_628_800
        sum = sum * r + 1.0 / 362_880
        sum = sum * r + 1.0 / 40_320
        sum = sum * r + 1.0 / 5040
        sum = sum * r + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        sum = sum * r + 0.5
        sum = sum * r + 1
        sum = sum * r + 1
        return sum * Double(sign: .plus, exponent: Int(k), significand: 1)
    }

    /// The natural logarithm of a positive, finite, normal number to about one unit in the last place.
    public static func log(_ x: Double) -> Double {
        precondition(x >= .leastNormalMagnitude && x < .infinity, "the logarithm is for positive finite numbers")
        var exponent = Int(x.exponent)
        var m = x.significand
        if m > 1.414_213_562_373_095_1 {
            m = m / 2
            exponent += 1
        }
        let s = (m - 1) / (m + 1)
        let square = s * s
        var sum = 1.0 / 25
        for odd in stride(from: 23, through: 3, by: -2) { sum = sum * square + 1 / Double(odd) }
        let tail = 2 * s * (square * sum)
        let k = Double(exponent)
        return k * ln2High + ((tail + k * ln2Low) + 2 * s)
    }

    /// 1 / (1 + e^-x).
    public static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private static let inverseLn2 = 1.442_695_040_888_963_4
    private static let ln2High = 6.931_471_803_691_238_164_90e-01
    private static let ln2Low = 1.908_214_929_270_587_700_02e-10
    private static let roundingShift = 6_755_399_441_055_744.0
}
