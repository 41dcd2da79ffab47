import CKernels

/// Probable primes: sieve and Miller-Rabin.
public enum Primes {
    /// A prime of exactly `bits` bits (64 ... 3072) whose two top bits are set, so that the product of two has exactly
    /// twice the bits. Uniform among those, from `SecureRandom`; not constant time: it runs once per key.
    ///
    /// Every candidate is drawn afresh, so no prime is likelier than another.
    public static func random(bits: Int) -> Natural {
        precondition((64...Modulus.largestBitWidth).contains(bits), "primes of 64 to 3072 bits")
        let top = Natural.power(ofTwo: bits - 1) + Natural.power(ofTwo: bits - 2)
        while true {
            let offset = SecureRandom.natural(bits: bits - 2)
            let candidate = top + offset + (offset.isOdd ? 0 : 1)
            if smallestFactor(of: candidate, below: 1 << 12) == nil, isProbablePrime(candidate, rounds: 9) {
                return candidate
            }
        }
    }

    /// Miller-Rabin with random bases: a composite passes with probability at most 4^-rounds. The bases after the
    /// first run side by side in one batch.
    public static func isProbablePrime(_ n: Natural, rounds: Int = 32) -> Bool {
        precondition(rounds >= 1)
        if n < 4 { return n > 1 }
        if !n.isOdd { return false }
        if n.bitWidth <= 32 { return smallestFactor(of: n, below: 1 << 16).map { Natural(UInt64($0)) == n } ?? true }
        guard let modulus = try? Modulus(n, kernel: .scalar) else {
            preconditionFailure("numbers of at most \(Modulus.largestBitWidth) bits")
        }
        let random = { (count: Int) in (0..<count).map { _ in SecureRandom.natural(below: n - 3) + 2 } }
        return passes(n, modulus, bases: random(1)) && (rounds == 1 || passes(n, modulus, bases: random(rounds - 1)))
    }

    /// The smallest prime factor below the bound (at most 2^20), or nil.
    public static func smallestFactor(of n: Natural, below bound: UInt32) -> UInt32? {
        precondition(bound <= 1 << 20, "trial division below 2^20")
        let factor = unsafe atoll_words_small_factor(n.storage.base, n.wordCount, bound)
        return factor == 0 ? nil : factor
    }

    /// Whether n is a^k for some k >= 2.
    public static func isPerfectPower(_ n: Natural) -> Bool {
        if n < 4 { return n == 1 }
        for degree in 2...n.bitWidth {
            let root = n.root(degree)
            var power = root
            for _ in 1..<degree { power *= root }
            if power == n { return true }
            if root < 4 && degree > 2 { return isPowerOfTwoOrThree(n) }
        }
        return false
    }

    private static func isPowerOfTwoOrThree(_ n: Natural) -> Bool {
        if n.trailingZeroBitCount == n.bitWidth - 1 { return true }
        var rest = n
        while rest.remainder(by: 3) == 0 { rest = rest / 3 }
        return rest == 1
    }

    private static func passes(_ n: Natural, _ modulus: Modulus, bases: [Natural]) -> Bool {
        let minusOne = n - 1
        let twos = minusOne.trailingZeroBitCount
        let exponent = SecretWords(minusOne >> twos)
        var powers = Residues(entering: bases, modulus: modulus)
            .power(secret: exponent, bits: n.bitWidth - twos)
        var open = Set(bases.indices)
        for step in 0..<twos {
            let words = powers.leaveWords()
            for base in open {
                let start = base * modulus.valueWords
                let value = Natural(words: words.span.extracting(start..<start + modulus.valueWords))
                if value == minusOne || (step == 0 && value == 1) { open.remove(base) }
            }
            if open.isEmpty { return true }
            powers.square()
        }
        return false
    }
}
