#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A small file system in memory, for tests of full and read-only disks. Linux only, and only where mounting is allowed.
enum Mount {
    /// Whether a tmpfs can be mounted here; tried once.
    static let isPermitted: Bool = {
        #if os(Linux)
            var path = Array("/tmp/atoll-mount-XXXXXX\0".utf8CString)
            guard mkdtemp(&path) != nil else { return false }
            defer { rmdir(path) }
            guard mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else { return false }
            return umount(path) == 0
        #else
            return false
        #endif
    }()

    /// Runs the body with a folder that is a tmpfs of that many bytes.
    static func withSmallDisk(bytes: Int, _ body: (_ path: String) async throws -> Void) async throws {
        #if os(Linux)
            try await withTemporaryFolder { path in
                try check(mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)"))
                defer { umount2(path, Int32(MNT_DETACH)) }
                try await body(path)
            }
        #endif
    }

    static func setReadOnly(_ path: String, _ isReadOnly: Bool) throws {
        #if os(Linux)
            try check(mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0), nil))
        #endif
    }

    struct Failed: Error {
        let code: Int32
    }

    private static func check(_ result: Int32) throws {
        if result != 0 { throw Failed(code: errno) }
    }
}
