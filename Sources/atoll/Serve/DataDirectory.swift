import Faults
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A site's folder: only its owner may look into it, and only one server at a time may use it.
///
/// `site.db` the store, `snapshots/` copies made before upgrades, `secrets.key` the key of the secrets table,
/// `checkpoints/` the state of tasks that run, `atoll.sock` the local door, `atoll.yaml` settings, `lock` held while a server runs.
struct DataDirectory: ~Copyable {
    let path: String
    private let lock: Int32

    /// Makes the folder where it is missing (mode 0700) and takes the lock.
    ///
    /// - Throws: `ProgramFaults.dataDirectory`, `.unsafePermissions`, `.socketPath`; `ResourceFaults.storeLocked` when
    ///   another server holds it, `.storeReadOnly` and `.storeFull` when the file system refuses.
    init(path: String) throws(Fault) {
        try Self.make(path)
        guard let facts = FileFacts(path), facts.kind == .directory else {
            throw Fault(ProgramFaults.dataDirectory, "The data directory is not a folder.", at: path)
        }
        guard facts.owner == geteuid() else {
            throw Fault(ProgramFaults.dataDirectory, "The data directory belongs to another user.", at: path)
        }
        guard facts.permissions & 0o077 == 0 else {
            throw Fault(
                ProgramFaults.unsafePermissions,
                "Others can look into the data directory.",
                at: path,
                wanted: "mode 0700",
                fix: "chmod 700 \(path)"
            )
        }
        guard "\(path)/atoll.sock".utf8.count < 108 else {
            throw Fault(ProgramFaults.socketPath, at: "\(path)/atoll.sock", wanted: "at most 107 bytes")
        }
        self.lock = try Self.lock("\(path)/lock", in: path)
        self.path = path
    }

    deinit {
        close(lock)
    }

    func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Held until the descriptor is closed, also by the end of the process. The file tells who holds it.
    private static func lock(_ file: String, in path: String) throws(Fault) -> Int32 {
        let lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw refusal(errno, at: file) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let holder = holder(lock)
            close(lock)
            throw Fault(
                ResourceFaults.storeLocked,
                "Another server\(holder.map { " (process \($0))" } ?? "") uses this data directory.",
                at: path
            )
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(lock, 0) == 0, pwrite(lock, text, text.count, 0) == text.count else {
            let code = errno
            close(lock)
            throw refusal(code, at: file)
        }
        return lock
    }

    private static func make(_ path: String) throws(Fault) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw refusal(errno, at: path)
        }
        try make(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw refusal(errno, at: path) }
    }

    private static func holder(_ lock: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(lock, &bytes, bytes.count, 0)
        return count > 0 ? Int32(String(decoding: bytes.prefix(count), as: UTF8.self).filter(\.isNumber)) : nil
    }

    private static func refusal(_ code: Int32, at path: String) -> Fault {
        switch code {
        case EROFS: Fault(ResourceFaults.storeReadOnly, at: path)
        case ENOSPC, EDQUOT: Fault(ResourceFaults.storeFull, at: path)
        default: Fault(ProgramFaults.dataDirectory, "It cannot be used: \(Platform.message(code)).", at: path)
        }
    }
}
