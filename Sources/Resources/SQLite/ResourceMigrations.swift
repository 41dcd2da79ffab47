public import GRDB

/// The tables of the resource store.
public enum ResourceMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("resources-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE resource (
                        kind TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL,
                        uid TEXT NOT NULL UNIQUE,
                        version INTEGER NOT NULL,
                        body TEXT NOT NULL,
                        PRIMARY KEY (kind, tenant, project, name)
                    ) WITHOUT ROWID;
                    CREATE TABLE label (
                        kind TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL,
                        key TEXT NOT NULL, value TEXT NOT NULL,
                        PRIMARY KEY (kind, tenant, project, name, key)
                    ) WITHOUT ROWID;
                    CREATE TABLE owner (
                        owner TEXT NOT NULL, dependent TEXT NOT NULL,
                        PRIMARY KEY (owner, dependent)
                    ) WITHOUT ROWID;
                    CREATE INDEX owner_dependent ON owner (dependent);
                    CREATE TABLE change (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        kind INTEGER NOT NULL,
                        body TEXT NOT NULL,
                        labels_before TEXT
                    );
                    CREATE TABLE revision (
                        id INTEGER PRIMARY KEY,
                        kind TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL,
                        uid TEXT NOT NULL, number INTEGER NOT NULL,
                        time INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,
                        spec TEXT
                    );
                    CREATE INDEX revision_resource ON revision (kind, tenant, project, name, id);
                    """
            )
        }
    }
}
