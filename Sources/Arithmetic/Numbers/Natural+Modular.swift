import CKernels

extension Natural {
    /// The greatest common divisor; that of zero and b is b.
    public func gcd(_ other: Natural) -> Natural {
        var (a, b) = (self, other)
        while !b.isZero { (a, b) = (b, a % b) }
        return a
    }

    /// The inverse modulo m > 1 in [1, m), or nil when there is a common factor. Euclid's algorithm.
    public func inverse(modulo m: Natural) -> Natural? {
        precondition(m > 1, "a modulus is at least 2")
        // Invariant: self · factor ≡ ± rest (mod m), the sign alternating with every step.
        var (previousRest, rest) = (m, self % m)
        var (previousFactor, factor) = (Natural.zero, Natural.one)
        var negative = false
        while rest > 1 {
            let (quotient, next) = previousRest.divided(by: rest)
            (previousRest, rest) = (rest, next)
            (previousFactor, factor) = (factor, previousFactor + quotient * factor)
            negative.toggle()
        }
        if rest.isZero { return nil }
        return negative ? m - factor : factor
    }

    /// The Jacobi symbol (self / n) for odd n: -1, 0 or 1.
    public func jacobi(over n: Natural) -> Int {
        precondition(n.isOdd, "the Jacobi symbol needs an odd modulus")
        var (top, bottom) = (self % n, n)
        var symbol = 1
        while !top.isZero {
            let twos = top.trailingZeroBitCount
            top = top >> twos
            let low = bottom.word(0) & 7
            if twos % 2 == 1 && (low == 3 || low == 5) { symbol = -symbol }
            if top.word(0) & 3 == 3 && bottom.word(0) & 3 == 3 { symbol = -symbol }
            (top, bottom) = (bottom % top, top)
        }
        return bottom == 1 ? symbol : 0
    }

    /// self^exponent modulo m >= 1; variable time. Odd moduli of up to 3072 bits run on a kernel.
    public func power(_ exponent: Natural, modulo m: Natural) -> Natural {
        precondition(!m.isZero, "a modulus is not zero")
        if m == 1 { return .zero }
        if m.isOdd, m.bitWidth <= Modulus.largestBitWidth, let modulus = try? Modulus(m, kernel: .scalar) {
            return Natural(words: Residues(entering: [self % m], modulus: modulus).power(exponent).leaveWords())
        }
        var result = Natural.one
        let base = self % m
        for i in (0..<exponent.bitWidth).reversed() {
            result = result * result % m
            if exponent.bit(i) { result = result * base % m }
        }
        return result % m
    }
}
