public import Faults
import GRDB

/// The embedded store: one SQLite file, every write one transaction of resource, change and revision.
public struct SQLiteResourceStore: ResourceStore, RevisionStore {
    private let database: SQLiteDatabase
    private let feed: ChangeFeed
    private let history: Int
    private let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - database: opened with `ResourceMigrations`. At most one store per file and process tree.
    ///   - history: how many changes are kept for watchers that come back; a quarter more may be there for a moment.
    public init(
        _ database: SQLiteDatabase,
        history: Int = 8192,
        clock: @escaping @Sendable () -> Timestamp = { .now }
    ) throws(Fault) {
        self.database = database
        self.history = history
        self.clock = clock
        do {
            feed = ChangeFeed(latest: try database.pool.read(ResourceRows.latest), capacity: min(history, 8192))
        } catch {
            throw SQLiteDatabase.translate(error, path: database.path)
        }
    }

    public func get(_ id: ResourceID) async throws -> Resource {
        try await database.read { db in try ResourceRows.current(id, db) }
    }

    public func list(_ query: ResourceQuery) async throws -> ResourcePage {
        let start = try PageToken.read(query.pageToken)
        return try await database.read { db in
            let rows = try ResourceRows.list(query, after: start, db)
            return ResourcePage(
                items: Array(rows.prefix(query.limit)),
                version: ResourceVersion(String(try ResourceRows.latest(db))),
                nextToken: rows.count > query.limit ? PageToken(rows[query.limit - 1].id).text : nil
            )
        }
    }

    public func create(_ resource: Resource, by change: ChangeNote) async throws -> Resource {
        try await database.write { db in
            guard try !ResourceRows.exists(resource.id, db) else {
                throw Fault(ResourceFaults.alreadyExists, "\(resource.id) exists already.", at: resource.id.description)
            }
            return try commit(WriteRules.create(resource, by: change, now: clock()), by: change, db)
        }
    }

    public func update(_ resource: Resource, by change: ChangeNote) async throws -> Resource {
        try await database.write { db in
            let current = try ResourceRows.current(resource.id, db)
            guard let outcome = try WriteRules.update(current, to: resource, by: change, now: clock()) else {
                return current
            }
            return try commit(outcome, by: change, db)
        }
    }

    public func updateStatus(_ resource: Resource) async throws -> Resource {
        try await database.write { db in
            let current = try ResourceRows.current(resource.id, db)
            guard let outcome = try WriteRules.updateStatus(current, to: resource) else { return current }
            return try store(outcome, db)
        }
    }

    @discardableResult
    public func delete(_ id: ResourceID, version: ResourceVersion?, by change: ChangeNote) async throws -> Resource {
        try await database.write { db in
            let current = try ResourceRows.current(id, db)
            guard let outcome = try WriteRules.delete(current, version: version, by: change, now: clock()) else {
                return current
            }
            return try commit(outcome, by: change, db)
        }
    }

    public func watch(_ query: ResourceQuery, from version: ResourceVersion?) async throws -> ResourceWatch {
        let database = database
        let told = feed.latest
        // A version read a moment ago may be committed and not yet told to the feed.
        let latest = version == nil ? told : try await max(told, database.read(ResourceRows.latest))
        let start = try version?.sequence(upTo: latest) ?? latest
        let load: @Sendable (Int64, Int) async throws -> [Change] = { sequence, limit in
            try await database.read { db in try ResourceRows.changes(after: sequence, limit: limit, db) }
        }
        if feed.changes(after: start, limit: 1) == nil { _ = try await load(start, 1) }
        return ResourceWatch(feed: feed, query: query, after: start, load: load)
    }

    public func revisions(of id: ResourceID) async throws -> [Revision] {
        let all = try await database.read { db in try ResourceRows.revisions(of: id, db) }
        guard let last = all.last else { throw Fault.notFound(id) }
        return all.filter { $0.uid == last.uid }
    }

    /// Commits an outcome and what owner collection makes of it, in the running transaction.
    private func commit(_ outcome: WriteRules.Outcome, by note: ChangeNote, _ db: Database) throws -> Resource {
        let resource = try store(outcome, db)
        var pending: [ResourceID] = []
        if outcome.kind == .deleted {
            pending = try ResourceRows.dependents(of: resource.metadata.uid, db)
        } else if !resource.metadata.owners.isEmpty,
            try !resource.metadata.owners.contains(where: { try ResourceRows.exists(uid: $0.uid, db) })
        {
            pending = [resource.id]
        }
        let note = ChangeNote(author: note.author, reason: "its last owner is gone")
        var next = 0
        while next < pending.count {
            defer { next += 1 }
            guard let dependent = try ResourceRows.find(pending[next], db) else { continue }
            let outcome = try WriteRules.collect(dependent, by: note, now: clock()) { uid in
                try ResourceRows.exists(uid: uid, db)
            }
            guard let outcome else { continue }
            _ = try store(outcome, db)
            if outcome.kind == .deleted { pending += try ResourceRows.dependents(of: dependent.metadata.uid, db) }
        }
        return resource
    }

    /// Writes an outcome inside the running transaction and tells the feed once it is committed, in the same order.
    private func store(_ outcome: WriteRules.Outcome, _ db: Database) throws -> Resource {
        let (change, body) = try ResourceRows.append(outcome, db)
        if outcome.kind == .deleted {
            try ResourceRows.remove(change.resource, db)
        } else {
            try ResourceRows.put(change, body: body, ownersBefore: outcome.ownersBefore, db)
        }
        if let revision = outcome.revision { try ResourceRows.append(revision, of: change.resource.id, db) }
        db.afterNextTransaction { [feed] _ in feed.append(change) }
        if change.sequence % Int64(max(history / 4, 1)) == 0 {
            try ResourceRows.forgetChanges(upTo: change.sequence - Int64(history), db)
        }
        return change.resource
    }
}
