import CKernels

/// An unbounded non-negative integer.
///
/// For public values: every operation takes a time that depends on the values. Storage is wiped when released, so
/// values derived from a secret (a prime, a CRT weight) leave nothing on the heap.
public struct Natural: Sendable {
    /// Words, least significant first; those from `wordCount` on are zero.
    let storage: WipedWords
    /// Words in use; the top one is not zero. Zero has none.
    let wordCount: Int

    /// Takes over words that nobody else will change.
    init(adopting storage: WipedWords) {
        self.storage = storage
        var count = storage.count
        while count > 0, unsafe storage.base[count - 1] == 0 { count -= 1 }
        wordCount = count
    }

    public init(_ value: UInt64) {
        let storage = WipedWords(zeroes: 1)
        unsafe storage.base[0] = value
        self.init(adopting: storage)
    }

    /// From words, least significant first.
    public init(words: Span<UInt64>) {
        let storage = WipedWords(zeroes: words.count)
        for i in words.indices { unsafe storage.base[i] = words[i] }
        self.init(adopting: storage)
    }

    public init(words: [UInt64]) {
        self.init(words: words.span)
    }

    /// From bytes, least significant first.
    public init(bytes: Span<UInt8>) {
        let storage = WipedWords(zeroes: (bytes.count + 7) / 8)
        for i in bytes.indices { unsafe storage.base[i / 8] |= UInt64(bytes[i]) << UInt64(8 * (i % 8)) }
        self.init(adopting: storage)
    }

    public init(bytes: [UInt8]) {
        self.init(bytes: bytes.span)
    }

    /// From hexadecimal digits, most significant first; nil when another character occurs or there is none.
    public init?(hex: String) {
        let digits = Array(hex.utf8)
        if digits.isEmpty { return nil }
        let storage = WipedWords(zeroes: (digits.count + 15) / 16)
        for (i, digit) in digits.reversed().enumerated() {
            guard let value = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            unsafe storage.base[i / 16] |= UInt64(value) << UInt64(4 * (i % 16))
        }
        self.init(adopting: storage)
    }

    /// 2^exponent.
    public static func power(ofTwo exponent: Int) -> Natural {
        let storage = WipedWords(zeroes: exponent / 64 + 1)
        unsafe storage.base[exponent / 64] = 1 << UInt64(exponent % 64)
        return Natural(adopting: storage)
    }

    public static let zero = Natural(0)
    public static let one = Natural(1)
}

extension Natural: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt64) { self.init(value) }
}

// MARK: - Looking

extension Natural {
    /// Words, least significant first, without zeroes at the top.
    public var words: [UInt64] { (0..<wordCount).map { unsafe storage.base[$0] } }

    public var isZero: Bool { wordCount == 0 }

    public var isOdd: Bool { word(0) & 1 == 1 }

    /// Bits up to the highest one; 0 for zero.
    public var bitWidth: Int {
        isZero ? 0 : 64 * wordCount - word(wordCount - 1).leadingZeroBitCount
    }

    /// The bit of weight 2^index.
    public func bit(_ index: Int) -> Bool {
        bits(from: index, count: 1) == 1
    }

    /// `count` bits (at most 64) from weight 2^from on.
    public func bits(from: Int, count: Int) -> UInt64 {
        precondition(from >= 0 && (0...64).contains(count))
        var value = word(from / 64) >> UInt64(from % 64)
        if from % 64 > 0 { value |= word(from / 64 + 1) << UInt64(64 - from % 64) }
        return count == 64 ? value : value & ((1 << UInt64(count)) - 1)
    }

    /// How often two divides it; 0 for zero.
    public var trailingZeroBitCount: Int {
        for i in 0..<wordCount where word(i) != 0 {
            return 64 * i + word(i).trailingZeroBitCount
        }
        return 0
    }

    /// Hexadecimal digits, most significant first, without leading zeroes; "0" for zero.
    public var hex: String {
        if isZero { return "0" }
        let words = self.words.reversed().map { String($0, radix: 16) }
        return words[0] + words.dropFirst().map { String(repeating: "0", count: 16 - $0.count) + $0 }.joined()
    }

    func word(_ index: Int) -> UInt64 {
        if index >= wordCount { return 0 }
        return unsafe storage.base[index]
    }
}

// MARK: - Fixed width

extension Natural {
    /// Exactly `width` bytes, least significant first. Traps when the value does not fit.
    public func bytes(width: Int) -> [UInt8] {
        precondition(bitWidth <= 8 * width, "the value does not fit into \(width) bytes")
        return (0..<width).map { UInt8(truncatingIfNeeded: word($0 / 8) >> UInt64(8 * ($0 % 8))) }
    }

    /// Exactly `width` words. Traps when the value does not fit.
    public func words(width: Int) -> [UInt64] {
        precondition(wordCount <= width, "the value does not fit into \(width) words")
        return (0..<width).map { word($0) }
    }

    /// Fills the span: the value, then zeroes. Traps when the value does not fit.
    public func copyBytes(into bytes: inout MutableSpan<UInt8>) {
        precondition(bitWidth <= 8 * bytes.count, "the value does not fit into the span")
        for i in bytes.indices { bytes[i] = UInt8(truncatingIfNeeded: word(i / 8) >> UInt64(8 * (i % 8))) }
    }

    /// Fills the span: the value, then zeroes. Traps when the value does not fit.
    public func copyWords(into words: inout MutableSpan<UInt64>) {
        precondition(wordCount <= words.count, "the value does not fit into the span")
        for i in words.indices { words[i] = word(i) }
    }
}

// MARK: - Order

extension Natural: Comparable, Hashable {
    public static func == (left: Natural, right: Natural) -> Bool {
        if left.wordCount != right.wordCount { return false }
        for i in 0..<left.wordCount where left.word(i) != right.word(i) { return false }
        return true
    }

    public static func < (left: Natural, right: Natural) -> Bool {
        if left.wordCount != right.wordCount { return left.wordCount < right.wordCount }
        for i in (0..<left.wordCount).reversed() where left.word(i) != right.word(i) {
            return left.word(i) < right.word(i)
        }
        return false
    }

    public func hash(into hasher: inout Hasher) {
        for i in 0..<wordCount { hasher.combine(word(i)) }
    }
}
