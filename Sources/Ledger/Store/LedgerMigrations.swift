import GRDB
import Resources

/// The tables of `ledger.db`, a file of its own: its writes are flushed far more often than those of the store.
enum LedgerMigrations: SQLiteMigrations {
    static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("ledger-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE site (
                        key INTEGER PRIMARY KEY CHECK (key = 0),
                        site TEXT NOT NULL, lines INTEGER NOT NULL, head BLOB NOT NULL
                    );
                    CREATE TABLE site_line (
                        number INTEGER PRIMARY KEY,
                        time INTEGER NOT NULL, chain INTEGER NOT NULL, lines INTEGER NOT NULL, head BLOB NOT NULL,
                        hash BLOB NOT NULL
                    );
                    CREATE TABLE chain (
                        id INTEGER PRIMARY KEY,
                        peer TEXT NOT NULL, job TEXT NOT NULL,
                        lines INTEGER NOT NULL, head BLOB NOT NULL, news INTEGER NOT NULL,
                        refusals INTEGER NOT NULL,
                        plan BLOB, epoch INTEGER, closed INTEGER NOT NULL,
                        signed_digest BLOB, signed_lines INTEGER, peer_lines INTEGER, peer_head BLOB, signed_time INTEGER,
                        UNIQUE (job, peer)
                    );
                    CREATE TABLE channel (
                        id INTEGER PRIMARY KEY,
                        chain INTEGER NOT NULL, task TEXT NOT NULL, direction TEXT NOT NULL,
                        count INTEGER NOT NULL, reached INTEGER NOT NULL, head BLOB NOT NULL, step INTEGER NOT NULL,
                        UNIQUE (chain, task, direction)
                    );
                    CREATE TABLE tally (
                        channel INTEGER NOT NULL, type TEXT NOT NULL,
                        frames INTEGER NOT NULL, bytes INTEGER NOT NULL, elements INTEGER NOT NULL, bits INTEGER NOT NULL,
                        resent INTEGER NOT NULL, replaced INTEGER NOT NULL, repeated_bytes INTEGER NOT NULL,
                        replaced_bits INTEGER NOT NULL,
                        PRIMARY KEY (channel, type)
                    ) WITHOUT ROWID;
                    CREATE TABLE segment (
                        id INTEGER PRIMARY KEY,
                        chain INTEGER NOT NULL, first INTEGER NOT NULL, lines INTEGER NOT NULL, bytes BLOB NOT NULL,
                        UNIQUE (chain, first)
                    );
                    CREATE TABLE span (
                        channel INTEGER NOT NULL, last INTEGER NOT NULL, segment INTEGER NOT NULL, first INTEGER NOT NULL,
                        PRIMARY KEY (channel, last, segment)
                    ) WITHOUT ROWID;
                    """
            )
        }
    }
}
