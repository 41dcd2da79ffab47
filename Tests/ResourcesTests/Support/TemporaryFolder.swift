import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Runs the body with a fresh folder and removes it after.
func withTemporaryFolder<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
    let path = FileManager.default.temporaryDirectory.appending(path: "atoll-test-\(ULID.make())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

extension SQLiteDatabase {
    static func forTest(
        in folder: String,
        migrations: [any SQLiteMigrations.Type] = [ResourceMigrations.self]
    ) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: "\(folder)/store.db", snapshots: "\(folder)/snapshots", migrations: migrations)
    }
}
