import Faults
import Synchronization

/// A store in memory, for tests and for trials of parts: the same rules as on disk, and nothing survives the process.
public final class MemoryResourceStore: ResourceStore, RevisionStore {
    private struct State {
        var resources: [ResourceID: Resource] = [:]
        var revisions: [ResourceID: [Revision]] = [:]
        /// Of the resources above: the owners that live.
        var uids: Set<String> = []
        var sequence: Int64 = 0
    }

    private let state = Mutex(State())
    private let feed: ChangeFeed
    private let clock: @Sendable () -> Timestamp

    /// - Parameter history: how many changes a watcher may be behind before it is told `too-old`.
    public init(history: Int = 8192, clock: @escaping @Sendable () -> Timestamp = { .now }) {
        feed = ChangeFeed(latest: 0, capacity: history)
        self.clock = clock
    }

    public func create(_ resource: Resource, by change: ChangeNote) async throws -> Resource {
        try state.withLock { state throws(Fault) in
            if state.resources[resource.id] != nil {
                throw Fault(ResourceFaults.alreadyExists, "\(resource.id) exists already.", at: resource.id.description)
            }
            return commit(WriteRules.create(resource, by: change, now: clock()), to: &state, by: change)
        }
    }

    public func update(_ resource: Resource, by change: ChangeNote) async throws -> Resource {
        try state.withLock { state throws(Fault) in
            let current = try Self.current(resource.id, in: state)
            guard let outcome = try WriteRules.update(current, to: resource, by: change, now: clock()) else {
                return current
            }
            return commit(outcome, to: &state, by: change)
        }
    }

    public func updateStatus(_ resource: Resource) async throws -> Resource {
        try state.withLock { state throws(Fault) in
            let current = try Self.current(resource.id, in: state)
            guard let outcome = try WriteRules.updateStatus(current, to: resource) else { return current }
            return store(outcome, to: &state)
        }
    }

    @discardableResult
    public func delete(_ id: ResourceID, version: ResourceVersion?, by change: ChangeNote) async throws -> Resource {
        try state.withLock { state throws(Fault) in
            let current = try Self.current(id, in: state)
            guard let outcome = try WriteRules.delete(current, version: version, by: change, now: clock()) else {
                return current
            }
            return commit(outcome, to: &state, by: change)
        }
    }

    public func get(_ id: ResourceID) async throws -> Resource {
        try state.withLock { state throws(Fault) in try Self.current(id, in: state) }
    }

    public func list(_ query: ResourceQuery) async throws -> ResourcePage {
        let start = try PageToken.read(query.pageToken)
        return state.withLock { state in
            let matching = state.resources.values
                .filter { query.covers($0.id) && query.labels.matches($0.metadata.labels) }
                .map { (PageToken($0.id), $0) }
                .filter { start == nil || start! < $0.0 }
                .sorted { $0.0 < $1.0 }
            return ResourcePage(
                items: matching.prefix(query.limit).map(\.1),
                version: ResourceVersion(String(state.sequence)),
                nextToken: matching.count > query.limit ? matching[query.limit - 1].0.text : nil
            )
        }
    }

    public func watch(_ query: ResourceQuery, from version: ResourceVersion?) async throws -> ResourceWatch {
        let latest = feed.latest
        let start = try version?.sequence(upTo: latest) ?? latest
        guard feed.changes(after: start, limit: 1) != nil else { throw Fault(ResourceFaults.tooOld) }
        return ResourceWatch(feed: feed, query: query, after: start) { _, _ in throw Fault(ResourceFaults.tooOld) }
    }

    public func revisions(of id: ResourceID) async throws -> [Revision] {
        try state.withLock { state throws(Fault) in
            guard let all = state.revisions[id], let last = all.last else { throw Fault.notFound(id) }
            return all.filter { $0.uid == last.uid }
        }
    }

    private static func current(_ id: ResourceID, in state: State) throws(Fault) -> Resource {
        guard let resource = state.resources[id] else { throw Fault.notFound(id) }
        return resource
    }

    /// Commits an outcome and what owner collection makes of it.
    private func commit(_ outcome: WriteRules.Outcome, to state: inout State, by note: ChangeNote) -> Resource {
        let resource = store(outcome, to: &state)
        var pending: [ResourceID] = []
        if outcome.kind == .deleted {
            pending = Self.dependents(of: resource.metadata.uid, in: state)
        } else if !resource.metadata.owners.isEmpty,
            !resource.metadata.owners.contains(where: { state.uids.contains($0.uid) })
        {
            pending = [resource.id]
        }
        let note = ChangeNote(author: note.author, reason: "its last owner is gone")
        var next = 0
        while next < pending.count {
            defer { next += 1 }
            guard let dependent = state.resources[pending[next]] else { continue }
            let uids = state.uids
            let outcome = try? WriteRules.collect(dependent, by: note, now: clock()) { uids.contains($0) }
            guard let outcome else { continue }
            _ = store(outcome, to: &state)
            if outcome.kind == .deleted { pending += Self.dependents(of: dependent.metadata.uid, in: state) }
        }
        return resource
    }

    /// Stores an outcome and tells the feed while the lock is held, so in the order of commits.
    private func store(_ outcome: WriteRules.Outcome, to state: inout State) -> Resource {
        state.sequence += 1
        var resource = outcome.resource
        resource.metadata.version = ResourceVersion(String(state.sequence))
        if let revision = outcome.revision { state.revisions[resource.id, default: []].append(revision) }
        if outcome.kind == .deleted {
            state.resources[resource.id] = nil
            state.uids.remove(resource.metadata.uid)
        } else {
            state.resources[resource.id] = resource
            state.uids.insert(resource.metadata.uid)
        }
        feed.append(
            Change(
                sequence: state.sequence,
                kind: outcome.kind,
                resource: resource,
                labelsBefore: outcome.labelsBefore
            )
        )
        return resource
    }

    private static func dependents(of uid: String, in state: State) -> [ResourceID] {
        state.resources.values
            .filter { $0.metadata.owners.contains { $0.uid == uid } }
            .map(\.id)
            .sorted { PageToken($0) < PageToken($1) }
    }
}
