import CKernels

/// Random numbers from the operating system (`getrandom`), never from a processor instruction.
public enum SecureRandom {
    /// Fills with uniform bytes.
    public static func fill(_ bytes: inout MutableSpan<UInt8>) {
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe draw(UnsafeMutableRawPointer(base), buffer.count)
        }
    }

    /// Fills with uniform words.
    public static func fill(_ words: inout MutableSpan<UInt64>) {
        unsafe words.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe draw(UnsafeMutableRawPointer(base), buffer.count * 8)
        }
    }

    /// Fills with values of `width` words, each uniform in [0, 2^bits). Traps when bits > 64·width.
    public static func fill(_ words: inout MutableSpan<UInt64>, width: Int, bits: Int) {
        precondition(width > 0 && words.count % width == 0 && (0...64 * width).contains(bits), "values fill the span")
        fill(&words)
        unsafe words.withUnsafeMutableBufferPointer { buffer in
            for begin in stride(from: 0, to: buffer.count, by: width) {
                for word in 0..<width {
                    unsafe buffer[begin + word] &= mask(bits - 64 * word)
                }
            }
        }
    }

    /// Fills with values of `width` words, each uniform in [0, bound), by rejection: the time tells how many draws were
    /// refused, nothing about those that were kept. Traps when the bound is zero or does not fit.
    public static func fill(_ words: inout MutableSpan<UInt64>, width: Int, below bound: Natural) {
        precondition(!bound.isZero && bound.wordCount <= width && words.count % width == 0, "values fill the span")
        for begin in stride(from: 0, to: words.count, by: width) {
            let value = natural(below: bound)
            let limbs = value.storage
            for word in 0..<width {
                words[begin + word] = word < value.wordCount ? unsafe limbs.base[word] : 0
            }
        }
    }

    /// Uniform in [0, 2^bits).
    public static func natural(bits: Int) -> Natural {
        precondition(bits >= 0)
        let count = (bits + 63) / 64
        let storage = WipedWords(zeroes: count)
        unsafe draw(UnsafeMutableRawPointer(storage.base), count * 8)
        if count > 0 { unsafe storage.base[count - 1] &= mask(bits - 64 * (count - 1)) }
        return Natural(adopting: storage)
    }

    /// Uniform in [0, bound), by rejection. Traps when the bound is zero.
    public static func natural(below bound: Natural) -> Natural {
        precondition(!bound.isZero, "nothing lies below zero")
        while true {
            let draw = natural(bits: bound.bitWidth)
            if draw < bound { return draw }
        }
    }

    /// Uniform among the numbers in [1, n) that share no factor with n, n >= 2.
    public static func natural(coprimeTo n: Natural) -> Natural {
        precondition(n > 1, "no number qualifies")
        while true {
            let draw = natural(below: n)
            if draw.gcd(n) == 1 { return draw }
        }
    }

    private static func mask(_ bits: Int) -> UInt64 {
        bits >= 64 ? .max : bits <= 0 ? 0 : (1 << UInt64(bits)) - 1
    }

    /// The system call fails only where a sandbox forbids it; no key may be made then, so the process ends.
    private static func draw(_ memory: UnsafeMutableRawPointer, _ size: Int) {
        let refusal = unsafe atoll_random(memory, size)
        precondition(refusal == 0, "the system gives no random bytes (errno \(refusal))")
    }
}
