# Takes a site's database back to where it was before there were people, audit, quotas and figures of the machine;
# prints the migrations that it had.
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
names = [row[0] for row in db.execute("SELECT identifier FROM grdb_migrations")]
later = [name for name in names if name.split("-")[0] in ("people", "audit", "request", "machine")
         or name in ("jobs-4", "jobs-5", "jobs-6")]
tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
for table in ("password", "session", "token", "vainAttempt", "firstAdministrator", "audit", "auditHead",
              "auditBegun", "directoryAttempt", "requestKey", "machine_sample", "machine_period", "work_use"):
    assert table in tables, table
    db.execute(f"DROP TABLE {table}")
db.execute("DROP INDEX job_scope")
db.execute("DROP INDEX job_unclosed")
for column in ("cores", "memory", "requests", "is_closed"):
    db.execute(f"ALTER TABLE job DROP COLUMN {column}")
db.executemany("DELETE FROM grdb_migrations WHERE identifier = ?", [(name,) for name in later])
db.commit()
print(json.dumps(names))
