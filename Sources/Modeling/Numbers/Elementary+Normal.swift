extension Elementary {
    /// The chance that a standard normal number is further from 0 than `z`: the two-sided p-value, to about 14 digits; 0
    /// beyond |z| = 37. NaN gives NaN.
    ///
    /// erfc(x) for x = |z| / √2: below 2 by the series of erf, above by Laplace's continued fraction; both in Abramowitz and
    /// Stegun, "Handbook of Mathematical Functions" (1964), 7.1.6 and 7.1.14.
    public static func twoSided(_ z: Double) -> Double {
        let x = z.magnitude * 0.707_106_781_186_547_524_4
        if x.isNaN { return x }
        if x > 26.2 { return 0 }
        return x < 2 ? 1 - erfSeries(x) : fraction(x)
    }

    /// 2/√π · e^(−x²) · Σ 2^n x^(2n+1) / (1 · 3 · … · (2n + 1)).
    private static func erfSeries(_ x: Double) -> Double {
        var term = x
        var sum = x
        for n in 1...60 {
            term = term * (2 * x * x) / Double(2 * n + 1)
            sum += term
        }
        return twoOverRootPi * exp(-(x * x)) * sum
    }

    /// e^(−x²) / √π / (x + ½ / (x + 1 / (x + 1½ / (x + …)))), from the 80th step inwards.
    private static func fraction(_ x: Double) -> Double {
        var sum = x
        for n in stride(from: 80, through: 1, by: -1) { sum = x + Double(n) / 2 / sum }
        // The exponential is clamped at -40: the 32nd power of the 32nd root reaches further down.
        var power = exp(-(x * x) / 32)
        for _ in 0..<5 { power = power * power }
        return twoOverRootPi / 2 * power / sum
    }

    private static let twoOverRootPi = 1.128_379_167_095_512_573_9
}
