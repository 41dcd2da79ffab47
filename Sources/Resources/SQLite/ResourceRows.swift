import Faults
import GRDB

/// The statements of the resource store and the conversion between rows and values.
enum ResourceRows {
    static func latest(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'change'), 0)")
        ) ?? 0
    }

    static func exists(_ id: ResourceID, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM resource WHERE \(key))"),
            arguments: arguments(id)
        ) ?? false
    }

    static func exists(uid: String, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM resource WHERE uid = ?)"),
            arguments: [uid]
        ) ?? false
    }

    /// - Throws: `ResourceFaults.notFound`.
    static func current(_ id: ResourceID, _ db: Database) throws -> Resource {
        guard let resource = try find(id, db) else { throw Fault.notFound(id) }
        return resource
    }

    static func find(_ id: ResourceID, _ db: Database) throws -> Resource? {
        let statement = try db.cachedStatement(sql: "SELECT body, version FROM resource WHERE \(key)")
        return try Row.fetchOne(statement, arguments: arguments(id)).map { row in
            try resource(body: row[0], version: row[1])
        }
    }

    /// One row more than the limit, so that the caller knows whether a page follows.
    static func list(_ query: ResourceQuery, after start: PageToken?, _ db: Database) throws -> [Resource] {
        var conditions: [String] = []
        var values: [(any DatabaseValueConvertible)?] = []
        for (column, value) in [("kind", query.kind), ("tenant", query.tenant), ("project", query.project)] {
            guard let value else { continue }
            conditions.append("\(column) = ?")
            values.append(value)
        }
        for requirement in query.labels.requirements {
            let (sql, arguments) = condition(requirement)
            conditions.append(sql)
            values += arguments
        }
        if let start {
            conditions.append("(kind, tenant, project, name) > (?, ?, ?, ?)")
            values += start.key
        }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let statement = try db.cachedStatement(
            sql: "SELECT body, version FROM resource \(filter) ORDER BY kind, tenant, project, name LIMIT ?"
        )
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(values + [query.limit + 1]))
        var resources: [Resource] = []
        while let row = try rows.next() { resources.append(try resource(body: row[0], version: row[1])) }
        return resources
    }

    /// Gives the write its sequence, which is the resource's new version.
    ///
    /// - Returns: the change, and the resource's body as `put` stores it.
    static func append(_ outcome: WriteRules.Outcome, _ db: Database) throws -> (Change, body: String) {
        var resource = outcome.resource
        resource.metadata.version = nil
        let body = text(resource.json)
        try db.cachedStatement(sql: "INSERT INTO change (kind, body, labels_before) VALUES (?, ?, ?)").execute(
            arguments: [
                outcome.kind.rawValue, body,
                outcome.labelsBefore.map { text(.object($0.mapValues { .string($0) })) },
            ]
        )
        let sequence = db.lastInsertedRowID
        resource.metadata.version = ResourceVersion(String(sequence))
        let change = Change(
            sequence: sequence,
            kind: outcome.kind,
            resource: resource,
            labelsBefore: outcome.labelsBefore
        )
        return (change, body)
    }

    /// - Parameter ownersBefore: nil for a new resource.
    static func put(_ change: Change, body: String, ownersBefore: [OwnerReference]?, _ db: Database) throws {
        let resource = change.resource
        let isNew = ownersBefore == nil
        let id = resource.id
        try db.cachedStatement(
            sql: """
                INSERT INTO resource (kind, tenant, project, name, uid, version, body) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (kind, tenant, project, name) DO UPDATE SET version = excluded.version, body = excluded.body
                """
        ).execute(arguments: arguments(id) + [resource.metadata.uid, change.sequence, body])
        if isNew ? !resource.metadata.labels.isEmpty : resource.metadata.labels != change.labelsBefore {
            try db.cachedStatement(sql: "DELETE FROM label WHERE \(key)").execute(arguments: arguments(id))
            for (label, value) in resource.metadata.labels {
                try db.cachedStatement(
                    sql: "INSERT INTO label (kind, tenant, project, name, key, value) VALUES (?, ?, ?, ?, ?, ?)"
                ).execute(arguments: arguments(id) + [label, value])
            }
        }
        if resource.metadata.owners == ownersBefore ?? [] { return }
        try db.cachedStatement(sql: "DELETE FROM owner WHERE dependent = ?").execute(arguments: [resource.metadata.uid])
        for owner in Set(resource.metadata.owners.map(\.uid)) {
            try db.cachedStatement(sql: "INSERT INTO owner (owner, dependent) VALUES (?, ?)")
                .execute(arguments: [owner, resource.metadata.uid])
        }
    }

    static func remove(_ resource: Resource, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM label WHERE \(key)").execute(arguments: arguments(resource.id))
        try db.cachedStatement(sql: "DELETE FROM resource WHERE \(key)").execute(arguments: arguments(resource.id))
        try db.cachedStatement(sql: "DELETE FROM owner WHERE dependent = ?").execute(arguments: [resource.metadata.uid])
    }

    static func dependents(of uid: String, _ db: Database) throws -> [ResourceID] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT kind, tenant, project, name FROM resource
                WHERE uid IN (SELECT dependent FROM owner WHERE owner = ?) ORDER BY kind, tenant, project, name
                """
        )
        return try Row.fetchAll(statement, arguments: [uid]).map { row in
            ResourceID(
                kind: row[0],
                scope: Scope(tenant: (row[1] as String).nonEmpty, project: (row[2] as String).nonEmpty),
                name: row[3]
            )
        }
    }

    /// - Throws: `ResourceFaults.tooOld` when changes after the sequence were forgotten.
    static func changes(after sequence: Int64, limit: Int, _ db: Database) throws -> [Change] {
        let oldest = try Int64.fetchOne(db.cachedStatement(sql: "SELECT MIN(sequence) FROM change"))
        let floor = try oldest.map { $0 - 1 } ?? latest(db)
        guard sequence >= floor else { throw Fault(ResourceFaults.tooOld) }
        let statement = try db.cachedStatement(
            sql: "SELECT sequence, kind, body, labels_before FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?"
        )
        return try Row.fetchAll(statement, arguments: [sequence, limit]).map { row in
            guard let kind = Change.Kind(rawValue: row[1]) else { throw Fault(ResourceFaults.storeDamaged) }
            return Change(
                sequence: row[0],
                kind: kind,
                resource: try resource(body: row[2], version: row[0]),
                labelsBefore: try (row[3] as String?).map { try labels($0) }
            )
        }
    }

    static func forgetChanges(upTo sequence: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM change WHERE sequence <= ?").execute(arguments: [sequence])
    }

    static func append(_ revision: Revision, of id: ResourceID, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO revision (kind, tenant, project, name, uid, number, time, author, reason, spec)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: arguments(id) + [
                revision.uid, revision.number, revision.time.milliseconds, revision.author, revision.reason,
                revision.spec.map(text),
            ]
        )
    }

    static func revisions(of id: ResourceID, _ db: Database) throws -> [Revision] {
        let statement = try db.cachedStatement(
            sql: "SELECT number, uid, time, author, reason, spec FROM revision WHERE \(key) ORDER BY id"
        )
        return try Row.fetchAll(statement, arguments: arguments(id)).map { row in
            Revision(
                number: row[0],
                uid: row[1],
                time: Timestamp(milliseconds: row[2]),
                author: row[3],
                reason: row[4],
                spec: try (row[5] as String?).map { try stored($0) }
            )
        }
    }

    private static let key = "kind = ? AND tenant = ? AND project = ? AND name = ?"

    private static func arguments(_ id: ResourceID) -> StatementArguments {
        [id.kind, id.scope.tenant ?? "", id.scope.project ?? "", id.name]
    }

    private static func condition(
        _ requirement: LabelSelector.Requirement
    ) -> (sql: String, arguments: [(any DatabaseValueConvertible)?]) {
        let start = """
            EXISTS (SELECT 1 FROM label WHERE label.kind = resource.kind AND label.tenant = resource.tenant
            AND label.project = resource.project AND label.name = resource.name AND label.key = ?
            """
        return switch requirement {
        case .equals(let key, let value): ("\(start) AND label.value = ?)", [key, value])
        case .differs(let key, let value): ("NOT \(start) AND label.value = ?)", [key, value])
        case .exists(let key): ("\(start))", [key])
        case .absent(let key): ("NOT \(start))", [key])
        }
    }

    private static func resource(body: String, version: Int64) throws -> Resource {
        var resource = try Resource(stored: stored(body))
        resource.metadata.version = ResourceVersion(String(version))
        return resource
    }

    private static func labels(_ body: String) throws -> [String: String] {
        (try stored(body).object ?? [:]).compactMapValues(\.string)
    }

    /// What was written by `text`: if it cannot be read, the file is damaged and not a user's document wrong.
    private static func stored(_ body: String) throws(Fault) -> JSONValue {
        do {
            return try JSONParser.parse(Array(body.utf8), depth: 2 * JSONParser.maximumDepth)
        } catch {
            throw Fault(ResourceFaults.storeDamaged, "A stored document cannot be read.")
        }
    }

    private static func text(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.compact(value), as: UTF8.self)
    }
}
