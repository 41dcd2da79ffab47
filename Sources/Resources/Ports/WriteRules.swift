public import Faults

/// What a write does to a resource, apart from where it is kept: every adapter applies these and stores the outcome.
public enum WriteRules {
    /// The outcome of a write.
    public struct Outcome: Sendable {
        public let kind: Change.Kind
        /// The resource to store; its version is set by the adapter.
        public let resource: Resource
        /// nil for a new resource, as are the owners.
        public let labelsBefore: [String: String]?
        public let ownersBefore: [OwnerReference]?
        /// What to append to the revisions, if the spec changed.
        public let revision: Revision?
    }

    public static func create(_ resource: Resource, by note: ChangeNote, now: Timestamp) -> Outcome {
        var stored = resource
        stored.metadata.uid = ULID.make(at: now)
        stored.metadata.generation = 1
        stored.metadata.creationTime = now
        stored.metadata.deletionTime = nil
        stored.status = [:]
        return Outcome(
            kind: .added,
            resource: stored,
            labelsBefore: nil,
            ownersBefore: nil,
            revision: revision(of: stored, by: note, now: now)
        )
    }

    /// nil when nothing changes.
    public static func update(
        _ current: Resource,
        to wanted: Resource,
        by note: ChangeNote,
        now: Timestamp
    ) throws(Fault) -> Outcome? {
        try check(wanted.metadata.version, against: current)
        var stored = current
        stored.spec = wanted.spec
        stored.metadata.labels = wanted.metadata.labels
        stored.metadata.finalizers = wanted.metadata.finalizers
        stored.metadata.owners = wanted.metadata.owners
        if stored == current { return nil }
        let specChanged = stored.spec != current.spec
        if current.isBeingDeleted {
            guard !specChanged else { throw Fault(ResourceFaults.beingDeleted, at: current.id.description) }
            if stored.metadata.finalizers.isEmpty { return removal(of: stored, before: current, by: note, now: now) }
        }
        if specChanged { stored.metadata.generation += 1 }
        return Outcome(
            kind: .modified,
            resource: stored,
            labelsBefore: current.metadata.labels,
            ownersBefore: current.metadata.owners,
            revision: specChanged ? revision(of: stored, by: note, now: now) : nil
        )
    }

    /// nil when nothing changes.
    public static func updateStatus(_ current: Resource, to wanted: Resource) throws(Fault) -> Outcome? {
        try check(wanted.metadata.version, against: current)
        if wanted.status == current.status { return nil }
        var stored = current
        stored.status = wanted.status
        return Outcome(
            kind: .modified,
            resource: stored,
            labelsBefore: current.metadata.labels,
            ownersBefore: current.metadata.owners,
            revision: nil
        )
    }

    /// nil when it is marked already and finalizers are left.
    public static func delete(
        _ current: Resource,
        version: ResourceVersion?,
        by note: ChangeNote,
        now: Timestamp
    ) throws(Fault) -> Outcome? {
        if let version { try check(version, against: current) }
        if current.metadata.finalizers.isEmpty { return removal(of: current, before: current, by: note, now: now) }
        if current.isBeingDeleted { return nil }
        var stored = current
        stored.metadata.deletionTime = now
        return Outcome(
            kind: .modified,
            resource: stored,
            labelsBefore: current.metadata.labels,
            ownersBefore: current.metadata.owners,
            revision: nil
        )
    }

    /// What owner collection does to a resource that has owners: nothing (nil) while all of them live, forget those
    /// that are gone while some live, delete when none lives.
    public static func collect(
        _ dependent: Resource,
        by note: ChangeNote,
        now: Timestamp,
        isLiving: (_ uid: String) throws -> Bool
    ) throws -> Outcome? {
        var left = dependent
        left.metadata.owners = try left.metadata.owners.filter { try isLiving($0.uid) }
        if left.metadata.owners.count == dependent.metadata.owners.count { return nil }
        return left.metadata.owners.isEmpty
            ? try delete(dependent, version: nil, by: note, now: now)
            : try update(dependent, to: left, by: note, now: now)
    }

    private static func check(_ version: ResourceVersion?, against current: Resource) throws(Fault) {
        guard version == current.metadata.version else {
            throw Fault(
                ResourceFaults.conflict, "\(current.id) has changed since it was read.", at: current.id.description)
        }
    }

    private static func removal(
        of resource: Resource,
        before current: Resource,
        by note: ChangeNote,
        now: Timestamp
    ) -> Outcome {
        Outcome(
            kind: .deleted,
            resource: resource,
            labelsBefore: current.metadata.labels,
            ownersBefore: current.metadata.owners,
            revision: Revision(
                number: resource.metadata.generation + 1,
                uid: resource.metadata.uid,
                time: now,
                author: note.author,
                reason: note.reason,
                spec: nil
            )
        )
    }

    private static func revision(of resource: Resource, by note: ChangeNote, now: Timestamp) -> Revision {
        Revision(
            number: resource.metadata.generation,
            uid: resource.metadata.uid,
            time: now,
            author: note.author,
            reason: note.reason,
            spec: resource.spec
        )
    }
}
