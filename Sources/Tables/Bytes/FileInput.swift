import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The bytes of a file or pipe.
public final class FileInput: ByteInput {
    private let descriptor: Int32
    private let path: String?

    /// Throws `TableFaults.fileUnreadable`.
    public init(path: String) throws {
        descriptor = try FileCalls.openToRead(path)
        self.path = path
    }

    /// Reads on from where the descriptor stands; its owner closes it.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        path = nil
    }

    deinit {
        if path != nil { close(descriptor) }
    }

    public func read(into room: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let start = room.baseAddress, room.count > 0 else { return 0 }
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, start, room.count)
            #elseif canImport(Darwin)
                let count = Darwin.read(descriptor, start, room.count)
            #else
                let count = Musl.read(descriptor, start, room.count)
            #endif
            if count >= 0 { return count }
            if errno != EINTR { throw FileCalls.unreadable(path) }
        }
    }
}
