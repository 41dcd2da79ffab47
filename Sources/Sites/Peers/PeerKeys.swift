public import GRDB
import Ledger
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The root keys of every site that ever was a peer. They stay when a peer is deleted: the ledger's chains outlive it, and
/// their signatures must be checked years later.
public struct PeerKeys: Sendable {
    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    /// DER SubjectPublicKeyInfo by site.
    func all() async throws -> [SiteID: [UInt8]] {
        let rows = try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT site, root_key FROM peer_key").map { row in
                (row["site"] as String, Array(row["root_key"] as Data))
            }
        }
        return Dictionary(rows.compactMap { text, key in SiteID(text).map { ($0, key) } }, uniquingKeysWith: { $1 })
    }

    /// Keeps a key that was proven to hash to the site id. Durable when this returns; again is no change.
    func keep(_ key: [UInt8], of site: SiteID) async throws {
        try await database.write { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO peer_key (site, root_key) VALUES (?, ?)",
                arguments: [site.text, Data(key)])
        }
    }
}

/// The tables of peers and invitations.
public enum JoiningMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("joining-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE peer_key (
                        site TEXT NOT NULL PRIMARY KEY, root_key BLOB NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE invitation (
                        id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL,
                        sealed BLOB NOT NULL, digest BLOB NOT NULL, addresses TEXT NOT NULL,
                        created INTEGER NOT NULL, expiry INTEGER NOT NULL, author TEXT NOT NULL,
                        failures INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0,
                        used_by TEXT, used_at INTEGER
                    ) WITHOUT ROWID;
                    CREATE TABLE pending_peer (
                        site TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL
                    ) WITHOUT ROWID;
                    """
            )
        }
    }
}
