public import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of this machine as content: read by its descriptor, so that it may be removed meanwhile.
public final class DiskContent: Sendable {
    private let file: DiskFile

    /// - Parameter isNew: the file is made, for its owner alone, to be written before it is read.
    /// - Throws: `ObjectFaults`.
    public init(_ path: String, isNew: Bool = false) throws(Fault) {
        file = try DiskFile(path, isNew ? O_RDWR | O_CREAT | O_EXCL : O_RDONLY)
    }

    /// - Parameter descriptor: of a file that is open; stays the caller's.
    /// - Throws: `ObjectFaults.failed`.
    public init(descriptor: Int32) throws(Fault) {
        file = try DiskFile(copying: descriptor)
    }

    /// Another descriptor of the same file, which is the caller's to close.
    ///
    /// - Throws: `ObjectFaults.failed`.
    public func takeDescriptor() throws(Fault) -> Int32 { try file.copy() }

    /// Open as long as this is.
    public var descriptor: Int32 { file.descriptor }

    /// From the first byte to the last that there is now.
    public var content: ObjectContent {
        let size = (try? file.size()) ?? 0
        let cursor = Cursor(0..<size)
        return ObjectContent { [file] in
            guard let (offset, count) = cursor.take(LocalObjectStore.pieceBytes) else { return nil }
            let piece = try await BlockingWork.run { try file.read(count, at: offset) }
            guard piece.count == count else { throw Fault(ObjectFaults.changed) }
            return piece
        }
    }
}

/// Copies of objects on this machine.
public enum LocalCopy {
    /// Writes what is left of a reading to a new file, for its owner alone. Nothing is left when it fails.
    public static func write(_ reading: ObjectReading, to path: String) async throws {
        let file = try DiskFile(path, O_WRONLY | O_CREAT | O_EXCL)
        do {
            var size: Int64 = 0
            while let piece = try await reading.next() {
                let offset = size
                try await BlockingWork.run { try file.write(piece, at: offset) }
                size += Int64(piece.count)
            }
        } catch {
            unlink(path)
            throw error
        }
    }
}
