import GRDB
public import Ledger
public import Resources

/// Processor time by whose work it was, in the site's database: sums over five minutes, kept for 90 days. Jobs that are
/// deleted leave theirs.
///
/// - Durability: what `add` was given is on the disk when it returns.
/// - Retry: adding again counts again.
public struct WorkRows: Sendable {
    /// Milliseconds of a period, and for which periods are kept.
    static let period: Int64 = 300_000
    static let memory: Int64 = 90 * 24 * 3_600_000

    private let database: SQLiteDatabase
    private let site: SiteID

    /// - Parameter site: this one.
    public init(_ database: SQLiteDatabase, site: SiteID) {
        self.database = database
        self.site = site
    }

    /// Whose work the jobs are that live in a scope; others are left out.
    func owners(of jobs: Set<String>, in scope: Scope) async throws -> [String: WorkerOwner] {
        guard !jobs.isEmpty else { return [:] }
        let places = jobs.map { _ in "?" }.joined(separator: ", ")
        return try await database.read { [site] db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT job, name, tenant, project, owner, requester FROM job
                    WHERE job IN (\(places)) AND \(Self.within(scope))
                    """, arguments: StatementArguments(jobs.sorted()) + Self.arguments(scope))
            return Dictionary(
                rows.map { row in
                    let owner = SiteID(row["owner"] as String)
                    return (
                        row["job"] as String,
                        WorkerOwner(
                            app: "job/\(row["name"] as String)",
                            scope: Scope(tenant: row["tenant"], project: row["project"]), user: row["requester"],
                            peer: owner == site ? nil : owner)
                    )
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// The jobs of these names that are there in a scope.
    func jobs(named names: Set<String>, in scope: Scope) async throws -> Set<JobEntry.Place> {
        guard !names.isEmpty else { return [] }
        let places = names.map { _ in "?" }.joined(separator: ", ")
        return try await database.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT name, tenant, project FROM job
                    WHERE name IN (\(places)) AND \(Self.within(scope))
                    """, arguments: StatementArguments(names.sorted()) + Self.arguments(scope))
            return Set(
                rows.map { row in
                    JobEntry.Place(name: row["name"], scope: Scope(tenant: row["tenant"], project: row["project"]))
                })
        }
    }

    /// Adds seconds of processor time to the period of a time, and forgets periods that are older than they are kept.
    func add(_ seconds: [WorkerOwner: Double], at time: Timestamp) async throws {
        let at = time.milliseconds / Self.period * Self.period
        try await database.write { db in
            for (owner, cpu) in seconds {
                try db.execute(
                    sql: """
                        INSERT INTO work_use (at, tenant, project, app, user, peer, cpu) VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET cpu = cpu + excluded.cpu
                        """,
                    arguments: [
                        at, owner.scope.tenant ?? "", owner.scope.project ?? "", owner.app, owner.user ?? "",
                        owner.peer?.text ?? "", cpu,
                    ])
            }
            try db.execute(
                sql: "DELETE FROM work_use WHERE at < ?", arguments: [time.milliseconds - Self.memory])
        }
    }

    /// Seconds of processor time since a time, of work in a scope.
    func seconds(since time: Timestamp, in scope: Scope) async throws -> [WorkerOwner: Double] {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT tenant, project, app, user, peer, SUM(cpu) AS cpu FROM work_use
                    WHERE at > ? AND \(Self.within(scope)) GROUP BY tenant, project, app, user, peer
                    """, arguments: [time.milliseconds - Self.period] + Self.arguments(scope))
            return Dictionary(
                rows.map { row in (Self.owner(row), row["cpu"] as Double) }, uniquingKeysWith: +)
        }
    }

    private static func owner(_ row: Row) -> WorkerOwner {
        func text(_ column: String) -> String? {
            let text: String = row[column]
            return text.isEmpty ? nil : text
        }
        return WorkerOwner(
            app: row["app"], scope: Scope(tenant: text("tenant"), project: text("project")), user: text("user"),
            peer: text("peer").flatMap { SiteID($0) })
    }

    private static func within(_ scope: Scope) -> String {
        (scope.tenant == nil ? "TRUE" : "tenant = ?") + " AND " + (scope.project == nil ? "TRUE" : "project = ?")
    }

    private static func arguments(_ scope: Scope) -> StatementArguments {
        StatementArguments([scope.tenant, scope.project].compactMap { $0 })
    }
}
