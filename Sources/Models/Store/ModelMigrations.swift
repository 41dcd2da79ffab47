public import GRDB
public import Resources

/// The tables of models in the site's database.
public enum ModelMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("models-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE model_version (
                        job TEXT NOT NULL, task TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL,
                        model TEXT NOT NULL, version INTEGER NOT NULL, plan BLOB NOT NULL, digest TEXT NOT NULL,
                        result BLOB NOT NULL, whole BLOB, at INTEGER NOT NULL, PRIMARY KEY (job, task)
                    );
                    CREATE UNIQUE INDEX model_version_number ON model_version (tenant, project, model, version);
                    CREATE TABLE model_number (
                        tenant TEXT NOT NULL, project TEXT NOT NULL, model TEXT NOT NULL, last INTEGER NOT NULL,
                        PRIMARY KEY (tenant, project, model)
                    ) WITHOUT ROWID;
                    """
            )
        }
    }
}
