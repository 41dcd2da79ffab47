public import GRDB
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The tables of jobs in the site's database.
public enum JobMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("jobs-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE job (
                        job TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL,
                        owner TEXT NOT NULL, requester TEXT, created INTEGER NOT NULL,
                        plan BLOB NOT NULL, digest BLOB NOT NULL,
                        participant TEXT NOT NULL, coordinator TEXT, revision INTEGER NOT NULL, is_over INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX job_open ON job (is_over, job);
                    CREATE INDEX job_name ON job (name, tenant, project);
                    CREATE TABLE job_output (
                        job TEXT NOT NULL, task TEXT NOT NULL, digest TEXT NOT NULL, result BLOB NOT NULL,
                        at INTEGER NOT NULL, PRIMARY KEY (job, task)
                    );
                    CREATE TABLE job_line (
                        line INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, at INTEGER NOT NULL,
                        level INTEGER NOT NULL, task TEXT NOT NULL, epoch INTEGER NOT NULL, text TEXT NOT NULL
                    );
                    CREATE INDEX job_line_of_job ON job_line (job, line);
                    """
            )
        }
        // What verify measured by set of sites, and outputs by what they depend on.
        migrator.registerMigration("jobs-2") { db in
            try db.execute(
                sql: """
                    CREATE TABLE job_rates (
                        sites TEXT NOT NULL PRIMARY KEY, products REAL NOT NULL, encryptions REAL NOT NULL,
                        decryptions REAL NOT NULL, bandwidth REAL NOT NULL, round_trip REAL NOT NULL,
                        at INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE task_cache (
                        key BLOB NOT NULL PRIMARY KEY, digest BLOB NOT NULL, job TEXT NOT NULL, task TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX task_cache_job ON task_cache (job);
                    """
            )
        }
        // What was told of columns of datasets, and the task that has it at this moment.
        migrator.registerMigration("jobs-3") { db in
            try db.execute(
                sql: """
                    CREATE TABLE job_columns (
                        owner TEXT NOT NULL, dataset TEXT NOT NULL, columns BLOB, holder TEXT,
                        PRIMARY KEY (owner, dataset)
                    );
                    CREATE INDEX job_columns_holder ON job_columns (holder);
                    """
            )
        }
        // What each job asks for here, for quotas; of jobs from before, as their plans say.
        migrator.registerMigration("jobs-4") { db in
            try db.execute(
                sql: """
                    ALTER TABLE job ADD COLUMN cores INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE job ADD COLUMN memory INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE job ADD COLUMN requests INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE job ADD COLUMN is_closed INTEGER NOT NULL DEFAULT 0;
                    UPDATE job SET is_closed = is_over;
                    CREATE INDEX job_scope ON job (tenant, project, is_closed, created);
                    """)
            for row in try Row.fetchAll(db, sql: "SELECT job, plan FROM job") {
                guard let plan = try? JobPlan(bytes: Array(row["plan"] as Data)) else { continue }
                let use = JobUse(asking: plan)
                try db.execute(
                    sql: "UPDATE job SET cores = ?, memory = ?, requests = ? WHERE job = ?",
                    arguments: [use.cores, use.memory, use.requests, row["job"] as String])
            }
        }
        // Processor time by whose work it was, in periods of five minutes.
        migrator.registerMigration("jobs-5") { db in
            try db.execute(
                sql: """
                    CREATE TABLE work_use (
                        at INTEGER NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL, app TEXT NOT NULL,
                        user TEXT NOT NULL, peer TEXT NOT NULL, cpu REAL NOT NULL,
                        PRIMARY KEY (at, tenant, project, app, user, peer)
                    ) WITHOUT ROWID;
                    """)
        }
        // Jobs under way, newest first, without a walk through all that have ended.
        migrator.registerMigration("jobs-6") { db in
            try db.execute(sql: "CREATE INDEX job_unclosed ON job (created, job) WHERE is_closed = 0")
        }
    }
}
