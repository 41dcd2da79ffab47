import Faults
import Resources

/// The simplest thing that behaves like a store: one dictionary and the port's sentences, for random histories.
///
/// Written apart from the product's rules on purpose; it predicts what every call answers and what is stored after.
struct ModelStore {
    struct Entry {
        var resource: Resource
        var revisions: [JSONValue?]
    }

    private(set) var entries: [ResourceID: Entry] = [:]
    /// Of ids that had a resource once: the revisions of the last one.
    private(set) var past: [ResourceID: [JSONValue?]] = [:]

    var resources: [Resource] {
        entries.values.map(\.resource).sorted { Self.order($0.id).lexicographicallyPrecedes(Self.order($1.id)) }
    }

    /// The fault that the call must end with, or nil.
    func faultOfCreate(_ id: ResourceID) -> FaultEntry? {
        entries[id] == nil ? nil : ResourceFaults.alreadyExists
    }

    func faultOfUpdate(_ wanted: Resource) -> FaultEntry? {
        guard let current = entries[wanted.id]?.resource else { return ResourceFaults.notFound }
        guard current.metadata.version == wanted.metadata.version else { return ResourceFaults.conflict }
        return current.isBeingDeleted && current.spec != wanted.spec ? ResourceFaults.beingDeleted : nil
    }

    func faultOfDelete(_ id: ResourceID, _ version: ResourceVersion?) -> FaultEntry? {
        guard let current = entries[id]?.resource else { return ResourceFaults.notFound }
        return version == nil || version == current.metadata.version ? nil : ResourceFaults.conflict
    }

    /// Takes what the store answered for what only it can know: uid, times, versions.
    mutating func created(_ answer: Resource) {
        entries[answer.id] = Entry(resource: answer, revisions: [answer.spec])
        past[answer.id] = [answer.spec]
        collect()
    }

    mutating func updated(_ wanted: Resource) {
        var entry = entries[wanted.id]!
        if entry.resource.spec != wanted.spec {
            entry.revisions.append(wanted.spec)
            past[wanted.id] = entry.revisions
            entry.resource.metadata.generation += 1
        }
        entry.resource.spec = wanted.spec
        entry.resource.metadata.labels = wanted.metadata.labels
        entry.resource.metadata.finalizers = wanted.metadata.finalizers
        entry.resource.metadata.owners = wanted.metadata.owners
        entries[wanted.id] = entry
        if entry.resource.isBeingDeleted && wanted.metadata.finalizers.isEmpty { remove(wanted.id) }
        collect()
    }

    mutating func updatedStatus(_ wanted: Resource) {
        entries[wanted.id]!.resource.status = wanted.status
    }

    mutating func deleted(_ id: ResourceID) {
        mark(id)
        collect()
    }

    /// Replaces the model's resources by the store's once both say the same, so that versions and times are known.
    mutating func adopt(_ stored: [Resource]) {
        for resource in stored { entries[resource.id]!.resource = resource }
    }

    /// What two resources must have in common: everything but versions and the exact times.
    static func essence(_ resource: Resource) -> Resource {
        var essence = resource
        essence.metadata.version = nil
        essence.metadata.creationTime = Timestamp(milliseconds: 0)
        essence.metadata.deletionTime = resource.isBeingDeleted ? Timestamp(milliseconds: 1) : nil
        return essence
    }

    private mutating func mark(_ id: ResourceID) {
        if entries[id]!.resource.metadata.finalizers.isEmpty {
            remove(id)
        } else if !entries[id]!.resource.isBeingDeleted {
            entries[id]!.resource.metadata.deletionTime = .now
        }
    }

    private mutating func remove(_ id: ResourceID) {
        past[id] = entries[id]!.revisions + [nil]
        entries[id] = nil
    }

    /// Until nothing changes: what has owners and none that lives is deleted, and dead owners of what was their
    /// dependent are forgotten.
    private mutating func collect() {
        var isChanged = true
        while isChanged {
            isChanged = false
            let living = Set(entries.values.map(\.resource.metadata.uid))
            for (id, entry) in entries {
                let owners = entry.resource.metadata.owners
                if owners.isEmpty || owners.contains(where: { living.contains($0.uid) }) { continue }
                if entry.resource.isBeingDeleted && !entry.resource.metadata.finalizers.isEmpty { continue }
                mark(id)
                isChanged = true
                break
            }
        }
    }

    private static func order(_ id: ResourceID) -> [String] {
        [id.kind, id.scope.tenant ?? "", id.scope.project ?? "", id.name]
    }
}
