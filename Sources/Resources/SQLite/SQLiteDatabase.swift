public import Faults
public import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The site's one SQLite file: opened in WAL mode, brought forward by migrations, with a snapshot before each upgrade.
///
/// Commits are flushed to the disk before they are acknowledged (`synchronous = FULL`). One process at a time may own
/// the file; the program holds a lock on the data directory for that.
public struct SQLiteDatabase: Sendable {
    public let pool: DatabasePool
    public let path: String

    /// Opens or creates the file and applies every migration that is missing.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must exist.
    ///   - snapshots: the folder for copies made before an upgrade of a file that has content; made when needed.
    ///   - migrations: every part's migrations, in the order of the parts.
    /// - Throws: `ResourceFaults.storeDamaged`, `.storeNewer`, `.storeFull`, `.storeReadOnly`, `.storeFailed`.
    public init(path: String, snapshots: String, migrations: [any SQLiteMigrations.Type]) throws(Fault) {
        self.path = path
        // The database would open such a file for reading, if it can, and fail at the first write.
        let folder = Self.folder(of: path)
        if access(folder, F_OK) == 0, access(folder, W_OK) != 0 {
            throw Fault(ResourceFaults.storeReadOnly, at: folder)
        }
        pool = try Self.translating(path: path) {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            let pool = try DatabasePool(path: path, configuration: configuration)
            // After opening: GRDB sets NORMAL on its writer when it begins WAL mode, later than `prepareDatabase`.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            var migrator = DatabaseMigrator()
            for part in migrations { part.register(in: &migrator) }
            let (applied, isNewer, isDone) = try pool.read { db in
                let known = migrator
                return try (
                    known.appliedIdentifiers(db).count, known.hasBeenSuperseded(db), known.hasCompletedMigrations(db)
                )
            }
            if isNewer { throw Fault(ResourceFaults.storeNewer, at: path) }
            if !isDone {
                if applied > 0 { try SQLiteSnapshots.take(of: pool, into: snapshots) }
                try migrator.migrate(pool)
            }
            return pool
        }
    }

    /// Writes in one transaction that is durable when this returns. A cancelled task gets a `CancellationError`, and
    /// the write may or may not have happened.
    public func write<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.write(body)
        } catch {
            if Task.isCancelled, !(error is Fault) { throw CancellationError() }
            throw Self.translate(error, path: path)
        }
    }

    /// Reads one consistent state.
    public func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch {
            if Task.isCancelled, !(error is Fault) { throw CancellationError() }
            throw Self.translate(error, path: path)
        }
    }

    /// Ends every connection once what runs is done; calls after it fail. The log is written back into the file.
    ///
    /// - Throws: `ResourceFaults.storeFailed` and the others of `init`.
    public func close() throws(Fault) {
        try Self.translating(path: path) {
            // What cannot be written back now stays in the log beside the file and is read from there.
            _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
            try pool.close()
        }
    }

    private static func translating<Value>(path: String, _ body: () throws -> Value) throws(Fault) -> Value {
        do {
            return try body()
        } catch {
            throw translate(error, path: path)
        }
    }

    /// Our own faults pass; the database's codes become numbered faults.
    static func translate(_ error: any Error, path: String) -> Fault {
        if let fault = error as? Fault { return fault }
        guard let error = error as? DatabaseError else {
            return Fault(ResourceFaults.storeFailed, at: path)
        }
        switch error.resultCode {
        case .SQLITE_FULL: return Fault(ResourceFaults.storeFull, at: path)
        case .SQLITE_READONLY, .SQLITE_PERM: return Fault(ResourceFaults.storeReadOnly, at: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return Fault(ResourceFaults.storeDamaged, at: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return Fault(ResourceFaults.storeLocked, at: path)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN: return Fault(cause(ofFailureAt: path), at: path)
        default:
            return Fault(
                ResourceFaults.storeFailed, "The store failed with SQLite code \(error.extendedResultCode.rawValue).",
                at: path)
        }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// An input/output error of SQLite does not say why: the file system does.
    static func cause(ofFailureAt path: String) -> FaultEntry {
        let folder = folder(of: path)
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return ResourceFaults.storeFailed }
        if status.f_flag & UInt(ST_RDONLY) != 0 || access(folder, W_OK) != 0 { return ResourceFaults.storeReadOnly }
        if UInt64(status.f_bavail) * UInt64(status.f_frsize) < 256 * 1024 { return ResourceFaults.storeFull }
        return ResourceFaults.storeFailed
    }
}

/// The tables of one part, as an ordered list of migrations. An identifier once released is never changed.
public protocol SQLiteMigrations {
    static func register(in migrator: inout DatabaseMigrator)
}
