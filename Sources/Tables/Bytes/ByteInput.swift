/// Bytes that are pulled in blocks, in order, once. Not for use by several threads.
///
/// `read` fills some of the room and answers how many bytes, 0 only at the end (or without room), and then again 0. It may
/// block. It throws numbered faults; after a throw it is of no more use.
public protocol ByteInput {
    mutating func read(into room: UnsafeMutableRawBufferPointer) throws -> Int
}

/// Bytes in memory.
public struct MemoryInput: ByteInput {
    private let bytes: [UInt8]
    private var position = 0
    private let step: Int

    /// `step` is the most that one read gives.
    public init(_ bytes: [UInt8], step: Int = .max) {
        self.bytes = bytes
        self.step = max(1, step)
    }

    public mutating func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, step, bytes.count - position)
        bytes.withUnsafeBytes {
            room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        position += count
        return count
    }
}
