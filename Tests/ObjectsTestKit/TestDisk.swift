import Foundation
import Resources

#if canImport(Glibc)
    import Glibc
#endif

/// Folders of a test's own.
public enum TestDisk {
    /// Runs the body with a fresh folder and removes it after.
    public static func withFolder<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
        let path = FileManager.default.temporaryDirectory.appending(path: "atoll-test-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }

    /// Whether a tmpfs can be mounted here; tried once.
    public static let canMount: Bool = {
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
    public static func withSmallDisk(bytes: Int, _ body: (_ path: String) async throws -> Void) async throws {
        #if os(Linux)
            try await withFolder { path in
                guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
                    throw CocoaError(.fileWriteUnknown)
                }
                defer { umount2(path, Int32(MNT_DETACH)) }
                try await body(path)
            }
        #endif
    }

    /// Every regular file under a folder with its size.
    public static func files(under folder: String) -> [String: Int] {
        let all = FileManager.default.subpaths(atPath: folder) ?? []
        return all.reduce(into: [:]) { found, name in
            let facts = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            if facts?[.type] as? FileAttributeType == .typeRegular { found[name] = facts?[.size] as? Int ?? 0 }
        }
    }
}
