public import GRDB
public import Resources

/// Passwords, sessions, tokens and the secret of the first administrator; of secrets only hashes. A row belongs to one
/// life of a user (`uid`): who is made again under an old name inherits nothing.
public enum PeopleMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("people-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE password (
                        user TEXT NOT NULL PRIMARY KEY, uid TEXT NOT NULL, hash TEXT NOT NULL,
                        changed INTEGER NOT NULL, failures INTEGER NOT NULL, lockedUntil INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE session (
                        id TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL UNIQUE,
                        user TEXT NOT NULL, uid TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL,
                        ends INTEGER NOT NULL, address TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX sessionOfUser ON session (user);
                    CREATE TABLE token (
                        id TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL UNIQUE,
                        user TEXT NOT NULL, uid TEXT NOT NULL, name TEXT NOT NULL, permissions TEXT NOT NULL,
                        tenant TEXT, project TEXT,
                        created INTEGER NOT NULL, ends INTEGER NOT NULL, used INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX tokenOfUser ON token (user);
                    CREATE TABLE vainAttempt (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL);
                    INSERT INTO vainAttempt (one, count) VALUES (1, 0);
                    CREATE TABLE firstAdministrator (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), digest BLOB NOT NULL, ends INTEGER NOT NULL
                    );
                    """
            )
        }
        migrator.registerMigration("people-2") { db in
            try db.execute(
                sql: """
                    CREATE TABLE directoryAttempt (
                        user TEXT NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, lockedUntil INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    """
            )
        }
    }
}
