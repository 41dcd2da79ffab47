import CKernels

/// A table of powers of one base modulo n², for many powers with exponents of a bounded length.
///
/// Row i holds base^(d · 2^(window · i)) for every digit d, so a power is one product per window and no squaring. The
/// table is wiped when released.
@safe public final class FixedBase: @unchecked Sendable {
    public let modulus: PairModulus
    public let exponentBits: Int
    public let window: Int
    /// `.shared` reads a whole row for every digit; `.dedicated` reads the digit's entry.
    public let profile: Profile
    private let table: WipedWords

    /// Builds the table: ceil(exponentBits / window) · 2^window elements. Traps unless window is in 1 ... 12.
    public init(
        base: Natural, exponentBits: Int, window: Int? = nil, profile: Profile, modulus: PairModulus
    ) {
        let window = window ?? FixedBase.recommendedWindow(profile: profile, kernel: modulus.kernel)
        precondition(exponentBits > 0 && (1...12).contains(window), "a table has rows of a sensible size")
        self.modulus = modulus
        self.exponentBits = exponentBits
        self.window = window
        self.profile = profile
        let core = modulus.core
        let windows = (exponentBits + window - 1) / window
        table = WipedWords(zeroes: (windows << window) * core.element)
        let entered = PairResidues(entering: [base % modulus.square], modulus: modulus)
        unsafe atoll_fixed_base_fill(
            core.pointer, core.form, table.base, entered.batch.storage.base, UInt32(exponentBits), UInt32(window),
            core.one.base)
    }

    /// Bytes of the table.
    public var tableBytes: Int { table.count * 8 }

    /// base^e for every exponent of `width` words; the low `exponentBits` count.
    public func powers(exponents: Span<UInt64>, width: Int) -> PairResidues {
        precondition(width > 0 && exponents.count % width == 0, "exponents fill the span")
        precondition(64 * width >= exponentBits, "an exponent has all its bits")
        let core = modulus.core
        let out = Batch(blank: exponents.count / width, core: core)
        unsafe withPointer(exponents) { exponent in
            guard let exponent = unsafe exponent else { return }
            unsafe atoll_fixed_base_powers(
                core.pointer, core.form, out.storage.base, out.count, table.base, exponent, width,
                UInt32(exponentBits), UInt32(window), profile.masked)
        }
        return PairResidues(out, modulus: modulus)
    }

    /// The window that serves exponents of some thousand bits best. A masked scan costs as much as a row has entries: a
    /// sixteenth of a product for 64 entries of one residue, a third of eight products for eight side by side.
    /// Without a kernel it is the window that is good on all of them.
    public static func recommendedWindow(profile: Profile, kernel: Kernel? = nil) -> Int {
        switch profile {
        case .shared: kernel?.name == "mulx" || kernel?.name == "portable" ? 7 : 6
        case .dedicated: 8
        }
    }
}
