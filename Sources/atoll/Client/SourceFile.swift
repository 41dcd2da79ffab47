import Faults
import Objects
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is sent: read in chunks, and held to what it was when it was opened.
final class SourceFile {
    let path: String
    private let descriptor: Int32
    private let facts: FileFacts

    var bytes: Int64 { facts.size }

    /// - Throws: `ProgramFaults.fileUnreadable` for what is no regular file.
    init(_ path: String) throws(Fault) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Fault(ProgramFaults.fileUnreadable, "'\(path)' cannot be read: \(Platform.message(errno)).", at: path)
        }
        guard let facts = FileFacts(descriptor: descriptor), facts.kind == .regular else {
            close(descriptor)
            throw Fault(ProgramFaults.fileUnreadable, "'\(path)' is no file.", at: path, wanted: "a regular file")
        }
        self.facts = facts
    }

    deinit { close(descriptor) }

    /// One chunk, from 0.
    ///
    /// - Throws: `ObjectFaults.fileChanged` when it has become shorter; `ProgramFaults.fileUnreadable`.
    func read(_ chunk: Int) throws(Fault) -> [UInt8] {
        let range = FileDigest.range(chunk, of: bytes)
        var content = [UInt8](repeating: 0, count: range.count)
        var done = 0
        while done < content.count {
            let count = content.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(range.lowerBound) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Fault(
                    ProgramFaults.fileUnreadable, "'\(path)' cannot be read: \(Platform.message(errno)).", at: path)
            }
            guard count > 0 else { throw Fault(ObjectFaults.fileChanged, at: path) }
            done += count
        }
        return content
    }

    /// - Throws: `ObjectFaults.fileChanged` when size or time of the file, or the file at the path, are not what they were.
    func checkUnchanged() throws(Fault) {
        guard FileFacts(descriptor: descriptor)?.isUnchanged(since: facts) == true,
            FileFacts(path)?.isUnchanged(since: facts) == true
        else {
            throw Fault(ObjectFaults.fileChanged, at: path)
        }
    }
}
