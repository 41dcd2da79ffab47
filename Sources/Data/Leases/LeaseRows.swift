import Faults
import GRDB
import Resources

/// Uses and leases as rows: "use + lease" is one transaction, and durable before any data is opened.
struct LeaseRows: Sendable {
    let database: SQLiteDatabase

    /// Takes leases for all requests or for none.
    ///
    /// - Parameter requests: each with the grants that may allow it, best first.
    /// - Throws: the reason of the first request that no grant allows; `GrantFaults.missing` where there is no grant.
    func take(
        _ requests: [(request: ReadRequest, grants: [GrantCandidate])], for reader: Reader, now: Timestamp
    ) async throws -> [ReadLease] {
        try await database.write { db in
            // Of the same task, by grant: one grant may allow several of its readings.
            var ids: [String: Int64] = [:]
            return try requests.map { request, grants in
                let chosen = try Self.choose(request, grants, reader, now, ids, db)
                ids[chosen.uid, default: 0] += request.ids
                let arguments: StatementArguments = [chosen.uid, reader.job, now.milliseconds]
                try db.execute(
                    sql: "INSERT OR IGNORE INTO grant_use (grant_uid, job, at) VALUES (?, ?, ?)", arguments: arguments)
                try db.execute(
                    sql: "INSERT OR REPLACE INTO grant_ids (grant_uid, job, task, ids) VALUES (?, ?, ?, ?)",
                    arguments: [chosen.uid, reader.job, reader.task, ids[chosen.uid] ?? 0])
                let lease = ReadLease(
                    id: ULID.make(at: now), grant: chosen.uid, dataset: request.datasetUID, reader: reader,
                    peer: request.peer, until: chosen.terms.notAfter)
                try db.execute(
                    sql: """
                        INSERT INTO read_lease (id, grant_uid, dataset, job, task, epoch, peer, until, taken, renewed)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        lease.id, lease.grant, lease.dataset, reader.job, reader.task, Int64(clamping: reader.epoch),
                        lease.peer, lease.until.milliseconds, now.milliseconds, now.milliseconds,
                    ])
                return lease
            }
        }
    }

    /// Why each request would be refused now; changes nothing.
    func refusals(
        _ requests: [(request: ReadRequest, grants: [GrantCandidate])], for reader: Reader, now: Timestamp
    ) async throws -> [Fault?] {
        try await database.read { db in
            var ids: [String: Int64] = [:]
            return try requests.map { request, grants in
                do {
                    let chosen = try Self.choose(request, grants, reader, now, ids, db)
                    ids[chosen.uid, default: 0] += request.ids
                    return nil
                } catch let fault as Fault {
                    return fault
                }
            }
        }
    }

    /// - Parameter ids: what other readings of the same task test, by grant.
    private static func choose(
        _ request: ReadRequest, _ grants: [GrantCandidate], _ reader: Reader, _ now: Timestamp, _ ids: [String: Int64],
        _ db: Database
    ) throws -> GrantCandidate {
        var first: Fault?
        for grant in grants {
            var meter = try meter(grant.uid, reader, db)
            meter.ids += ids[grant.uid] ?? 0
            guard let fault = grant.terms.refusal(of: request, meter, now: now) else { return grant }
            first = first ?? fault
        }
        throw first
            ?? Fault(
                GrantFaults.missing, "\(request.dataset) is not granted to \(request.peer).",
                wanted: "a grant of it to \(request.peer)")
    }

    /// - Parameter reader: nil for the meter as it stands.
    private static func meter(_ grant: String, _ reader: Reader?, _ db: Database) throws -> GrantMeter {
        var meter = GrantMeter()
        meter.uses =
            try Int64.fetchOne(db, sql: "SELECT count(*) FROM grant_use WHERE grant_uid = ?", arguments: [grant]) ?? 0
        meter.isRevoked =
            try Bool.fetchOne(db, sql: "SELECT 1 FROM grant_revoked WHERE grant_uid = ?", arguments: [grant]) ?? false
        let ids = try Row.fetchAll(
            db, sql: "SELECT job, task, ids FROM grant_ids WHERE grant_uid = ?", arguments: [grant])
        for row in ids where reader.map({ row["job"] != $0.job || row["task"] != $0.task }) ?? true {
            meter.ids += row["ids"] as Int64
        }
        if let reader {
            meter.isCounted =
                try Bool.fetchOne(
                    db, sql: "SELECT 1 FROM grant_use WHERE grant_uid = ? AND job = ?", arguments: [grant, reader.job])
                ?? false
        }
        return meter
    }

    func meter(_ grant: String) async throws -> GrantMeter {
        try await database.read { db in try Self.meter(grant, nil, db) }
    }

    /// Writes down that a grant is revoked for good and ends its leases, in one transaction.
    func revoke(_ grant: String, now: Timestamp) async throws {
        try await database.write { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO grant_revoked (grant_uid, at) VALUES (?, ?)",
                arguments: [grant, now.milliseconds])
            try db.execute(
                sql: "UPDATE read_lease SET ended = ?, reason = 'revoked' WHERE grant_uid = ? AND ended IS NULL",
                arguments: [now.milliseconds, grant])
        }
    }

    /// - Returns: those that are held still; others were ended by somebody else.
    func renew(_ ids: Set<String>, now: Timestamp) async throws -> Set<String> {
        try await database.write { db in
            var kept: Set<String> = []
            for id in ids {
                try db.execute(
                    sql: "UPDATE read_lease SET renewed = ? WHERE id = ? AND ended IS NULL",
                    arguments: [now.milliseconds, id])
                if db.changesCount == 1 { kept.insert(id) }
            }
            return kept
        }
    }

    func end(_ ids: [String], reason: String, now: Timestamp) async throws {
        try await database.write { db in
            for id in ids {
                try db.execute(
                    sql: "UPDATE read_lease SET ended = ?, reason = ? WHERE id = ? AND ended IS NULL",
                    arguments: [now.milliseconds, reason, id])
            }
        }
    }

    /// Ends leases that nobody has renewed since a time, such as those of a process that was killed, and forgets those
    /// that ended so long ago that nobody asks.
    func endStale(renewedBefore: Timestamp, forgetBefore: Timestamp, now: Timestamp) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE read_lease SET ended = ?, reason = 'expired' WHERE ended IS NULL AND renewed < ?",
                arguments: [now.milliseconds, renewedBefore.milliseconds])
            try db.execute(
                sql: "DELETE FROM read_lease WHERE ended < ?", arguments: [forgetBefore.milliseconds])
        }
    }

    /// Jobs that read a dataset at this moment.
    func readers(of dataset: String) async throws -> [String] {
        try await database.read { db in
            try String.fetchAll(
                db, sql: "SELECT DISTINCT job FROM read_lease WHERE ended IS NULL AND dataset = ? ORDER BY job",
                arguments: [dataset])
        }
    }
}
