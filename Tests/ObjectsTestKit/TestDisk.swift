import Foundation
import Resources

/// Folders of a test's own.
public enum TestDisk {
    /// Runs the body with a fresh folder and removes it after.
    public static func withFolder<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
        let path = FileManager.default.temporaryDirectory.appending(path: "atoll-test-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
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
