/// Collects big-endian fields.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func put(_ block: some Sequence<UInt8>) {
        bytes += block
    }

    /// A byte of length and so many bytes of UTF-8; at most 255.
    mutating func put(name: String) {
        precondition(name.utf8.count <= 255, "a name has at most 255 bytes")
        put(UInt8(name.utf8.count))
        bytes += name.utf8
    }
}
