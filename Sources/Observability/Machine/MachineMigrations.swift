public import GRDB
public import Resources

/// How the machine was used: a row for each sample of the last day, and one for each five minutes of the last 90 days.
public enum MachineMigrations: SQLiteMigrations {
    public static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("machine-1") { db in
            for table in ["machine_sample", "machine_period"] {
                try db.execute(
                    sql: """
                        CREATE TABLE \(table) (
                            at INTEGER NOT NULL PRIMARY KEY,
                            cpu REAL, cpuTotal REAL, memory REAL, memoryTotal REAL, storage REAL, storageTotal REAL,
                            load REAL, received REAL, sent REAL, gpu REAL, gpuTotal REAL, gpuMemory REAL,
                            gpuMemoryTotal REAL
                        )
                        """)
            }
        }
    }
}
