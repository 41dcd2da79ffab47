/// A set of row numbers below a bound, a bit each, the lowest bit of a byte first.
struct RowSet: Sendable {
    private(set) var bytes: [UInt8]

    init(rows: Int) {
        bytes = [UInt8](repeating: 0, count: (rows + 7) / 8)
    }

    init(rows: Int, bytes: [UInt8]) {
        precondition(bytes.count == (rows + 7) / 8, "a bit for each row")
        self.bytes = bytes
    }

    mutating func insert(_ row: UInt32) { bytes[Int(row / 8)] |= 1 << UInt8(row % 8) }

    func contains(_ row: UInt32) -> Bool { bytes[Int(row / 8)] >> UInt8(row % 8) & 1 == 1 }

    var count: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
}
