import Faults
import GRDB
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Columns in the site's database.
public struct SQLiteColumnBook: ColumnBook {
    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    public func lend(_ key: ColumnsKey, to holder: ColumnsHolder) async throws -> [UInt8]? {
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO job_columns (owner, dataset, holder) VALUES (?, ?, ?)
                    ON CONFLICT (owner, dataset) DO UPDATE SET holder = excluded.holder WHERE holder IS NULL
                    """,
                arguments: [key.owner, key.dataset, holder.text])
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM job_columns WHERE owner = ? AND dataset = ?",
                arguments: [key.owner, key.dataset])
            guard let row, let found = row["holder"] as String? else {
                throw Fault(ResourceFaults.storeDamaged, at: "columns of \(key.dataset)")
            }
            guard found == holder.text else { throw Fault.columnsInUse(key, found) }
            return (row["columns"] as Data?).map(Array.init)
        }
    }

    public func lent(to holder: ColumnsHolder) async throws -> [ColumnsKey: [UInt8]?] {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM job_columns WHERE holder = ?", arguments: [holder.text])
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    (
                        ColumnsKey(owner: row["owner"], dataset: row["dataset"]),
                        (row["columns"] as Data?).map(Array.init)
                    )
                })
        }
    }

    public func giveBack(_ columns: [ColumnsKey: [UInt8]?], of holder: ColumnsHolder) async throws {
        try await database.write { db in
            for (key, bytes) in columns {
                try db.execute(
                    sql: """
                        UPDATE job_columns SET columns = ?, holder = NULL
                        WHERE owner = ? AND dataset = ? AND holder = ?
                        """,
                    arguments: [bytes.map { Data($0) }, key.owner, key.dataset, holder.text])
            }
        }
    }
}
