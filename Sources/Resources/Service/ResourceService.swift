public import Faults

/// What people and programs do with resources of any kind: every check stands before the store, so nothing wrong is kept.
///
/// Checks come in this order: document, kind, fields, references, change rules, store. References are looked up just
/// before the write; one that vanishes in between is the controllers' to handle.
public struct ResourceService: Sendable {
    public let registry: KindRegistry
    public let store: any ResourceStore & RevisionStore
    /// By kind: asked before a resource is deleted by a person or program; throws why it may not be now. A resource that
    /// comes into use after the question is for its controller to keep (finalizers).
    public var deletionGuards: [String: @Sendable (Resource) async throws -> Void] = [:]
    /// By kind: asked before a resource is written by a person or program, beside its references; throws what it names and
    /// is not there. `alsoKnown` is written with it.
    public var admissionGuards: [String: @Sendable (Resource, _ alsoKnown: Set<ResourceID>) async throws -> Void] = [:]

    public init(registry: KindRegistry, store: any ResourceStore & RevisionStore) {
        self.registry = registry
        self.store = store
    }

    /// Where a document says that it lives, by the same rule as its admission, and of what kind it is. Everything else
    /// of it is not looked at.
    ///
    /// - Parameter defaults: tenant and project for documents that name none, where the kind has them.
    /// - Throws: `ResourceFaults.wrongType`, `.missingField`, `.unknownKind`.
    public func place(of document: Document, defaults: Scope) throws(Fault) -> (kind: KindDefinition, scope: Scope) {
        try Admission(registry: registry).place(of: document, defaults: defaults)
    }

    /// What an apply did, or would do.
    public struct Applied: Sendable {
        public enum Action: String, Sendable {
            case created, updated, unchanged
        }

        public let action: Action
        public let resource: Resource
        /// What changed in the spec; everything of it when created.
        public let changes: [SpecDiff.Entry]
    }

    /// - Throws: every fault of admission; `ResourceFaults.alreadyExists`.
    public func create(_ document: Document, defaults: Scope, by note: ChangeNote) async throws -> Resource {
        let admitted = try Admission(registry: registry).admit(document, defaults: defaults)
        try await checkReferences(admitted, alsoKnown: [])
        return try await store.create(admitted.resource, by: note)
    }

    /// Replaces spec and labels of an existing resource.
    ///
    /// - Parameters:
    ///   - id: must be the document's own.
    ///   - version: the version that the caller saw; nil takes the document's, or the stored one.
    /// - Throws: every fault of admission and change; `ResourceFaults.notFound`, `.conflict`.
    public func replace(
        _ id: ResourceID,
        with document: Document,
        version: ResourceVersion?,
        by note: ChangeNote
    ) async throws -> Resource {
        let admitted = try Admission(registry: registry).admit(document, defaults: id.scope)
        guard admitted.resource.id == id else {
            throw Fault(
                ResourceFaults.immutableField,
                "The document is \(admitted.resource.id), not \(id).",
                at: document.locate("metadata.name"),
                wanted: id.description
            )
        }
        try await checkReferences(admitted, alsoKnown: [])
        let current = try await store.get(id)
        try Admission(registry: registry).checkChange(admitted, from: current)
        return try await store.update(Self.merged(admitted, into: current, version: version), by: note)
    }

    /// Creates or updates every document of a file in its order, so that it is as written. All documents are checked
    /// before the first is written; documents may refer to those before and after them.
    ///
    /// - Parameter dryRun: checks and tells, and writes nothing.
    public func apply(
        _ documents: [Document],
        defaults: Scope,
        by note: ChangeNote,
        dryRun: Bool = false
    ) async throws -> [Applied] {
        let admission = Admission(registry: registry)
        var admitted: [Admission.Admitted] = []
        var faults: [Fault] = []
        for document in documents {
            do { admitted.append(try admission.admit(document, defaults: defaults)) } catch { faults += error.leaves }
        }
        // References between documents make sense only once every document can be read.
        let known = Set(admitted.map(\.resource.id))
        for one in faults.isEmpty ? admitted : [] {
            do {
                try await checkReferences(one, alsoKnown: known)
                if let current = try await store.find(one.resource.id) {
                    try admission.checkChange(one, from: current)
                    if current.isBeingDeleted { throw Fault(ResourceFaults.beingDeleted, at: current.id.description) }
                }
            } catch let fault as Fault {
                faults += fault.leaves
            }
        }
        if let first = documents.first { try Admission.raise(faults, for: first, name: first.file ?? "The input") }
        var results: [Applied] = []
        for one in admitted { results.append(try await applyOne(one, by: note, dryRun: dryRun)) }
        return results
    }

    @discardableResult
    public func delete(_ id: ResourceID, version: ResourceVersion?, by note: ChangeNote) async throws -> Resource {
        if let check = deletionGuards[id.kind] { try await check(try await store.get(id)) }
        return try await store.delete(id, version: version, by: note)
    }

    public func history(of id: ResourceID) async throws -> [Revision] {
        try await store.revisions(of: id)
    }

    /// - Throws: `ResourceFaults.noSuchRevision`.
    public func revision(_ number: Int64, of id: ResourceID) async throws -> Revision {
        let revisions = try await store.revisions(of: id)
        guard let revision = revisions.first(where: { $0.number == number }) else {
            throw Fault(
                ResourceFaults.noSuchRevision,
                "\(id) has no revision \(number).",
                at: id.description,
                wanted: "1 to \(revisions.last?.number ?? 0)"
            )
        }
        return revision
    }

    /// What changed from one revision to another.
    public func diff(_ id: ResourceID, from old: Int64, to new: Int64) async throws -> [SpecDiff.Entry] {
        SpecDiff.between(try await revision(old, of: id).spec, try await revision(new, of: id).spec)
    }

    /// Writes the spec of an old revision as a new one, through the same checks as any change.
    ///
    /// - Throws: `ResourceFaults.rollbackRefused`, `.immutableKind`, `.noSuchRevision`, and every fault of a change.
    public func rollback(_ id: ResourceID, to number: Int64, by note: ChangeNote) async throws -> Resource {
        let kind = try registry.kind(id.kind)
        if kind.isImmutable {
            throw Fault.immutableKind(id)
        }
        if let refusal = kind.rollbackRefusal {
            throw Fault(ResourceFaults.rollbackRefused, "\(id) cannot be rolled back: \(refusal).", at: id.description)
        }
        let current = try await store.get(id)
        guard let spec = try await revision(number, of: id).spec else {
            throw Fault(ResourceFaults.rollbackRefused, "Revision \(number) is a deletion.", at: id.description)
        }
        var wanted = current
        wanted.spec = spec
        let document = Document(wanted.json)
        let admitted = try Admission(registry: registry).admit(document, defaults: id.scope)
        try await checkReferences(admitted, alsoKnown: [])
        try Admission(registry: registry).checkChange(admitted, from: current)
        let reason = note.reason.isEmpty ? "rollback to revision \(number)" : note.reason
        return try await store.update(
            Self.merged(admitted, into: current, version: current.metadata.version),
            by: ChangeNote(author: note.author, reason: reason)
        )
    }

    private func applyOne(_ admitted: Admission.Admitted, by note: ChangeNote, dryRun: Bool) async throws -> Applied {
        let wanted = admitted.resource
        for attempt in 1... {
            guard let current = try await store.find(wanted.id) else {
                let changes = SpecDiff.between([:], wanted.spec)
                if dryRun { return Applied(action: .created, resource: wanted, changes: changes) }
                do {
                    let created = try await store.create(wanted, by: note)
                    return Applied(action: .created, resource: created, changes: changes)
                } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) && attempt < 8 {
                    continue
                }
            }
            try Admission(registry: registry).checkChange(admitted, from: current)
            let next = Self.merged(admitted, into: current, version: nil)
            let changes = SpecDiff.between(current.spec, next.spec)
            if dryRun {
                return Applied(action: next == current ? .unchanged : .updated, resource: next, changes: changes)
            }
            do {
                let stored = try await store.update(next, by: note)
                let isSame = stored.metadata.version == current.metadata.version
                return Applied(action: isSame ? .unchanged : .updated, resource: stored, changes: changes)
            } catch let fault as Fault
                where fault.is(ResourceFaults.conflict) && wanted.metadata.version == nil && attempt < 8
            {
                continue
            }
        }
        preconditionFailure("the loop returns or throws")
    }

    /// The stored resource with the document's spec and labels, at the version that the caller saw.
    private static func merged(
        _ admitted: Admission.Admitted,
        into current: Resource,
        version: ResourceVersion?
    ) -> Resource {
        var next = current
        next.spec = admitted.resource.spec
        next.metadata.labels = admitted.resource.metadata.labels
        next.metadata.version = version ?? admitted.resource.metadata.version ?? current.metadata.version
        return next
    }

    /// The tenant and project that the resource is in, and everything its spec names.
    private func checkReferences(_ admitted: Admission.Admitted, alsoKnown: Set<ResourceID>) async throws {
        let scope = admitted.resource.metadata.scope
        var wanted: [(place: String, id: ResourceID)] = []
        if let tenant = scope.tenant, let kind = registry.tenantKind {
            wanted.append(("metadata.tenant", ResourceID(kind: kind, name: tenant)))
        }
        if let project = scope.project, let kind = registry.projectKind {
            wanted.append(
                ("metadata.project", ResourceID(kind: kind, scope: Scope(tenant: scope.tenant), name: project))
            )
        }
        for reference in admitted.references {
            let kind = try registry.kind(reference.kind)
            wanted.append(
                (reference.path, ResourceID(kind: kind.name, scope: kind.scope(within: scope), name: reference.name))
            )
        }
        var faults: [Fault] = []
        for (place, id) in wanted where !alsoKnown.contains(id) {
            guard let found = try await store.find(id) else {
                faults.append(
                    Fault(
                        ResourceFaults.danglingReference,
                        "There is no \(id).",
                        at: admitted.document.locate(place),
                        wanted: "the name of an existing \(id.kind)"
                    )
                )
                continue
            }
            if found.isBeingDeleted, place.hasPrefix("metadata.") {
                faults.append(
                    Fault(ResourceFaults.beingDeleted, "\(id) is being deleted.", at: admitted.document.locate(place))
                )
            }
        }
        if faults.isEmpty, let check = admissionGuards[admitted.kind.name] {
            do { try await check(admitted.resource, alsoKnown) } catch let fault as Fault { faults += fault.leaves }
        }
        try Admission.raise(faults, for: admitted.document, name: admitted.resource.id.description)
    }
}
