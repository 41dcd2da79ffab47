public import GRDB
public import Resources

/// The tables of files, datasets and grants in the site's database.
public enum DataMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        // What has content here: a document alone gives nobody access to it.
        migrator.registerMigration("data-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE content (
                        id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL,
                        name TEXT NOT NULL, bytes INTEGER NOT NULL, digest TEXT NOT NULL
                    ) WITHOUT ROWID
                    """
            )
        }
        // What was counted with grants, by the grants' uids: what is deleted and made again begins anew.
        migrator.registerMigration("data-2") { db in
            try db.execute(
                sql: """
                    CREATE TABLE grant_revoked (
                        grant_uid TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE grant_use (
                        grant_uid TEXT NOT NULL, job TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (grant_uid, job)
                    ) WITHOUT ROWID;
                    CREATE TABLE grant_ids (
                        grant_uid TEXT NOT NULL, job TEXT NOT NULL, task TEXT NOT NULL, ids INTEGER NOT NULL,
                        PRIMARY KEY (grant_uid, job, task)
                    ) WITHOUT ROWID;
                    CREATE TABLE read_lease (
                        id TEXT NOT NULL PRIMARY KEY, grant_uid TEXT NOT NULL, dataset TEXT NOT NULL,
                        job TEXT NOT NULL, task TEXT NOT NULL, epoch INTEGER NOT NULL, peer TEXT NOT NULL,
                        until INTEGER NOT NULL, taken INTEGER NOT NULL, renewed INTEGER NOT NULL,
                        ended INTEGER, reason TEXT
                    ) WITHOUT ROWID;
                    CREATE INDEX read_lease_open ON read_lease (ended, dataset);
                    CREATE INDEX read_lease_grant ON read_lease (grant_uid, ended);
                    """
            )
        }
    }
}
