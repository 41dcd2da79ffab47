import Faults
import GRDB
import Ledger
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What of jobs must survive: rows of the site's database, because a decision and what follows from it are told only after
/// they are stored.
///
/// - Durability: what a call changed is on the disk when it returns.
/// - Order: `save` of an older revision after a newer one changes nothing.
public struct JobRows: Sendable {
    /// Lines of a job's log that are kept.
    public static let mostLines = 10_000

    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    // MARK: Jobs

    /// Adds a job; one that is there already stays as it is.
    ///
    /// - Parameters:
    ///   - asked: what it asks for here.
    ///   - quotas: that hold for it. They are looked at in the transaction that adds it, so that jobs which come together, or a
    ///     site that is killed in between, never pass one.
    /// - Throws: `JobFaults.overQuota`; nothing is added then.
    public func add(
        _ entry: JobEntry, _ state: JobState, asking asked: JobUse = JobUse(), within quotas: [JobQuota] = []
    ) async throws {
        let (participant, coordinator) = try state.texts()
        try await database.write { db in
            let isKnown = try Bool.fetchOne(db, sql: "SELECT 1 FROM job WHERE job = ?", arguments: [entry.job]) ?? false
            guard !isKnown else { return }
            for quota in quotas {
                try quota.check(used: try Self.use(in: quota.scope, at: entry.created, db), asked: asked)
            }
            try db.execute(
                sql: """
                    INSERT INTO job (job, name, tenant, project, owner, requester, created, plan, digest,
                        participant, coordinator, revision, is_over, cores, memory, requests)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)
                    """,
                arguments: [
                    entry.job, entry.name, entry.scope.tenant ?? "", entry.scope.project ?? "", entry.owner.text,
                    entry.requester, entry.created.milliseconds, Data(entry.plan), Data(entry.digest), participant,
                    coordinator, asked.cores, asked.memory, asked.requests,
                ])
        }
    }

    /// What the jobs of a tenant, or of one of its projects, use here at a time: those that have not ended at this site.
    public func use(in scope: Scope, at time: Timestamp) async throws -> JobUse {
        try await database.read { db in try Self.use(in: scope, at: time, db) }
    }

    private static func use(in scope: Scope, at time: Timestamp, _ db: Database) throws -> JobUse {
        let place = "tenant = :tenant AND (:project IS NULL OR project = :project)"
        let arguments: StatementArguments = [
            "tenant": scope.tenant ?? "", "project": scope.project, "since": time.milliseconds - JobQuota.window,
        ]
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT COALESCE(SUM(is_closed = 0), 0) AS jobs,
                    COALESCE(SUM(cores * (is_closed = 0)), 0) AS cores,
                    COALESCE(SUM(memory * (is_closed = 0)), 0) AS memory,
                    COALESCE(SUM(requests * (created > :since)), 0) AS requests
                FROM job WHERE \(place)
                """, arguments: arguments)
        guard let row else { return JobUse() }
        return JobUse(jobs: row["jobs"], cores: row["cores"], memory: row["memory"], requests: row["requests"])
    }

    func save(_ job: String, _ state: JobState, revision: Int64, isOver: Bool) async throws {
        let (participant, coordinator) = try state.texts()
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE job SET participant = ?, coordinator = ?, revision = ?, is_over = ?, is_closed = ?
                    WHERE job = ? AND revision < ?
                    """,
                arguments: [
                    participant, coordinator, revision, isOver, isOver || state.participant.isClosed, job, revision,
                ])
        }
    }

    /// Jobs that have not ended everywhere, oldest first.
    func open() async throws -> [(JobEntry, JobState, revision: Int64)] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM job WHERE is_over = 0 ORDER BY job").map(Self.job)
        }
    }

    /// Where the jobs are that have not ended here, newest first.
    public func open(in scope: Scope, most: Int) async throws -> [ResourceID] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT name, tenant, project FROM job
                    WHERE is_closed = 0 AND (:tenant IS NULL OR tenant = :tenant)
                        AND (:project IS NULL OR project = :project)
                    ORDER BY created DESC, job DESC LIMIT :most
                    """, arguments: ["tenant": scope.tenant, "project": scope.project, "most": most]
            ).map { row in
                let place = Scope(tenant: row["tenant"] as String, project: row["project"] as String)
                return ResourceID(kind: Job.kindName, scope: place, name: row["name"])
            }
        }
    }

    func find(_ job: String) async throws -> (JobEntry, JobState, revision: Int64)? {
        try await database.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM job WHERE job = ?", arguments: [job]).map(Self.job)
        }
    }

    /// The newest job of that name.
    func find(named name: String, in scope: Scope) async throws -> String? {
        let (tenant, project) = (scope.tenant ?? "", scope.project ?? "")
        return try await database.read { db in
            try String.fetchOne(
                db, sql: "SELECT job FROM job WHERE name = ? AND tenant = ? AND project = ? ORDER BY job DESC LIMIT 1",
                arguments: [name, tenant, project])
        }
    }

    /// The resource of a job here; nil for a job that is not known.
    public func resource(of job: String) async throws -> ResourceID? {
        try await find(job)?.0.id
    }

    /// Removes everything of a job.
    func remove(_ job: String) async throws {
        try await database.write { db in
            for table in ["job", "job_output", "job_line"] {
                try db.execute(sql: "DELETE FROM \(table) WHERE job = ?", arguments: [job])
            }
        }
    }

    // MARK: Outputs

    /// Keeps a task's output; the same again changes nothing, and another one is not kept.
    ///
    /// - Returns: the digest that is kept.
    func keep(_ result: [UInt8], digest: String, job: String, task: String, now: Timestamp) async throws -> String {
        try await database.write { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO job_output (job, task, digest, result, at) VALUES (?, ?, ?, ?, ?)",
                arguments: [job, task, digest, Data(result), now.milliseconds])
            return try String.fetchOne(
                db, sql: "SELECT digest FROM job_output WHERE job = ? AND task = ?", arguments: [job, task]) ?? digest
        }
    }

    /// By task, in order of name: what workers handed over, and its digest.
    public func outputs(_ job: String) async throws -> [JobOutput] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM job_output WHERE job = ? ORDER BY task", arguments: [job]).map {
                JobOutput(
                    task: $0["task"], digest: $0["digest"], result: Array($0["result"] as Data),
                    time: Timestamp(milliseconds: $0["at"]))
            }
        }
    }

    /// What a task of a job left; nil when nothing is kept of it.
    func output(_ job: String, _ task: String) async throws -> JobOutput? {
        try await outputs(job).first { $0.task == task }
    }

    // MARK: Log

    /// Adds lines; the oldest beyond `mostLines` of a job are forgotten.
    func add(_ lines: [JobLine], to job: String) async throws {
        try await database.write { db in
            for line in lines {
                try db.execute(
                    sql: "INSERT INTO job_line (job, at, level, task, epoch, text) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        job, line.time.milliseconds, Int(line.level), line.task, Int64(clamping: line.epoch), line.text,
                    ])
            }
            try db.execute(
                sql: """
                    DELETE FROM job_line WHERE job = ? AND line <= (
                        SELECT line FROM job_line WHERE job = ? ORDER BY line DESC LIMIT 1 OFFSET ?)
                    """,
                arguments: [job, job, Self.mostLines])
        }
    }

    /// Lines after a number, oldest first.
    public func lines(_ job: String, after line: Int64 = 0, most: Int = 1_000) async throws -> [JobLine] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM job_line WHERE job = ? AND line > ? ORDER BY line LIMIT ?",
                arguments: [job, line, most]
            ).map {
                JobLine(
                    number: $0["line"], time: Timestamp(milliseconds: $0["at"]), level: UInt8($0["level"] as Int),
                    task: $0["task"], epoch: UInt64($0["epoch"] as Int64), text: $0["text"])
            }
        }
    }

    private static func job(_ row: Row) throws -> (JobEntry, JobState, revision: Int64) {
        guard let owner = SiteID(row["owner"] as String) else {
            throw Fault(ResourceFaults.storeDamaged, at: "job \(row["job"] as String)")
        }
        let (tenant, project) = (row["tenant"] as String, row["project"] as String)
        let entry = JobEntry(
            job: row["job"], name: row["name"],
            scope: Scope(tenant: tenant.isEmpty ? nil : tenant, project: project.isEmpty ? nil : project),
            owner: owner, requester: row["requester"], created: Timestamp(milliseconds: row["created"]),
            plan: Array(row["plan"] as Data), digest: Array(row["digest"] as Data))
        return (entry, try JobState(participant: row["participant"], coordinator: row["coordinator"]), row["revision"])
    }
}
