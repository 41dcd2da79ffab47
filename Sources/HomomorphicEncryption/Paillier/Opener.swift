import Arithmetic
import Faults

/// Decrypts: c^(p−1) modulo p² leaves 1 + L_p·p, and m = L_p·h_p modulo p; the same with q; joined by CRT.
///
/// h_p = ((p − 1)·q)^−1 = (−q)^−1 modulo p, since (1 + n)^(p−1) = 1 + (p − 1)·q·p modulo p².
final class Opener: Sendable {
    private let halves: [Half]
    /// Σ L·(h·CRT weight) modulo n.
    private let joined: WeightedEntry
    /// Words of n.
    private let resultWords: Int

    private struct Half: Sendable {
        let square: PairModulus
        let exponent: Exponent
    }

    /// p − 1, wiped.
    private final class Exponent: Sendable {
        let words: SecretWords

        init(_ value: Natural, count: Int) {
            self.words = SecretWords(value, count: count)
        }
    }

    init(_ p: PairModulus, _ q: PairModulus, kernel: Kernel?) throws(Fault) {
        self.halves = [p, q].map { square in
            let exponent = square.n - Natural(1)
            return Half(square: square, exponent: Exponent(exponent, count: (square.bitWidth + 63) / 64))
        }
        let n = try Modulus(p.n * q.n, kernel: kernel)
        self.resultWords = n.valueWords
        self.joined = WeightedEntry(
            weights: [try Self.weight(p.n, q.n), try Self.weight(q.n, p.n)], modulus: n)
    }

    /// `count` ciphertexts of `width` bytes each, below n² and prime to n; the plaintexts, as many words as n each.
    func open(_ bytes: Span<UInt8>, width: Int, count: Int) -> [UInt64] {
        let digitWords = halves.map { ($0.square.bitWidth + 63) / 64 }
        let most = digitWords.max() ?? 0
        var digits = SecretWords(count: count * 2 * most)
        for (place, half) in halves.enumerated() {
            let powers = PairResidues(enteringBytes: bytes, width: width, modulus: half.square)
                .power(secret: half.exponent.words, bits: half.square.bitWidth)
            let own = digitWords[place]
            var low = SecretWords(count: count * own)
            var high = SecretWords(count: count * own)
            low.withMutableWords { low in
                high.withMutableWords { high in powers.leaveParts(low: &low, high: &high) }
            }
            digits.place(high, words: own, at: place, of: 2, width: most)
        }
        var result = [UInt64](repeating: 0, count: count * resultWords)
        digits.withWords { digits in
            var words = result.mutableSpan
            joined.combine(digits: digits, width: most, into: &words)
        }
        return result
    }

    /// h_p·q·(q^−1 modulo p) modulo n.
    private static func weight(_ p: Natural, _ q: Natural) throws(Fault) -> Natural {
        guard let h = (p - q % p).inverse(modulo: p), let inverse = q.inverse(modulo: p) else {
            throw Fault(EncryptionFaults.keyPrimePower)
        }
        return h * inverse % p * q
    }
}
