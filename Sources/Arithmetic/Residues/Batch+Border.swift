import CKernels

extension Batch {
    /// Values of `width` words each, reduced on the way in.
    init(entering words: Span<UInt64>, width: Int, core: ModulusCore) {
        precondition(width > 0 && words.count % width == 0, "values fill the span")
        self.init(blank: words.count / width, core: core)
        let bits = core.n.bitWidth
        let digits = max(1, min((64 * width + bits - 1) / bits, ModulusCore.entryDigits))
        // Words beyond the eighth digit must be zero: a toy modulus may come in a wide field.
        precondition(
            digits * bits >= 64 * width || Batch.fits(words, width: width, bits: digits * bits),
            "values have at most \(ModulusCore.entryDigits) times the bits of the modulus")
        unsafe withPointer(words) { source in
            guard let source = unsafe source else { return }
            let layout = unsafe atoll_digits(words: source, element_words: width, step_bits: bits, digit_bits: bits)
            unsafe atoll_batch_enter(
                core.pointer, core.form, storage.base, core.entry.base, Int32(digits), layout, count)
        }
    }

    /// Values of `width` bytes each.
    init(enteringBytes bytes: Span<UInt8>, width: Int, core: ModulusCore) {
        precondition(width > 0 && bytes.count % width == 0, "values fill the span")
        let wordWidth = (width + 7) / 8
        let words = WipedWords(zeroes: bytes.count / width * wordWidth)
        unsafe withPointer(bytes) { source in
            guard let source = unsafe source else { return }
            unsafe atoll_words_from_bytes(words.base, wordWidth, source, width, bytes.count / width)
        }
        let span = unsafe Span(_unsafeStart: words.base, count: words.count)
        self.init(entering: span, width: wordWidth, core: core)
        withExtendedLifetime(words) {}
    }

    init(entering values: [Natural], core: ModulusCore) {
        let width = max(1, values.map(\.wordCount).max() ?? 1)
        let words = WipedWords(zeroes: values.count * width)
        for (i, value) in values.enumerated() {
            unsafe (words.base + i * width).update(from: value.storage.base, count: value.wordCount)
        }
        let span = unsafe Span(_unsafeStart: words.base, count: words.count)
        self.init(entering: span, width: width, core: core)
        withExtendedLifetime(words) {}
    }

    func leave(words: inout MutableSpan<UInt64>) {
        precondition(words.count == count * core.valueWords, "the span holds exactly the values")
        unsafe words.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe atoll_batch_leave(core.pointer, core.form, operand, count, base, core.valueWords, nil, nil)
        }
    }

    func leave(bytes: inout MutableSpan<UInt8>, width: Int) {
        precondition(bytes.count == count * width, "the span holds exactly the values")
        let words = WipedWords(zeroes: count * core.valueWords)
        var span = unsafe MutableSpan(_unsafeStart: words.base, count: words.count)
        leave(words: &span)
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe atoll_bytes_from_words(base, width, words.base, core.valueWords, count)
        }
        withExtendedLifetime(words) {}
    }

    func leaveWords() -> [UInt64] {
        unsafe [UInt64](unsafeUninitializedCapacity: count * core.valueWords) { buffer, used in
            if let base = buffer.baseAddress {
                unsafe atoll_batch_leave(core.pointer, core.form, operand, count, base, core.valueWords, nil, nil)
            }
            used = count * core.valueWords
        }
    }

    func leaveBytes(width: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count * width)
        var span = bytes.mutableSpan
        leave(bytes: &span, width: width)
        return bytes
    }

    func leaveSecret() -> SecretWords {
        var secret = SecretWords(count: count * core.valueWords)
        secret.withMutableWords { words in leave(words: &words) }
        return secret
    }

    /// Canonical halves of pairs, `partWords` words each.
    func leaveParts(low: inout MutableSpan<UInt64>, high: inout MutableSpan<UInt64>) {
        precondition(
            low.count == count * core.partWords && high.count == count * core.partWords,
            "the spans hold exactly the halves")
        unsafe low.withUnsafeMutableBufferPointer { lowBuffer in
            unsafe high.withUnsafeMutableBufferPointer { highBuffer in
                unsafe atoll_batch_leave(
                    core.pointer, core.form, operand, count, nil, 0, lowBuffer.baseAddress, highBuffer.baseAddress)
            }
        }
    }

    private static func fits(_ words: Span<UInt64>, width: Int, bits: Int) -> Bool {
        var above: UInt64 = 0
        for i in words.indices {
            let bit = i % width * 64
            if bit >= bits { above |= words[i] } else if bit + 64 > bits { above |= words[i] >> UInt64(bits - bit) }
        }
        return above == 0
    }
}
