import BenchKit
import GRDBSQLite
import Resources

/// The statements of the store's writes through SQLite's C interface, prepared once, with the same settings and
/// tables: what the machine's disk and SQLite itself allow. Texts are ready before the clock starts.
final class DirectSQLite {
    private var connection: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]

    init(path: String) throws {
        guard sqlite3_open(path, &connection) == SQLITE_OK else { throw BenchFailure("sqlite3_open failed") }
        try run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
        try run(
            """
            CREATE TABLE resource (kind TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL,
                uid TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, body TEXT NOT NULL,
                PRIMARY KEY (kind, tenant, project, name)) WITHOUT ROWID;
            CREATE TABLE label (kind TEXT NOT NULL, tenant TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL,
                key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, tenant, project, name, key)) WITHOUT ROWID;
            CREATE TABLE change (sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, body TEXT NOT NULL,
                labels_before TEXT);
            CREATE TABLE revision (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, tenant TEXT NOT NULL,
                project TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL, number INTEGER NOT NULL,
                time INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL, spec TEXT);
            CREATE INDEX revision_resource ON revision (kind, tenant, project, name, id);
            """
        )
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close(connection)
    }

    func create(_ resource: Resource, body: String? = nil) throws {
        let body = body ?? Sample.text(resource)
        let key = key(resource)
        try step("BEGIN IMMEDIATE")
        try step("SELECT EXISTS (SELECT 1 FROM resource WHERE \(Self.match))", key)
        try step("INSERT INTO change (kind, body, labels_before) VALUES (1, ?, NULL)", [body])
        try put(resource, key, body)
        for (label, value) in resource.metadata.labels {
            try step(
                "INSERT INTO label (kind, tenant, project, name, key, value) VALUES (?, ?, ?, ?, ?, ?)",
                key + [label, value])
        }
        try revise(resource, key, body)
        try step("COMMIT")
    }

    func update(_ resource: Resource, body: String) throws {
        let key = key(resource)
        try step("BEGIN IMMEDIATE")
        try step("SELECT body, version FROM resource WHERE \(Self.match)", key)
        try step(
            "INSERT INTO change (kind, body, labels_before) VALUES (2, ?, ?)",
            [body, "{\"app\":\"bench\",\"tier\":\"t1\"}"]
        )
        try put(resource, key, body)
        try revise(resource, key, body)
        try step("COMMIT")
    }

    private func put(_ resource: Resource, _ key: [String], _ body: String) throws {
        try step(
            """
            INSERT INTO resource (kind, tenant, project, name, uid, version, body) VALUES (?, ?, ?, ?, ?, \
            last_insert_rowid(), ?) ON CONFLICT (kind, tenant, project, name) \
            DO UPDATE SET version = excluded.version, body = excluded.body
            """,
            key + [resource.metadata.name, body]
        )
    }

    private func revise(_ resource: Resource, _ key: [String], _ body: String) throws {
        try step(
            """
            INSERT INTO revision (kind, tenant, project, name, uid, number, time, author, reason, spec) \
            VALUES (?, ?, ?, ?, ?, 1, 1767225600000, 'bench', 'measure', ?)
            """,
            key + [resource.metadata.name, body]
        )
    }

    private static let match = "kind = ? AND tenant = ? AND project = ? AND name = ?"

    private func key(_ resource: Resource) -> [String] {
        [
            resource.kind, resource.metadata.scope.tenant ?? "", resource.metadata.scope.project ?? "",
            resource.metadata.name,
        ]
    }

    private func run(_ sql: String) throws {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
            throw BenchFailure(String(cString: sqlite3_errmsg(connection)))
        }
    }

    /// Runs a prepared statement to its end.
    private func step(_ sql: String, _ texts: [String] = []) throws {
        var statement = statements[sql]
        if statement == nil {
            guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else {
                throw BenchFailure(String(cString: sqlite3_errmsg(connection)))
            }
            statements[sql] = statement
        }
        // SQLITE_TRANSIENT: SQLite copies the text.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (index, text) in texts.enumerated() { sqlite3_bind_text(statement, Int32(index + 1), text, -1, copies) }
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW { code = sqlite3_step(statement) }
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else { throw BenchFailure(String(cString: sqlite3_errmsg(connection))) }
    }
}
