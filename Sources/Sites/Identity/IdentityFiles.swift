import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The small files of a site's identity: read whole, written so that no crash leaves half of one.
enum IdentityFiles {
    /// Larger files are not ours.
    static let maximumBytes = 65_536

    /// Makes the folder (mode 0700) where it is missing; its parent must exist.
    ///
    /// - Throws: `ProgramFaults.unsafePermissions` when others may look into it, `.dataDirectory` when it cannot be
    ///   used; `ResourceFaults.storeFull`, `.storeReadOnly`.
    static func openFolder(_ path: String) throws(Fault) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw refusal(errno, at: path) }
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw Fault(ProgramFaults.dataDirectory, "It is not a folder.", at: path)
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw Fault(
                ProgramFaults.unsafePermissions, "Others can look into the folder of the site's key.", at: path,
                wanted: "mode 0700")
        }
    }

    /// The file's bytes, or nil when there is none.
    ///
    /// - Parameter isSecret: refuses a file that anybody but its owner may read or write.
    /// - Throws: `ProgramFaults.unsafePermissions`, `.dataDirectory`.
    static func read(_ path: String, isSecret: Bool) throws(Fault) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw refusal(errno, at: path)
        }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size <= maximumBytes else {
            throw Fault(ProgramFaults.dataDirectory, "It is not a file of this program.", at: path)
        }
        guard !isSecret || facts.st_mode & 0o077 == 0 else {
            throw Fault(ProgramFaults.unsafePermissions, "Others can read the key file.", at: path, wanted: "mode 0600")
        }
        var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + done, $0.count - done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw refusal(errno, at: path) }
            done += count
        }
        return bytes
    }

    /// Written aside with mode 0600, flushed, moved into place, and the move flushed: durable when this returns.
    ///
    /// - Throws: `ProgramFaults.dataDirectory`, `ResourceFaults.storeFull`, `.storeReadOnly`.
    static func write(_ bytes: [UInt8], to path: String) throws(Fault) {
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw refusal(errno, at: path) }
        let code = fill(file, with: bytes)
        close(file)
        guard code == 0, rename(draft, path) == 0 else {
            let failure = code == 0 ? errno : code
            unlink(draft)
            throw refusal(failure, at: path)
        }
        try flushFolder(of: path)
    }

    /// The error number, or 0.
    private static func fill(_ file: Int32, with bytes: [UInt8]) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + done, $0.count - done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            done += count
        }
        return fsync(file) == 0 ? 0 : errno
    }

    private static func flushFolder(of path: String) throws(Fault) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw refusal(errno, at: folder) }
        defer { close(handle) }
        guard fsync(handle) == 0 else { throw refusal(errno, at: folder) }
    }

    private static func refusal(_ code: Int32, at path: String) -> Fault {
        switch code {
        case EROFS: Fault(ResourceFaults.storeReadOnly, at: path)
        case ENOSPC, EDQUOT: Fault(ResourceFaults.storeFull, at: path)
        default: Fault(ProgramFaults.dataDirectory, "It cannot be used: \(String(cString: strerror(code))).", at: path)
        }
    }
}
