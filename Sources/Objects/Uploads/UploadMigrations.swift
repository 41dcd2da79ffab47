public import GRDB
public import Resources

/// The tables of uploads in the site's database.
public enum UploadMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("uploads-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE upload (
                        id TEXT NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL,
                        bytes INTEGER NOT NULL, retention INTEGER NOT NULL, has_header INTEGER NOT NULL,
                        author TEXT NOT NULL, created INTEGER NOT NULL, touched INTEGER NOT NULL,
                        state TEXT NOT NULL, parts TEXT NOT NULL, digest BLOB, rows INTEGER,
                        fault_number INTEGER, fault_text TEXT
                    ) WITHOUT ROWID;
                    CREATE INDEX upload_state ON upload (state, touched);
                    CREATE TABLE upload_chunk (
                        upload TEXT NOT NULL, chunk INTEGER NOT NULL, bytes INTEGER NOT NULL,
                        digest BLOB NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (upload, chunk)
                    ) WITHOUT ROWID;
                    """
            )
        }
    }
}
