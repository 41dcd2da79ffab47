/// Bytes in the file's order: little endian, nothing aligned.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(bytes more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// Room for `count` bytes that `fill` writes, all of them or as many as it answers.
    mutating func put(room count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Int) {
        guard count > 0 else { return }
        let piece = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            written = fill(buffer.baseAddress!)
        }
        bytes.append(contentsOf: piece)
    }
}
