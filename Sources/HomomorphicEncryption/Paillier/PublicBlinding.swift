import Arithmetic
import Synchronization

/// Draws the exponents of blindings: `count` of them, flat, ⌈bits/64⌉ words each, uniform in [0, 2^bits).
typealias ExponentSource = @Sendable (_ count: Int, _ bits: Int) -> SecretWords

/// Makes blindings h_s^rho with rho uniform in [0, 2^bits), by a table of h_s for that length, made at first use.
final class PublicBlinding: Sendable {
    private let modulus: PairModulus
    private let base: Natural
    private let profile: Profile
    private let window: Int
    private let draw: ExponentSource
    private let tables = Mutex<[Int: FixedBase]>([:])

    /// The operating system's randomness; tests put others in its place.
    static let systemExponents: ExponentSource = { count, bits in
        let width = (bits + 63) / 64
        var exponents = SecretWords(count: count * width)
        exponents.withMutableWords { SecureRandom.fill(&$0, width: width, bits: bits) }
        return exponents
    }

    /// - Parameter window: bits of an exponent for which the table has one row; nil for the best.
    init(
        _ modulus: PairModulus, base: Natural, profile: Profile, window: Int?, draw: @escaping ExponentSource
    ) {
        self.window = window ?? FixedBase.recommendedWindow(profile: profile, kernel: modulus.kernel)
        self.modulus = modulus
        self.base = base
        self.profile = profile
        self.draw = draw
    }

    func prepare(bits: Int) {
        _ = fixedBase(bits: bits)
    }

    /// `count` fresh blindings. The exponents are wiped.
    func make(_ count: Int, bits: Int) -> PairResidues {
        guard count > 0 else { return PairResidues(ones: 0, modulus: modulus) }
        let exponents = draw(count, bits)
        let table = fixedBase(bits: bits)
        return exponents.withWords { table.powers(exponents: $0, width: (bits + 63) / 64) }
    }

    private func fixedBase(bits: Int) -> FixedBase {
        tables.withLock { tables in
            if let table = tables[bits] { return table }
            let made = FixedBase(
                base: base, exponentBits: bits, window: window, profile: profile, modulus: modulus)
            tables[bits] = made
            return made
        }
    }
}
