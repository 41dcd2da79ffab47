import Faults

/// The lines of one chain that one batch has added, as one row of the database holds them.
///
/// Each line is its length in four bytes, its canonical bytes, its hash, and its salt: a length byte and as many bytes.
struct Segment: Sendable {
    private(set) var first: UInt64
    private(set) var count: UInt64 = 0
    private(set) var bytes: [UInt8] = []

    struct Entry: Sendable, Hashable {
        var number: UInt64
        var line: LedgerLine
        var hash: [UInt8]
        /// 16 bytes for frames, else empty.
        var salt: [UInt8]
    }

    init(first: UInt64) {
        self.first = first
    }

    init(first: UInt64, count: UInt64, bytes: [UInt8]) {
        self.first = first
        self.count = count
        self.bytes = bytes
    }

    mutating func append(_ line: ChainBook.Appended, salt: [UInt8]) {
        let length = UInt32(line.bytes.count)
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
        bytes += line.bytes
        bytes += line.hash
        bytes.append(UInt8(salt.count))
        bytes += salt
        count += 1
    }

    /// - Throws: `LedgerFaults.damaged`.
    func entries() throws(Fault) -> [Entry] {
        var entries: [Entry] = []
        var position = 0
        for number in first..<first + count {
            var header = ByteReader(bytes[position...], or: LedgerFaults.damaged)
            let length = Int(try header.integer(UInt32.self))
            guard length <= bytes.count - position - 4 else { throw header.refuse("\(length) bytes") }
            let line = try LedgerLine(bytes[position + 4..<position + 4 + length])
            var rest = ByteReader(bytes[(position + 4 + length)...], or: LedgerFaults.damaged)
            let hash = try rest.raw(LedgerHash.length)
            let salt = try rest.raw(Int(try rest.integer(UInt8.self)))
            entries.append(Entry(number: number, line: line, hash: hash, salt: salt))
            position += 4 + length + rest.offset
        }
        guard position == bytes.count else {
            throw Fault(LedgerFaults.damaged, at: "line \(first + count - 1)", wanted: "the end of the segment")
        }
        return entries
    }
}
