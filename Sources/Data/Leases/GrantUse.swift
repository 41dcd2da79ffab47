import GRDB
public import Resources

/// One job that used a grant: what was counted, and whether it reads still.
public struct GrantUse: Sendable, Hashable {
    /// The job's ULID.
    public let job: String
    /// When it first read.
    public let time: Timestamp
    /// How many ids it has tested, over all its tasks.
    public let ids: Int64
    /// Leases that it holds now.
    public let reading: Int64
    /// When the last of its leases ended; nil while it reads, and when that is so long ago that it was forgotten.
    public let ended: Timestamp?
    /// How: `given back`, `revoked`, `cancelled`, `expired`.
    public let reason: String?

    /// As the API answers.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "job": .string(job), "time": .string(time.description), "idsTested": .integer(ids),
            "reading": .integer(reading),
        ]
        if let ended { members["ended"] = .string(ended.description) }
        if let reason { members["reason"] = .string(reason) }
        return .object(members)
    }
}

extension LeaseRows {
    /// The uses of a grant, newest job first.
    ///
    /// - Parameters:
    ///   - job: only those of older jobs; nil begins with the newest.
    ///   - limit: at least 1.
    func uses(_ grant: String, before job: String?, limit: Int) async throws -> [GrantUse] {
        try await database.read { db in
            // The end of a job is that of its lease which ended last.
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT u.job, u.at,
                        (SELECT coalesce(sum(ids), 0) FROM grant_ids i
                            WHERE i.grant_uid = u.grant_uid AND i.job = u.job) AS ids,
                        (SELECT count(*) FROM read_lease l
                            WHERE l.grant_uid = u.grant_uid AND l.ended IS NULL AND l.job = u.job) AS reading,
                        last.ended, last.reason
                    FROM grant_use u LEFT JOIN read_lease last ON last.id = (
                        SELECT id FROM read_lease l WHERE l.grant_uid = u.grant_uid AND l.ended > 0 AND l.job = u.job
                        ORDER BY l.ended DESC, l.id DESC LIMIT 1)
                    WHERE u.grant_uid = ? AND (? IS NULL OR u.job < ?) ORDER BY u.job DESC LIMIT ?
                    """,
                arguments: [grant, job, job, limit])
            return rows.map { row in
                let reading: Int64 = row["reading"]
                let ended: Int64? = row["ended"]
                return GrantUse(
                    job: row["job"], time: Timestamp(milliseconds: row["at"]), ids: row["ids"], reading: reading,
                    ended: reading == 0 ? ended.map { Timestamp(milliseconds: $0) } : nil,
                    reason: reading == 0 ? row["reason"] : nil)
            }
        }
    }
}

extension GrantShelf {
    /// The jobs that used a grant, newest first.
    ///
    /// - Throws: `ResourceFaults.notFound`.
    public func uses(_ id: ResourceID, before job: String? = nil, limit: Int) async throws -> [GrantUse] {
        try await desk.uses(try await resources.store.get(id).metadata.uid, before: job, limit: limit)
    }
}
