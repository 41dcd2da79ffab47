import CKernels

/// Σ_j digit_j · weight_j for batches of digits: CRT and every other recombination, without division, constant time.
///
/// Owner encryption joins x mod p² and y mod q² with the weights q²·(q⁻² mod p²) and p²·(p⁻² mod q²) modulo n², for 0.6
/// of a product. Decryption joins L_p and L_q with h_p·q·(q⁻¹ mod p) and h_q·p·(p⁻¹ mod q) modulo n. Weights live in
/// wiped memory.
@safe public final class WeightedEntry: @unchecked Sendable {
    private let core: ModulusCore
    private let entering: WipedWords
    private let combining: WipedWords
    /// How many digits make a value: 1 ... 8.
    public let count: Int

    /// Weights for sums modulo n.
    public convenience init(weights: [Natural], modulus: Modulus) {
        self.init(weights, modulus.core)
    }

    /// Weights for sums modulo n².
    public convenience init(weights: [Natural], modulus: PairModulus) {
        self.init(weights, modulus.core)
    }

    private init(_ weights: [Natural], _ core: ModulusCore) {
        precondition((1...ModulusCore.entryDigits).contains(weights.count), "one to eight weights")
        self.core = core
        count = weights.count
        entering = WipedWords(zeroes: weights.count * core.element)
        combining = WipedWords(zeroes: weights.count * core.element)
        for (j, weight) in weights.enumerated() {
            unsafe core.writeWeight(weight, powersOfR: 2, to: entering.base + j * core.element)
            unsafe core.writeWeight(weight, powersOfR: 1, to: combining.base + j * core.element)
        }
    }

    /// Sums as residues modulo n². `digits` holds, value after value, `count` digits of `width` words, each below
    /// 2^bitWidth(n).
    public func enter(_ digits: Span<UInt64>, width: Int, modulus: PairModulus) -> PairResidues {
        precondition(modulus.core === core, "the weights belong to this modulus")
        return PairResidues(enter(digits, width: width), modulus: modulus)
    }

    /// Sums as residues modulo n.
    public func enter(_ digits: Span<UInt64>, width: Int, modulus: Modulus) -> Residues {
        precondition(modulus.core === core, "the weights belong to this modulus")
        return Residues(enter(digits, width: width), modulus: modulus)
    }

    /// Unique sums modulo n as words, without entering: `out` takes a value of `valueWords` words for each. Only for
    /// weights modulo n.
    public func combine(digits: Span<UInt64>, width: Int, into out: inout MutableSpan<UInt64>) {
        precondition(core.form == 1, "sums modulo n only")
        let values = valueCount(digits, width)
        precondition(out.count == values * core.valueWords, "the span holds exactly the values")
        unsafe out.withUnsafeMutableBufferPointer { buffer in
            unsafe withPointer(digits) { words in
                guard let base = buffer.baseAddress, let words = unsafe words else { return }
                unsafe atoll_batch_combine(
                    core.pointer, base, combining.base, Int32(count), layout(words, width), values)
            }
        }
    }

    private func enter(_ digits: Span<UInt64>, width: Int) -> Batch {
        let batch = Batch(blank: valueCount(digits, width), core: core)
        unsafe withPointer(digits) { words in
            guard let words = unsafe words else { return }
            unsafe atoll_batch_enter(
                core.pointer, core.form, batch.storage.base, entering.base, Int32(count), layout(words, width),
                batch.count)
        }
        return batch
    }

    private func valueCount(_ digits: Span<UInt64>, _ width: Int) -> Int {
        precondition(width > 0 && digits.count % (width * count) == 0, "digits fill the span")
        return digits.count / (width * count)
    }

    private func layout(_ words: UnsafePointer<UInt64>, _ width: Int) -> atoll_digits {
        unsafe atoll_digits(
            words: words, element_words: width * count, step_bits: 64 * width,
            digit_bits: min(64 * width, core.n.bitWidth))
    }
}
