import Crypto
import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes on their way into a descriptor, in large pieces. Not for use by several threads.
final class FileOutput {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    private(set) var written = 0
    private static let piece = 1 << 20

    init(descriptor: Int32) {
        self.descriptor = descriptor
        buffer.reserveCapacity(Self.piece)
    }

    func put(_ bytes: [UInt8]) throws {
        written += bytes.count
        if buffer.count + bytes.count > Self.piece { try flush() }
        if bytes.count >= Self.piece {
            try write(bytes)
        } else {
            buffer += bytes
        }
    }

    /// SHA-256 of everything that was put so far.
    func digest() throws -> TableDigest {
        try flush()
        return TableDigest(hash.finalize())
    }

    func flush() throws {
        guard !buffer.isEmpty else { return }
        try write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: [UInt8]) throws {
        hash.update(data: bytes)
        try FileCalls.write(bytes, to: descriptor)
    }
}

/// The system's calls with numbered faults.
enum FileCalls {
    static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32) throws {
        let list = Array(bytes)
        try list.withUnsafeBytes { raw in
            var done = 0
            while done < raw.count {
                #if canImport(Glibc)
                    let count = Glibc.write(descriptor, raw.baseAddress! + done, raw.count - done)
                #elseif canImport(Darwin)
                    let count = Darwin.write(descriptor, raw.baseAddress! + done, raw.count - done)
                #else
                    let count = Musl.write(descriptor, raw.baseAddress! + done, raw.count - done)
                #endif
                if count < 0 {
                    if errno == EINTR { continue }
                    throw unwritable()
                }
                done += count
            }
        }
    }

    static func unwritable(_ path: String? = nil) -> Fault {
        Fault(TableFaults.fileUnwritable, "Writing failed: \(reason).", at: path)
    }

    static func unreadable(_ path: String? = nil) -> Fault {
        Fault(TableFaults.fileUnreadable, "Reading failed: \(reason).", at: path)
    }

    /// Opens for reading; not inherited by children.
    static func openToRead(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        return descriptor
    }

    /// Creates a file that must not be there yet, for its owner alone.
    static func create(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(path) }
        return descriptor
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
