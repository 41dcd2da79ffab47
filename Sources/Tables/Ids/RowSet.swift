/// A set of rows of a table, a bit for each up to the largest.
struct RowSet: Equatable {
    private var words: [UInt64] = []
    private(set) var count = 0

    /// A row that is in the set already changes nothing.
    mutating func insert(_ row: Int) {
        let word = row >> 6
        if word >= words.count { words += Array(repeating: 0, count: max(word + 1 - words.count, words.count)) }
        let bit: UInt64 = 1 << UInt64(row & 63)
        if words[word] & bit == 0 {
            words[word] |= bit
            count += 1
        }
    }

    func contains(_ row: Int) -> Bool {
        row >> 6 < words.count && words[row >> 6] >> UInt64(row & 63) & 1 == 1
    }

    /// The lowest rows, ascending.
    func first(_ most: Int) -> [Int] {
        var rows: [Int] = []
        for (place, word) in words.enumerated() {
            var rest = word
            while rest != 0, rows.count < most {
                rows.append(place * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
            if rows.count == most { break }
        }
        return rows
    }

    static func == (left: RowSet, right: RowSet) -> Bool {
        left.count == right.count && left.first(left.count) == right.first(right.count)
    }
}
