/// Signed integers of one fixed width: what goes into an encryption and what comes out of a decryption.
///
/// Value `i` is stored as two's complement in `width` little-endian 64-bit words, so it lies in
/// [−2^(64·width−1), 2^(64·width−1)). What a scheme accepts is narrower: see `AdditivePublicKey.plaintextBits`.
public struct PlaintextBatch: Sendable, Equatable {
    public let count: Int
    /// Words per value, at least 1.
    public let width: Int
    /// `count · width` words.
    public internal(set) var words: [UInt64]

    /// Zeros.
    public init(count: Int, width: Int) {
        precondition(count >= 0 && width >= 1)
        self.count = count
        self.width = width
        self.words = [UInt64](repeating: 0, count: count * width)
    }

    /// One value per element, two words wide.
    public init(_ values: [Int128]) {
        self.init(count: values.count, width: 2)
        for (index, value) in values.enumerated() {
            words[2 * index] = UInt64(truncatingIfNeeded: value)
            words[2 * index + 1] = UInt64(truncatingIfNeeded: value >> 64)
        }
    }

    /// Whether value `index` is below zero.
    public func isNegative(_ index: Int) -> Bool {
        words[(index + 1) * width - 1] >> 63 == 1
    }

    /// Value `index` when it fits into 128 bits, else nil.
    public func int128(_ index: Int) -> Int128? {
        let first = index * width
        let low = words[first]
        let high = width > 1 ? words[first + 1] : (low >> 63 == 1 ? .max : 0)
        let value = Int128(truncatingIfNeeded: UInt128(high) << 64 | UInt128(low))
        let extension64: UInt64 = value < 0 ? .max : 0
        for word in words[(first + min(2, width))..<(first + width)] where word != extension64 { return nil }
        return value
    }

    /// Bits `from ..< from + count` of value `index`, which is not negative; `count` is at most 128, and bits beyond its words
    /// are 0.
    public func bits(_ index: Int, from: Int, count: Int) -> UInt128 {
        var value: UInt128 = 0
        let (first, shift) = (from / 64, from % 64)
        for offset in 0...2 where first + offset < width {
            let word = UInt128(words[index * width + first + offset])
            let position = 64 * offset - shift
            value |= position >= 0 ? word << UInt128(position) : word >> UInt128(-position)
        }
        return count < 128 ? value & ((UInt128(1) << UInt128(count)) - 1) : value
    }

    /// The magnitude of value `index`, `width` little-endian words.
    func magnitude(_ index: Int) -> [UInt64] {
        let value = words[(index * width)..<((index + 1) * width)]
        guard isNegative(index) else { return Array(value) }
        var carry = true
        return value.map { word in
            let (sum, overflow) = (~word).addingReportingOverflow(carry ? 1 : 0)
            carry = overflow
            return sum
        }
    }

    /// The bit length of the magnitude of value `index`; 0 for zero.
    public func bitLength(_ index: Int) -> Int {
        let value = magnitude(index)
        guard let top = value.lastIndex(where: { $0 != 0 }) else { return 0 }
        return 64 * top + 64 - value[top].leadingZeroBitCount
    }
}
