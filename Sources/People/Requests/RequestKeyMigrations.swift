public import GRDB
public import Resources

/// Requests that were sent under a key, with their answers. A row without a status began and did not end.
public enum RequestKeyMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("request-keys-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE requestKey (
                        owner TEXT NOT NULL, means TEXT NOT NULL, key TEXT NOT NULL,
                        fingerprint BLOB NOT NULL, began INTEGER NOT NULL, bytes INTEGER NOT NULL,
                        status INTEGER, headers TEXT, body BLOB
                    );
                    CREATE UNIQUE INDEX requestKeyOfOwner ON requestKey (owner, means, key);
                    CREATE INDEX requestKeyBegan ON requestKey (began);
                    CREATE INDEX requestKeyBytes ON requestKey (owner, bytes);
                    """
            )
        }
    }
}
