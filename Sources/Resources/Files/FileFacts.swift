#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the file system says about a file, links followed.
public struct FileFacts: Sendable, Hashable {
    public enum Kind: Sendable {
        case regular, directory, socket, other
    }

    public let kind: Kind
    /// The nine permission bits.
    public let permissions: UInt32
    public let owner: UInt32
    /// In bytes.
    public let size: Int64
    private let device: UInt64
    private let inode: UInt64
    private let seconds: Int
    private let nanoseconds: Int

    /// nil when there is nothing at the path, or it cannot be asked.
    public init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        self.init(facts)
    }

    /// Of an open file.
    public init?(descriptor: Int32) {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return nil }
        self.init(facts)
    }

    private init(_ facts: stat) {
        switch facts.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        case S_IFSOCK: kind = .socket
        default: kind = .other
        }
        permissions = UInt32(facts.st_mode & 0o777)
        owner = UInt32(facts.st_uid)
        size = Int64(facts.st_size)
        (device, inode) = (UInt64(facts.st_dev), UInt64(facts.st_ino))
        #if canImport(Darwin)
            (seconds, nanoseconds) = (facts.st_mtimespec.tv_sec, facts.st_mtimespec.tv_nsec)
        #else
            (seconds, nanoseconds) = (facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec)
        #endif
    }

    /// Whether both are of one file that has not changed between: the same place, size and time of change.
    public func isUnchanged(since earlier: FileFacts) -> Bool {
        (device, inode, size) == (earlier.device, earlier.inode, earlier.size)
            && (seconds, nanoseconds) == (earlier.seconds, earlier.nanoseconds)
    }

    /// As in `chmod`: `700`.
    public var octal: String {
        let digits = String(permissions, radix: 8)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
