import Faults
import GRDB
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Outputs in the site's database; the outputs themselves are kept with their job.
public struct SQLiteTaskCache: TaskCache {
    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func find(_ key: TaskKey) async throws -> CachedOutput? {
        try await database.read { db in try Self.fetch(key, db) }
    }

    public func keep(_ output: CachedOutput, for key: TaskKey) async throws {
        let kept = try await database.write { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO task_cache (key, digest, job, task) VALUES (?, ?, ?, ?)",
                arguments: [Data(key.bytes), Data(output.digest), output.job, output.task])
            return try Self.fetch(key, db)
        }
        if kept?.digest != output.digest { throw Fault.otherOutput(output) }
    }

    public func forget(job: String) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM task_cache WHERE job = ?", arguments: [job])
        }
    }

    private static func fetch(_ key: TaskKey, _ db: Database) throws -> CachedOutput? {
        try Row.fetchOne(db, sql: "SELECT * FROM task_cache WHERE key = ?", arguments: [Data(key.bytes)]).map { row in
            CachedOutput(digest: Array(row["digest"] as Data), job: row["job"], task: row["task"])
        }
    }
}
