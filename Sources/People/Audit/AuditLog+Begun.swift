import Faults
import GRDB
import Resources

/// Changes that have begun and are not recorded yet. They are kept beside the chain until their record is in it, so that a
/// site that is killed in between tells of them when it starts again.
extension AuditLog {
    /// Keeps what a change is about before it is made.
    ///
    /// - Returns: what `write` takes with the change's record.
    /// - Throws: store faults; the change is not to be made then.
    public func begin(_ entry: AuditRecord.Entry) async throws -> String {
        let (id, time, entry) = (ULID.make(), now(), entry.cut)
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO auditBegun (id, time, kind, account, means, address, method, route, path, tenant, project)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, time.milliseconds, entry.kind.rawValue, entry.account, entry.means, entry.address, entry.method,
                    entry.route, entry.path, entry.scope.tenant ?? "", entry.scope.project ?? "",
                ])
        }
        return id
    }

    /// Records what had begun when the site ended: whether it was made is not known, and the records say so. To be called
    /// before anything is served.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func recover() async throws -> Int {
        let signer = signer
        return try await database.write { db in
            let begun = try Row.fetchAll(db, sql: "SELECT * FROM auditBegun ORDER BY id")
            for row in begun {
                guard let kind = AuditRecord.Kind(rawValue: row["kind"]) else { continue }
                var entry = AuditRecord.Entry(kind)
                entry.account = row["account"]
                entry.means = row["means"]
                entry.address = row["address"]
                entry.method = row["method"]
                entry.route = row["route"]
                entry.path = row["path"]
                let (tenant, project): (String, String) = (row["tenant"], row["project"])
                entry.scope = Scope(tenant: tenant.isEmpty ? nil : tenant, project: project.isEmpty ? nil : project)
                entry.fault = PeopleFaults.outcomeUnknown.number.rawValue
                try Self.append(entry, at: Timestamp(milliseconds: row["time"]), unwritten: 0, signer, db)
            }
            try db.execute(sql: "DELETE FROM auditBegun")
            return begun.count
        }
    }
}
