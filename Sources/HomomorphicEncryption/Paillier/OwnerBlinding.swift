import Arithmetic
import Faults

/// Makes blindings h_s^rho with the factors of n: rho uniform modulo (p − 1)(q − 1)/2, drawn once, reduced modulo p − 1
/// and q − 1; a power modulo p² and one modulo q²; joined by CRT.
///
/// The order of h_s divides (p − 1)(q − 1)/2, so h_s^rho is uniform in the group that h_s generates, with no other
/// assumption than Paillier's own.
final class OwnerBlinding: Sendable {
    private let halves: [Half]
    private let joined: WeightedEntry
    private let modulus: PairModulus
    /// (p − 1)(q − 1)/2.
    private let order: SecretWords
    private let rhoWords: Int

    init(
        _ p: PairModulus, _ q: PairModulus, _ n: PairModulus, base: Natural, profile: Profile, window: Int?
    ) throws(Fault) {
        let order = (p.n - Natural(1)) * (q.n - Natural(1)) >> 1
        self.modulus = n
        self.rhoWords = n.n.words.count
        self.order = SecretWords(order, count: rhoWords)
        self.halves = [
            try Half(p, base: base, profile: profile, window: window),
            try Half(q, base: base, profile: profile, window: window),
        ]
        // Weights that are 1 modulo one square and 0 modulo the other.
        guard let inverseP = p.square.inverse(modulo: q.square), let inverseQ = q.square.inverse(modulo: p.square)
        else {
            throw Fault(EncryptionFaults.keyPrimePower)
        }
        self.joined = WeightedEntry(weights: [q.square * inverseQ, p.square * inverseP], modulus: n)
    }

    /// `count` fresh blindings.
    func make(_ count: Int) -> PairResidues {
        guard count > 0 else { return PairResidues(ones: 0, modulus: modulus) }
        var rhos = SecretWords(count: count * rhoWords)
        let bound = order.reveal()
        rhos.withMutableWords { SecureRandom.fill(&$0, width: rhoWords, below: bound) }
        return powers(rhos, count: count)
    }

    func make(exponents: [Natural]) -> PairResidues {
        guard !exponents.isEmpty else { return PairResidues(ones: 0, modulus: modulus) }
        var rhos = SecretWords(count: exponents.count * rhoWords)
        rhos.withMutableWords { words in
            for (index, exponent) in exponents.enumerated() {
                let value = exponent.words(width: rhoWords)
                for place in 0..<rhoWords { words[index * rhoWords + place] = value[place] }
            }
        }
        return powers(rhos, count: exponents.count)
    }

    private func powers(_ rhos: borrowing SecretWords, count: Int) -> PairResidues {
        let width = halves.map(\.digitWords).max() ?? 0
        // Value by value: the power modulo p², then the one modulo q².
        var digits = SecretWords(count: count * 2 * width)
        for (place, half) in halves.enumerated() {
            let powers = half.powers(rhos, count: count, width: rhoWords)
            digits.place(powers, words: half.digitWords, at: place, of: 2, width: width)
        }
        return digits.withWords { joined.enter($0, width: width, modulus: modulus) }
    }

    /// One prime's side.
    private final class Half: Sendable {
        private let square: PairModulus
        private let table: FixedBase
        /// (p − 1)/2, odd as p leaves 3 modulo 4.
        private let halfOrder: Modulus
        private let halfOrderWords: SecretWords

        init(_ square: PairModulus, base: Natural, profile: Profile, window: Int?) throws(Fault) {
            self.square = square
            let halfOrder = square.n >> 1
            self.halfOrder = try Modulus(halfOrder, kernel: square.kernel)
            self.halfOrderWords = SecretWords(halfOrder, count: self.halfOrder.valueWords)
            self.table = FixedBase(
                base: base % square.square, exponentBits: square.bitWidth,
                window: window, profile: profile, modulus: square)
        }

        /// Words of a canonical value modulo p².
        var digitWords: Int { square.valueWords }

        /// Canonical h_s^rho modulo p², flat.
        func powers(_ rhos: borrowing SecretWords, count: Int, width: Int) -> SecretWords {
            let exponents = reduced(rhos, count: count, width: width)
            let words = (square.bitWidth + 63) / 64
            return exponents.withWords { table.powers(exponents: $0, width: words) }.leaveSecret()
        }

        /// rho modulo p − 1. Modulo the odd (p − 1)/2 first, which the kernels do without a division; the parity of
        /// rho says whether (p − 1)/2 is to be added.
        private func reduced(_ rhos: borrowing SecretWords, count: Int, width: Int) -> SecretWords {
            let residues = rhos.withWords { Residues(entering: $0, width: width, modulus: halfOrder) }.leaveSecret()
            var exponents = SecretWords(count: count * ((square.bitWidth + 63) / 64))
            Self.addWhereParityDiffers(
                halfOrderWords, to: residues, from: halfOrder.valueWords, like: rhos, width: width, count: count,
                into: &exponents)
            return exponents
        }

        /// Adds `half` to every residue whose lowest bit is not that of its rho, without a branch on either.
        private static func addWhereParityDiffers(
            _ half: borrowing SecretWords, to residues: borrowing SecretWords, from: Int,
            like rhos: borrowing SecretWords, width: Int, count: Int, into result: inout SecretWords
        ) {
            let words = result.count / count
            for index in 0..<count {
                let parity = rhos.withWords { $0[index * width] } ^ residues.withWords { $0[index * from] }
                let mask = 0 &- (parity & 1)
                var carry: UInt64 = 0
                for place in 0..<words {
                    let word = place < from ? residues.withWords { $0[index * from + place] } : 0
                    let added = place < from ? half.withWords { $0[place] } & mask : 0
                    let (first, one) = word.addingReportingOverflow(added)
                    let (second, two) = first.addingReportingOverflow(carry)
                    result.withMutableWords { $0[index * words + place] = second }
                    carry = (one ? 1 : 0) + (two ? 1 : 0)
                }
            }
        }
    }
}

extension SecretWords {
    /// Puts digits of `words` words each to place `place` of every group of `count` digits, `width` words per digit.
    mutating func place(_ digits: borrowing SecretWords, words: Int, at place: Int, of count: Int, width: Int) {
        for index in 0..<(digits.count / words) {
            for word in 0..<words {
                let value = digits.withWords { $0[index * words + word] }
                withMutableWords { $0[(index * count + place) * width + word] = value }
            }
        }
    }
}
