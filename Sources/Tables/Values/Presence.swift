/// Which rows of a chunk have a value.
public struct Presence: Hashable, Sendable {
    public let count: Int
    /// One bit per row, lowest first, one where there is a value; `nil` when every row has one.
    let words: [UInt64]?
    public let missing: Int

    /// Every row has a value.
    init(all count: Int) {
        self.count = count
        words = nil
        missing = 0
    }

    /// Bits beyond the last row are ignored.
    init(count: Int, words: [UInt64]) {
        var words = Array(words.prefix((count + 63) / 64))
        if count % 64 != 0, let last = words.indices.last { words[last] &= (1 << UInt64(count % 64)) - 1 }
        let present = words.reduce(0) { $0 + $1.nonzeroBitCount }
        self.count = count
        self.missing = count - present
        self.words = missing == 0 ? nil : words
    }

    @inline(__always)
    public subscript(row: Int) -> Bool {
        guard let words else { return true }
        return words[row >> 6] >> UInt64(row & 63) & 1 == 1
    }
}
