import Crypto
import Faults
public import GRDB
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keeps secret values in the site's database, each sealed by itself; specs hold only their names.
///
/// AES-256-GCM with a fresh 96-bit nonce per value; the name is authenticated along, so values cannot be swapped.
/// The key is a file beside the database with mode 0600: whoever copies the database alone gets nothing. A value never
/// comes back through the API, is in no revision, no output and no log.
public struct SecretStore: Sendable {
    public static let maximumBytes = 65_536

    private let database: SQLiteDatabase
    private let key: SymmetricKey

    /// What may be told of a secret.
    public struct Entry: Sendable, Hashable {
        public let name: String
        public let changed: Timestamp
        public let author: String
        /// Size of the value.
        public let bytes: Int
    }

    /// - Parameter key: 32 bytes, see `SecretKeyFile`.
    public init(_ database: SQLiteDatabase, key: SymmetricKeyBytes) {
        self.database = database
        self.key = SymmetricKey(data: key.bytes)
    }

    /// Checks that the key opens what is stored.
    ///
    /// - Throws: `ProgramFaults.secretSealed`.
    public func checkKey() async throws {
        guard let first = try await list().first else { return }
        _ = try await value(first.name)
    }

    /// Stores or replaces a value.
    ///
    /// - Throws: `ResourceFaults.invalidName`, `ProgramFaults.invalidSecret`, store faults.
    @discardableResult
    public func set(_ name: String, to value: [UInt8], by author: String) async throws -> Entry {
        try Names.check(name, at: "secret name")
        guard (1...Self.maximumBytes).contains(value.count) else {
            throw Fault(ProgramFaults.invalidSecret, at: "secret \(name)", wanted: "1 to \(Self.maximumBytes) bytes")
        }
        let box = try AES.GCM.seal(value, using: key, authenticating: Array(name.utf8))
        guard let sealed = box.combined else { throw Fault(ProgramFaults.secretSealed, at: "secret \(name)") }
        let entry = Entry(name: name, changed: .now, author: author, bytes: value.count)
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO secret (name, sealed, changed, author, bytes) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, changed = excluded.changed,
                    author = excluded.author, bytes = excluded.bytes
                    """,
                arguments: [name, sealed, entry.changed.milliseconds, author, value.count]
            )
        }
        return entry
    }

    /// The value, for the part that needs it; to be used and dropped, never stored, sent or logged.
    ///
    /// - Throws: `ProgramFaults.secretNotFound`, `.secretSealed`.
    public func value(_ name: String) async throws -> [UInt8] {
        let sealed = try await database.read { db in
            try Data.fetchOne(db, sql: "SELECT sealed FROM secret WHERE name = ?", arguments: [name])
        }
        guard let sealed else { throw Self.missing(name) }
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let value = try? AES.GCM.open(box, using: key, authenticating: Array(name.utf8))
        else { throw Fault(ProgramFaults.secretSealed, at: "secret \(name)") }
        return Array(value)
    }

    /// In order of name.
    public func list() async throws -> [Entry] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT name, changed, author, bytes FROM secret ORDER BY name").map { row in
                Entry(name: row[0], changed: Timestamp(milliseconds: row[1]), author: row[2], bytes: row[3])
            }
        }
    }

    /// - Throws: `ProgramFaults.secretNotFound`.
    public func delete(_ name: String) async throws {
        let count = try await database.write { db in
            try db.execute(sql: "DELETE FROM secret WHERE name = ?", arguments: [name])
            return db.changesCount
        }
        if count == 0 { throw Self.missing(name) }
    }

    private static func missing(_ name: String) -> Fault {
        Fault(ProgramFaults.secretNotFound, "There is no secret '\(Names.isValid(name) ? name : "of that name")'.")
    }
}

/// The table of sealed secrets.
public enum SecretMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("secrets-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE secret (
                        name TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL,
                        changed INTEGER NOT NULL, author TEXT NOT NULL, bytes INTEGER NOT NULL
                    ) WITHOUT ROWID
                    """
            )
        }
    }
}
