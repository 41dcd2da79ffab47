import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A small file system in memory, for tests of full and read-only disks. Linux only, and only where mounting is allowed.
public enum SmallDisk {
    /// Whether a tmpfs can be mounted here; tried once.
    public static let isPermitted: Bool = {
        #if os(Linux)
            guard let path = try? newFolder() else { return false }
            defer { rmdir(path) }
            guard mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else { return false }
            return umount(path) == 0
        #else
            return false
        #endif
    }()

    /// Runs the body with a folder that is a tmpfs of that many bytes.
    public static func with(bytes: Int, _ body: (_ path: String) async throws -> Void) async throws {
        #if os(Linux)
            let path = try newFolder()
            defer { rmdir(path) }
            try check(mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)"))
            defer { umount2(path, Int32(MNT_DETACH)) }
            try await body(path)
        #endif
    }

    public static func setReadOnly(_ path: String, _ isReadOnly: Bool) throws {
        #if os(Linux)
            try check(mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0), nil))
        #endif
    }

    /// Bytes that are left.
    public static func free(_ path: String) -> Int {
        var status = statvfs()
        return statvfs(path, &status) == 0 ? Int(status.f_bavail) * Int(status.f_frsize) : 0
    }

    private static func newFolder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "atoll-mount-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private static func check(_ result: Int32) throws {
        if result != 0 { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM) }
    }
}
