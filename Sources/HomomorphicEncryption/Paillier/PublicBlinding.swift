import Arithmetic
import Synchronization

/// Makes blindings h_s^rho with rho uniform in [0, 2^bits), by a table of h_s for that length, made at first use.
final class PublicBlinding: Sendable {
    private let modulus: PairModulus
    private let base: Natural
    private let profile: Profile
    private let tables = Mutex<[Int: FixedBase]>([:])

    init(_ modulus: PairModulus, base: Natural, profile: Profile) {
        self.modulus = modulus
        self.base = base
        self.profile = profile
    }

    func prepare(bits: Int) {
        _ = fixedBase(bits: bits)
    }

    /// `count` fresh blindings. The exponents are wiped.
    func make(_ count: Int, bits: Int) -> PairResidues {
        let width = (bits + 63) / 64
        var exponents = SecretWords(count: max(1, count * width))
        exponents.withMutableWords { words in
            var drawn = words.extracting(first: count * width)
            SecureRandom.fill(&drawn, width: width, bits: bits)
        }
        return powers(exponents, count: count, width: width, bits: bits)
    }

    /// h_s to given exponents: `count` of them, `width` words each, below 2^bits.
    func powers(_ exponents: borrowing SecretWords, count: Int, width: Int, bits: Int) -> PairResidues {
        guard count > 0 else { return PairResidues(ones: 0, modulus: modulus) }
        return fixedBase(bits: bits).powers(exponents: exponents.words.extracting(0..<(count * width)), width: width)
    }

    private func fixedBase(bits: Int) -> FixedBase {
        tables.withLock { tables in
            if let table = tables[bits] { return table }
            let made = FixedBase(
                base: base, exponentBits: bits, window: FixedBase.recommendedWindow(profile: profile),
                profile: profile, modulus: modulus)
            tables[bits] = made
            return made
        }
    }
}
