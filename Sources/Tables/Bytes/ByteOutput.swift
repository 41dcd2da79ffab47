import Faults

/// Bytes on their way out, in order. It may block; it throws numbered faults, and after a throw it is of no more use.
public protocol ByteOutput {
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// Collects bytes in memory.
public struct MemoryOutput: ByteOutput {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func write(_ bytes: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: bytes)
    }
}

/// Writes to an open descriptor, which its owner closes. Throws `TableFaults.fileUnwritable`.
public struct DescriptorOutput: ByteOutput {
    private let descriptor: Int32

    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        try FileCalls.write(bytes, to: descriptor)
    }
}
