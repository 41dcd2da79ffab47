/// Writes the fixed layouts of the ledger: integers big-endian, texts after their length in two bytes.
package struct ByteWriter {
    package private(set) var bytes: [UInt8]

    package init(capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    package mutating func put<Value: FixedWidthInteger>(_ value: Value) {
        var shift = Value.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }

    /// Bytes whose length the layout fixes, or that end it.
    package mutating func put(_ raw: [UInt8]) {
        bytes += raw
    }

    /// - Precondition: at most 65535 bytes of UTF-8.
    package mutating func put(_ text: String) {
        let text = text.utf8
        precondition(text.count <= UInt16.max, "texts of the ledger are short")
        put(UInt16(text.count))
        bytes += text
    }
}
