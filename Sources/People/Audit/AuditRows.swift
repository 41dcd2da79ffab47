public import GRDB
import Ledger
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The audit in the site's database: what a record says lies in columns, and its hash beside it.
extension AuditLog {
    struct Head {
        let chain: AuditChain
        let signature: [UInt8]
    }

    static func head(_ db: Database) throws -> Head? {
        try Row.fetchOne(db, sql: "SELECT records, hash, signature FROM auditHead").map { row in
            let (hash, signature): (Data, Data) = (row[1], row[2])
            let count: Int64 = row[0]
            return Head(
                chain: AuditChain(records: UInt64(clamping: count), head: Array(hash)), signature: Array(signature))
        }
    }

    static func setHead(_ chain: AuditChain, signature: [UInt8], _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO auditHead (one, records, hash, signature) VALUES (1, ?, ?, ?)",
            arguments: [Int64(clamping: chain.records), chain.head.data, signature.data])
    }

    static func insert(_ record: AuditRecord, hash: [UInt8], _ db: Database) throws {
        let entry = record.entry
        try db.execute(
            sql: """
                INSERT INTO audit (number, time, kind, account, means, address, method, route, path, tenant, project,
                detail, status, fault, unwritten, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                Int64(clamping: record.number), record.time.milliseconds, entry.kind.rawValue, entry.account,
                entry.means, entry.address, entry.method, entry.route, entry.path, entry.scope.tenant ?? "",
                entry.scope.project ?? "", entry.detail, Int(entry.status), Int(entry.fault), Int(record.unwritten),
                hash.data,
            ])
    }

    static func select(_ query: AuditQuery, _ db: Database) throws -> [AuditRecord] {
        var conditions: [String] = []
        var arguments: [any DatabaseValueConvertible] = []
        func require(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += Array(repeating: value, count: condition.count { $0 == "?" })
        }
        require("tenant = ?", query.scope.tenant)
        require("project = ?", query.scope.project)
        // Who logs in is nobody yet: the record is about them.
        require("(account = ? OR (kind = 'login' AND detail = ?))", query.account)
        require("kind = ?", query.kind?.rawValue)
        require("time >= ?", query.since?.milliseconds)
        require("time < ?", query.until?.milliseconds)
        require("number < ?", query.before.map { Int64(clamping: $0) })
        require(
            "(instr(path, ?) > 0 OR instr(detail, ?) > 0 OR instr(route, ?) > 0 OR instr(address, ?) > 0)", query.text)
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let limit = min(max(query.limit, 1), mostRecords)
        return try Row.fetchAll(
            db, sql: "SELECT * FROM audit \(filter) ORDER BY number DESC LIMIT \(limit)",
            arguments: StatementArguments(arguments)
        ).compactMap { record($0)?.record }
    }

    /// Every record in order, until the body returns false. A row that cannot be read is passed on as a gap.
    static func forEach(
        _ db: Database, from first: UInt64 = 0, _ body: (AuditRecord, [UInt8]) throws -> Bool
    ) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT * FROM audit WHERE number >= ? ORDER BY number", arguments: [Int64(clamping: first)])
        while let row = try rows.next() {
            guard let (record, hash) = record(row) else { continue }
            guard try body(record, hash) else { return }
        }
    }

    /// Nil for a row that no record can be in.
    private static func record(_ row: Row) -> (record: AuditRecord, hash: [UInt8])? {
        let (tenant, project): (String, String) = (row["tenant"], row["project"])
        guard let kind = AuditRecord.Kind(rawValue: row["kind"]), let number = UInt64(exactly: row["number"] as Int64),
            let status = UInt16(exactly: row["status"] as Int64), let fault = UInt16(exactly: row["fault"] as Int64),
            let unwritten = UInt32(exactly: row["unwritten"] as Int64), !tenant.isEmpty || project.isEmpty
        else { return nil }
        var entry = AuditRecord.Entry(kind)
        (entry.account, entry.means, entry.address) = (row["account"], row["means"], row["address"])
        (entry.method, entry.route, entry.path) = (row["method"], row["route"], row["path"])
        entry.detail = row["detail"]
        entry.scope = Scope(tenant: tenant.isEmpty ? nil : tenant, project: project.isEmpty ? nil : project)
        (entry.status, entry.fault) = (status, fault)
        let hash: Data = row["hash"]
        let record = AuditRecord(
            number: number, time: Timestamp(milliseconds: row["time"]), entry: entry, unwritten: unwritten)
        return (record, Array(hash))
    }
}

/// The tables of the audit.
public enum AuditMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("audit-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE audit (
                        number INTEGER NOT NULL PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL,
                        account TEXT NOT NULL, means TEXT NOT NULL, address TEXT NOT NULL, method TEXT NOT NULL,
                        route TEXT NOT NULL, path TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL,
                        detail TEXT NOT NULL, status INTEGER NOT NULL, fault INTEGER NOT NULL,
                        unwritten INTEGER NOT NULL, hash BLOB NOT NULL
                    );
                    CREATE INDEX auditOfTenant ON audit (tenant, number);
                    CREATE INDEX auditOfAccount ON audit (account, number);
                    CREATE TABLE auditHead (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), records INTEGER NOT NULL, hash BLOB NOT NULL,
                        signature BLOB NOT NULL
                    );
                    """
            )
        }
        // What has begun and is not recorded yet.
        migrator.registerMigration("audit-2") { db in
            try db.execute(
                sql: """
                    CREATE TABLE auditBegun (
                        id TEXT NOT NULL PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL,
                        account TEXT NOT NULL, means TEXT NOT NULL, address TEXT NOT NULL, method TEXT NOT NULL,
                        route TEXT NOT NULL, path TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL
                    ) WITHOUT ROWID
                    """
            )
        }
        // Logins are found by the user whom they are about.
        migrator.registerMigration("audit-3") { db in
            try db.execute(sql: "CREATE INDEX auditOfLogin ON audit (detail, number) WHERE kind = 'login'")
        }
    }
}
