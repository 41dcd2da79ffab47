import Faults
import GRDB
import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Uploads as rows. A chunk's row is written after its content is durable, so what is listed is there.
struct UploadRows: Sendable {
    let database: SQLiteDatabase

    /// Adds an upload, or finds one of the same author, place, name and size that is open.
    ///
    /// - Throws: `ObjectFaults.tooManyUploads`.
    func find(_ wanted: NewUpload, by author: String) async throws -> Upload? {
        try await database.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM upload WHERE state = 'open' AND tenant = ? AND project = ? AND name = ? AND bytes = ?
                    AND retention = ? AND has_header = ? AND author = ? ORDER BY id DESC LIMIT 1
                    """,
                arguments: [
                    wanted.scope.tenant ?? "", wanted.scope.project ?? "", wanted.name, wanted.bytes,
                    wanted.retentionDays, wanted.hasHeader, author,
                ])
            return try row.map { try Self.upload($0, db) }
        }
    }

    func add(
        _ id: String, _ wanted: NewUpload, _ parts: PartUpload, by author: String, now: Timestamp, most: Int,
        if admission: @escaping UploadAdmission
    ) async throws {
        try await database.write { db in
            try admission(db)
            let open =
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM upload WHERE state IN ('open', 'completing')") ?? 0
            guard open < most else {
                throw Fault(ObjectFaults.tooManyUploads, wanted: "at most \(most) uploads at a time")
            }
            try db.execute(
                sql: """
                    INSERT INTO upload (id, tenant, project, name, bytes, retention, has_header, author, created, touched,
                    state, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)
                    """,
                arguments: [
                    id, wanted.scope.tenant ?? "", wanted.scope.project ?? "", wanted.name, wanted.bytes,
                    wanted.retentionDays, wanted.hasHeader, author, now.milliseconds, now.milliseconds, parts.id,
                ])
        }
    }

    /// - Throws: `ObjectFaults.unknownUpload`.
    func get(_ id: String, in scope: Scope = .platform) async throws -> Upload {
        let found = try await database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM upload WHERE id = :id AND \(Self.inScope)",
                arguments: Self.place(scope) &+ ["id": id]
            ).map { try Self.upload($0, db) }
        }
        guard let found else { throw Fault(ObjectFaults.unknownUpload, at: "upload \(id.prefix(30))") }
        return found
    }

    /// Newest first, of a tenant or project alone where one is named.
    func list(in scope: Scope = .platform) async throws -> [Upload] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM upload WHERE \(Self.inScope) ORDER BY id DESC", arguments: Self.place(scope)
            ).map { try Self.upload($0, db) }
        }
    }

    private static let inScope = "(:tenant IS NULL OR tenant = :tenant) AND (:project IS NULL OR project = :project)"

    private static func place(_ scope: Scope) -> StatementArguments {
        ["tenant": scope.tenant, "project": scope.project]
    }

    /// - Throws: `ObjectFaults.unknownUpload`, `.uploadClosed`.
    func keep(_ part: PartTag, digest: [UInt8], of id: String, now: Timestamp) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE upload SET touched = ? WHERE id = ? AND state = 'open'",
                arguments: [now.milliseconds, id])
            guard db.changesCount == 1 else { throw Fault(ObjectFaults.uploadClosed) }
            try db.execute(
                sql: "INSERT OR REPLACE INTO upload_chunk (upload, chunk, bytes, digest, tag) VALUES (?, ?, ?, ?, ?)",
                arguments: [id, part.number - 1, part.bytes, Data(digest), part.tag])
        }
    }

    /// A chunk that is being replaced counts as missing until it is here again.
    func forget(chunk: Int, of id: String) async throws {
        try await database.write { db in
            try db.execute(
                sql: "DELETE FROM upload_chunk WHERE upload = ? AND chunk = ?", arguments: [id, chunk])
        }
    }

    func tags(of id: String) async throws -> [PartTag] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM upload_chunk WHERE upload = ? ORDER BY chunk", arguments: [id]).map
            {
                row in PartTag(number: (row["chunk"] as Int) + 1, bytes: row["bytes"], tag: row["tag"])
            }
        }
    }

    func claim(_ claim: UploadClaim, of id: String, now: Timestamp) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE upload SET state = 'completing', digest = ?, rows = ?, touched = ?
                    WHERE id = ? AND state = 'open'
                    """,
                arguments: [Data(claim.digest), claim.rows, now.milliseconds, id])
        }
    }

    /// The end of an upload; its chunks are forgotten.
    func end(_ id: String, _ fault: Fault?, now: Timestamp) async throws {
        let state = fault == nil ? Upload.State.done : .failed
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE upload SET state = ?, fault_number = ?, fault_text = ?, touched = ? WHERE id = ?
                    """,
                arguments: [
                    state.rawValue, fault.map { Int($0.number.rawValue) }, fault?.what, now.milliseconds, id,
                ])
            try db.execute(sql: "DELETE FROM upload_chunk WHERE upload = ?", arguments: [id])
        }
    }

    func remove(_ id: String) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM upload_chunk WHERE upload = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM upload WHERE id = ?", arguments: [id])
        }
    }

    private static func upload(_ row: Row, _ db: Database) throws -> Upload {
        let id: String = row["id"]
        var chunks: [Int: [UInt8]] = [:]
        for chunk in try Row.fetchAll(
            db, sql: "SELECT chunk, digest FROM upload_chunk WHERE upload = ?", arguments: [id])
        {
            chunks[chunk["chunk"]] = Array(chunk["digest"] as Data)
        }
        let scope = Scope(
            tenant: (row["tenant"] as String).nonEmpty, project: (row["project"] as String).nonEmpty)
        let claim = (row["digest"] as Data?).map { UploadClaim(digest: Array($0), rows: row["rows"]) }
        let fault = (row["fault_number"] as Int?).map { number in
            let entry = FaultCatalogue.entry(FaultNumber(rawValue: UInt16(clamping: number)))
            return Fault(entry ?? ObjectFaults.failed, row["fault_text"])
        }
        return Upload(
            id: id,
            wanted: NewUpload(
                scope: scope, name: row["name"], bytes: row["bytes"], retentionDays: row["retention"],
                hasHeader: row["has_header"]),
            author: row["author"], created: Timestamp(milliseconds: row["created"]),
            touched: Timestamp(milliseconds: row["touched"]),
            state: Upload.State(rawValue: row["state"]) ?? .failed, chunks: chunks, claim: claim, fault: fault,
            parts: PartUpload(key: try Upload.key(of: id), id: row["parts"], partBytes: FileDigest.chunkBytes))
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
