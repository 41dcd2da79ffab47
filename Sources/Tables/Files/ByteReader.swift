import Faults

/// Reads little-endian bytes of a block; whatever is not there or left over is damage.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    private let place: String

    /// `place` names the block in faults.
    init(_ bytes: UnsafeRawBufferPointer, place: String) {
        self.bytes = bytes
        self.place = place
    }

    var remaining: Int { bytes.count - position }

    mutating func get<Value: FixedWidthInteger>(_: Value.Type = Value.self) throws -> Value {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { throw damage("It ends too early.") }
        let value = bytes.loadUnaligned(fromByteOffset: position, as: Value.self)
        position += size
        return Value(littleEndian: value)
    }

    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, remaining >= count else { throw damage("It ends too early.") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    func end() throws {
        guard remaining == 0 else { throw damage("It has bytes left over.") }
    }

    func damage(_ what: String) -> Fault { Fault(TableFaults.fileDamaged, what, at: place) }
}
