import GRDB
public import Resources

/// Which resource each content in the object store belongs to. A document that names content which is not written down
/// here for it has none: so nobody reads another's by naming its id.
public struct ContentBook: Sendable {
    private let database: SQLiteDatabase

    public init(_ database: SQLiteDatabase) {
        self.database = database
    }

    /// Content of a resource: its id in the store, its size and the digest that the resource's document says.
    public struct Entry: Sendable, Hashable {
        public let id: String
        public let resource: ResourceID
        public let bytes: Int64
        public let digest: String

        public init(id: String, resource: ResourceID, bytes: Int64, digest: String) {
            self.id = id
            self.resource = resource
            self.bytes = bytes
            self.digest = digest
        }
    }

    /// Writes down content; again changes nothing.
    ///
    /// - Parameter check: asked in the same transaction; nothing is written when it throws.
    func add(_ entry: Entry, if check: @escaping @Sendable (Database) throws -> Void = { _ in }) async throws {
        let id = entry.resource
        try await database.write { db in
            try check(db)
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO content (id, kind, tenant, project, name, bytes, digest)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    entry.id, id.kind, id.scope.tenant ?? "", id.scope.project ?? "", id.name, entry.bytes,
                    entry.digest,
                ])
        }
    }

    /// Whether the resource has the content that its document names.
    func holds(_ entry: Entry) async throws -> Bool {
        let id = entry.resource
        return try await database.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT 1 FROM content WHERE id = ? AND kind = ? AND tenant = ? AND project = ? AND name = ?
                    AND bytes = ? AND digest = ?
                    """,
                arguments: [
                    entry.id, id.kind, id.scope.tenant ?? "", id.scope.project ?? "", id.name, entry.bytes,
                    entry.digest,
                ]) ?? false
        }
    }

    func remove(_ id: String) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM content WHERE id = ?", arguments: [id])
        }
    }
}
