package import Faults

/// Reads what `ByteWriter` wrote, strictly: nothing may be missing, left over, or written in a second way.
///
/// Bounded: allocates no more than the input holds. Every defect is the fault the reader was made with.
package struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private let entry: FaultEntry

    package init(_ bytes: ArraySlice<UInt8>, or entry: FaultEntry) {
        self.bytes = bytes
        position = bytes.startIndex
        self.entry = entry
    }

    package init(_ bytes: [UInt8], or entry: FaultEntry) {
        self.init(bytes[...], or: entry)
    }

    /// How many bytes have been read.
    package var offset: Int { position - bytes.startIndex }

    package var isAtEnd: Bool { position == bytes.endIndex }

    package mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(Fault) -> Value {
        let count = Value.bitWidth / 8
        try need(count)
        var value: Value = 0
        for byte in bytes[position..<position + count] { value = value << 8 | Value(truncatingIfNeeded: byte) }
        position += count
        return value
    }

    /// A number that the ledger may hold: below 2^63.
    package mutating func count() throws(Fault) -> UInt64 {
        let value = try integer(UInt64.self)
        guard value <= UInt64(Int64.max) else { throw refuse("a number below 2^63") }
        return value
    }

    package mutating func raw(_ count: Int) throws(Fault) -> [UInt8] {
        try need(count)
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    package mutating func text(atMost limit: Int) throws(Fault) -> String {
        let count = Int(try integer(UInt16.self))
        guard count <= limit else { throw refuse("a text of at most \(limit) bytes") }
        try need(count)
        guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
            throw refuse("UTF-8")
        }
        position += count
        return text
    }

    package mutating func site() throws(Fault) -> SiteID {
        guard let site = SiteID(try text(atMost: 52)) else { throw refuse("a site id") }
        return site
    }

    package func end() throws(Fault) {
        guard isAtEnd else { throw refuse("the end") }
    }

    /// The fault for a value at this point that cannot be.
    package func refuse(_ wanted: String) -> Fault {
        Fault(entry, at: "byte \(offset)", wanted: wanted)
    }

    private func need(_ count: Int) throws(Fault) {
        guard bytes.endIndex - position >= count else { throw refuse("\(count) bytes more") }
    }
}
