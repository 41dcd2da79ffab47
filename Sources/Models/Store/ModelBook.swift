import GRDB
import Jobs
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The versions of models that are kept at this site, with this party's parts.
public struct ModelBook: Sendable {
    /// One version as it is kept.
    public struct Entry: Sendable, Hashable {
        let job: String
        let task: String
        let scope: Scope
        let model: String
        let version: Int64
        /// The job's plan, encoded.
        let plan: [UInt8]
        /// SHA-256 of the output in the job's results, in hexadecimal.
        let digest: String
        /// What the task handed over.
        let result: [UInt8]
        /// The whole model, once every party has told its part.
        let whole: [UInt8]?

        var id: ResourceID { ModelVersion.id(model, version, in: scope) }
    }

    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    /// Keeps what a task left under the next number of a model, numbers of deleted versions not being given again; or finds
    /// it where it is kept already.
    func add(_ left: LeftModel, model: String, in scope: Scope) async throws -> (entry: Entry, isNew: Bool) {
        let plan = left.plan.bytes
        let place = [scope.tenant ?? "", scope.project ?? "", model]
        return try await database.write { db in
            if let known = try Self.entry(db, left.plan.job, left.task.name) { return (known, false) }
            try db.execute(
                sql: """
                    INSERT INTO model_number (tenant, project, model, last) VALUES (?, ?, ?, 1)
                    ON CONFLICT DO UPDATE SET last = last + 1
                    """,
                arguments: StatementArguments(place))
            try db.execute(
                sql: """
                    INSERT INTO model_version (tenant, project, model, version, job, task, plan, digest, result, at)
                    SELECT tenant, project, model, last, ?, ?, ?, ?, ?, ? FROM model_number
                    WHERE tenant = ? AND project = ? AND model = ?
                    """,
                arguments: [
                    left.plan.job, left.task.name, Data(plan), left.output.digest, Data(left.output.result),
                    left.output.time.milliseconds,
                ] + StatementArguments(place))
            return (try Self.entry(db, left.plan.job, left.task.name)!, true)
        }
    }

    func find(job: String, task: String) async throws -> Entry? {
        try await database.read { try Self.entry($0, job, task) }
    }

    /// Every version that a job left.
    func find(job: String) async throws -> [Entry] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM model_version WHERE job = ? ORDER BY task", arguments: [job])
                .map(Self.entry)
        }
    }

    /// - Parameter version: nil for the newest.
    func find(_ model: String, _ version: Int64?, in scope: Scope) async throws -> Entry? {
        try await database.read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM model_version WHERE tenant = ? AND project = ? AND model = ?
                    AND (version = ? OR ? IS NULL) ORDER BY version DESC LIMIT 1
                    """,
                arguments: [scope.tenant ?? "", scope.project ?? "", model, version, version]
            ).map(Self.entry)
        }
    }

    func setWhole(_ bytes: [UInt8], job: String, task: String) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE model_version SET whole = ? WHERE job = ? AND task = ?",
                arguments: [Data(bytes), job, task])
        }
    }

    func remove(_ id: ResourceID) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM model_version
                    WHERE tenant = ? AND project = ? AND model || '-v' || version = ?
                    """,
                arguments: [id.scope.tenant ?? "", id.scope.project ?? "", id.name])
        }
    }

    private static func entry(_ db: Database, _ job: String, _ task: String) throws -> Entry? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM model_version WHERE job = ? AND task = ?", arguments: [job, task]
        ).map(entry)
    }

    private static func entry(_ row: Row) -> Entry {
        let (tenant, project) = (row["tenant"] as String, row["project"] as String)
        return Entry(
            job: row["job"], task: row["task"],
            scope: Scope(tenant: tenant.isEmpty ? nil : tenant, project: project.isEmpty ? nil : project),
            model: row["model"], version: row["version"], plan: Array(row["plan"] as Data), digest: row["digest"],
            result: Array(row["result"] as Data), whole: (row["whole"] as Data?).map { Array($0) })
    }
}
