import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A descriptor that is closed with its last owner, and the system's calls with numbered faults.
final class DiskFile: Sendable {
    let descriptor: Int32
    private let path: String

    /// - Throws: what `fault` makes of the system's error; `ObjectFaults.notFound` when there is no file.
    init(_ path: String, _ flags: Int32) throws(Fault) {
        descriptor = open(path, flags | O_CLOEXEC, 0o600)
        self.path = path
        guard descriptor >= 0 else { throw Disk.fault(errno, path) }
    }

    init(copying descriptor: Int32) throws(Fault) {
        self.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        path = "an open file"
        guard self.descriptor >= 0 else { throw Disk.fault(errno, path) }
    }

    deinit { close(descriptor) }

    func copy() throws(Fault) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw Disk.fault(errno, path) }
        return copy
    }

    func size() throws(Fault) -> Int64 {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw Disk.fault(errno, path) }
        return Int64(facts.st_size)
    }

    func read(_ count: Int, at offset: Int64) throws(Fault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let found = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress! + done, count - done, off_t(offset) + off_t(done))
            }
            if found < 0, errno == EINTR { continue }
            guard found >= 0 else { throw Disk.fault(errno, path) }
            if found == 0 { break }
            done += found
        }
        if done < count { bytes.removeLast(count - done) }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws(Fault) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Disk.fault(written == 0 ? ENOSPC : errno, path) }
            done += written
        }
    }

    func cut(to size: Int64) throws(Fault) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw Disk.fault(errno, path) }
    }

    func flush() throws(Fault) {
        guard fsync(descriptor) == 0 else { throw Disk.fault(errno, path) }
    }
}

/// Folders and names.
enum Disk {
    static func fault(_ code: Int32, _ path: String) -> Fault {
        let why = String(cString: strerror(code))
        return switch code {
        case ENOENT, ENOTDIR: Fault(ObjectFaults.notFound, at: path)
        case ENOSPC, EDQUOT: Fault(ObjectFaults.full, at: path)
        case EACCES, EPERM, EROFS:
            Fault(
                ObjectFaults.denied, "The folder of the object store cannot be used: \(why).", at: path,
                fix: "Let the site's user read and write in the folder.")
        default: Fault(ObjectFaults.failed, "The disk failed: \(why).", at: path)
        }
    }

    /// Makes a folder and those above it, for their owner alone, and flushes the names of those that are new.
    static func makeFolder(_ path: String) throws(Fault) {
        if mkdir(path, 0o700) == 0 { return try flushFolder(parent(of: path)) }
        switch errno {
        case EEXIST: return
        case ENOENT:
            try makeFolder(parent(of: path))
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw fault(errno, path) }
            try flushFolder(parent(of: path))
        default: throw fault(errno, path)
        }
    }

    static func flushFolder(_ path: String) throws(Fault) {
        try DiskFile(path, O_RDONLY | O_DIRECTORY).flush()
    }

    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// The names in a folder; none when there is none.
    static func names(in path: String) -> [String] {
        guard let handle = opendir(path) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a file; one that is gone is no error.
    static func remove(_ path: String) throws(Fault) {
        guard unlink(path) == 0 || errno == ENOENT else { throw fault(errno, path) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
