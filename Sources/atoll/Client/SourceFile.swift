import Faults
import Objects

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is sent: read in chunks, and held to what it was when it was opened.
final class SourceFile {
    private struct Facts: Equatable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int

        init?(_ status: Int32, _ facts: stat) {
            guard status == 0 else { return nil }
            (device, inode) = (UInt64(facts.st_dev), UInt64(facts.st_ino))
            size = Int64(facts.st_size)
            (seconds, nanoseconds) = (facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec)
        }
    }

    let path: String
    private let descriptor: Int32
    private let facts: Facts

    var bytes: Int64 { facts.size }

    /// - Throws: `ProgramFaults.fileUnreadable` for what is no regular file.
    init(_ path: String) throws(Fault) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Fault(ProgramFaults.fileUnreadable, "'\(path)' cannot be read: \(Platform.message(errno)).", at: path)
        }
        var status = stat()
        guard let facts = Facts(fstat(descriptor, &status), status), status.st_mode & S_IFMT == S_IFREG else {
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
        var (here, there) = (stat(), stat())
        let now = Facts(fstat(descriptor, &here), here)
        guard now == facts, Facts(stat(path, &there), there) == facts else {
            throw Fault(ObjectFaults.fileChanged, at: path)
        }
    }
}
