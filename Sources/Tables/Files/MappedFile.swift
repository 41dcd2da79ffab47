import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A file's bytes in memory, read from the disk as they are looked at. The file must not become shorter meanwhile: column
/// files are never changed once they are written.
final class MappedFile: @unchecked Sendable {
    // Unchecked: the bytes are never written, and the mapping lives as long as this.
    let bytes: UnsafeRawBufferPointer

    /// Maps what a descriptor of a regular file stands for; the descriptor may be closed afterwards.
    /// Throws `TableFaults.fileUnreadable`, or `notColumnFile` for what is no regular file or empty.
    init(descriptor: Int32, path: String? = nil) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileCalls.unreadable(path) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            throw Fault(TableFaults.notColumnFile, "It is empty or no regular file.", at: path)
        }
        let size = Int(status.st_size)
        guard let start = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
            throw FileCalls.unreadable(path)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count)
    }
}
