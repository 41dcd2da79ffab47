import Faults

/// Turns a document into a resource that may be stored, or says everything that is wrong with it.
struct Admission {
    let registry: KindRegistry

    /// A resource whose shape is right; its references are still to be looked up.
    struct Admitted {
        let kind: KindDefinition
        /// With defaults filled in; its version is the one the document asked for, if any.
        let resource: Resource
        let references: [SpecValidator.Reference]
        let document: Document
    }

    private static let topFields = ["apiVersion", "kind", "metadata", "spec", "status"]
    /// Fields that a document read from a server carries; taken, and not looked at.
    private static let serverFields = [
        "uid", "generation", "creationTimestamp", "deletionTimestamp", "finalizers", "ownerReferences",
    ]

    /// - Parameter defaults: tenant and project for documents that name none, where the kind has them.
    /// - Throws: one fault, or `ResourceFaults.invalidDocument` with all of them.
    func admit(_ document: Document, defaults: Scope) throws(Fault) -> Admitted {
        let (kind, members) = try kind(of: document)
        if kind.isMadeBySite { throw Fault(ResourceFaults.madeBySite, at: document.locate("kind")) }
        var faults: [Fault] = []
        if members["apiVersion"]?.string != Resource.apiVersion {
            faults.append(Fault(ResourceFaults.unsupportedVersion, at: document.locate("apiVersion")))
        }
        for key in members.keys.sorted() where !Self.topFields.contains(key) {
            faults.append(.unknownField(key, among: Self.topFields, at: document.locate(key.shortened)))
        }
        let metadata = metadata(of: document, kind: kind, defaults: defaults, faults: &faults)
        var validator = SpecValidator(locate: document.locate)
        let spec = validator.group(members["spec"] ?? [:], kind.fields, path: "spec")
        faults += validator.faults
        let resource = Resource(kind: kind.name, metadata: metadata, spec: spec)
        if faults.isEmpty {
            do { try kind.check(resource, nil) } catch { faults += Self.located(error, in: document) }
        }
        try Self.raise(faults, for: document, name: "\(kind.name) \(metadata.name.shortened)")
        return Admitted(kind: kind, resource: resource, references: validator.references, document: document)
    }

    /// - Throws: `ResourceFaults.wrongType`, `.missingField`, `.unknownKind`.
    func place(of document: Document, defaults: Scope) throws(Fault) -> (kind: KindDefinition, scope: Scope) {
        let (kind, members) = try kind(of: document)
        let metadata = members["metadata"]?.object ?? [:]
        let scope = Self.scope(
            tenant: metadata["tenant"]?.string, project: metadata["project"]?.string, kind, defaults)
        return (kind, scope)
    }

    private func kind(of document: Document) throws(Fault) -> (kind: KindDefinition, members: [String: JSONValue]) {
        let value = document.value
        guard let members = value.object else {
            throw Fault(ResourceFaults.wrongType, "The document is \(value.typeName).", wanted: "a group of fields")
        }
        guard let kindName = members["kind"]?.string else {
            throw Fault(
                ResourceFaults.missingField,
                "The document has no 'kind'.",
                at: document.locate("kind"),
                wanted: registry.kinds.map(\.name).joined(separator: ", ")
            )
        }
        return (try registry.kind(kindName, at: document.locate("kind")), members)
    }

    /// The rules between what is stored and what is wanted.
    ///
    /// - Throws: `ResourceFaults.immutableKind`, `.immutableField`, or the kind's own.
    func checkChange(_ admitted: Admitted, from current: Resource) throws(Fault) {
        guard current.spec != admitted.resource.spec else { return }
        if admitted.kind.isImmutable {
            throw Fault.immutableKind(current.id)
        }
        var validator = SpecValidator(locate: admitted.document.locate)
        validator.immutable(current.spec, admitted.resource.spec, admitted.kind.fields, path: "spec")
        try Self.raise(validator.faults, for: admitted.document, name: current.id.description)
        do {
            try admitted.kind.check(admitted.resource, current)
        } catch {
            let faults = Self.located(error, in: admitted.document)
            try Self.raise(faults, for: admitted.document, name: current.id.description)
        }
    }

    /// A kind's own faults, one by one, each with the line of the path it names.
    private static func located(_ fault: Fault, in document: Document) -> [Fault] {
        fault.leaves.map { leaf in
            guard let place = leaf.place, place.hasPrefix("spec.") else { return leaf }
            return leaf.placed(at: document.locate(place))
        }
    }

    /// One fault as it is, several as one with all of them.
    static func raise(_ faults: [Fault], for document: Document, name: String) throws(Fault) {
        if faults.count == 1 { throw faults[0] }
        if faults.count > 1 {
            throw Fault(
                ResourceFaults.invalidDocument,
                "\(name) has \(faults.count) mistakes; nothing was changed.",
                at: document.file,
                parts: faults
            )
        }
    }

    private func metadata(
        of document: Document,
        kind: KindDefinition,
        defaults: Scope,
        faults: inout [Fault]
    ) -> Metadata {
        let members = document.value["metadata"]?.object ?? [:]
        func text(_ key: String) -> String? {
            guard let value = members[key], value != .null else { return nil }
            if let text = value.string { return text }
            faults.append(
                Fault(
                    ResourceFaults.wrongType,
                    "'metadata.\(key)' is \(value.typeName).",
                    at: document.locate("metadata.\(key)"),
                    wanted: "a text"
                )
            )
            return nil
        }
        func checkName(_ name: String, _ key: String) {
            do { try Names.check(name, at: document.locate("metadata.\(key)")) } catch { faults.append(error) }
        }
        let known = ["name", "tenant", "project", "labels", "resourceVersion"] + Self.serverFields
        for key in members.keys.sorted() where !known.contains(key) {
            faults.append(
                .unknownField(
                    key,
                    among: ["name", "tenant", "project", "labels"],
                    at: document.locate("metadata.\(key.shortened)")
                )
            )
        }
        let name = text("name")
        if let name { checkName(name, "name") }
        if name == nil, members["name"] == nil || members["name"] == .null {
            faults.append(
                Fault(
                    ResourceFaults.missingField,
                    "The field 'name' is missing.",
                    at: document.locate("metadata.name"),
                    wanted: "a name"
                )
            )
        }
        let scope = scope(tenant: text("tenant"), project: text("project"), kind, defaults, document, &faults)
        if let tenant = scope.tenant { checkName(tenant, "tenant") }
        if let project = scope.project { checkName(project, "project") }
        var metadata = Metadata(name: name ?? "", scope: scope, labels: labels(of: document, faults: &faults))
        metadata.version = text("resourceVersion").map(ResourceVersion.init)
        metadata.finalizers = kind.finalizers
        return metadata
    }

    private func scope(
        tenant: String?,
        project: String?,
        _ kind: KindDefinition,
        _ defaults: Scope,
        _ document: Document,
        _ faults: inout [Fault]
    ) -> Scope {
        func mismatch(_ key: String, _ what: String) {
            faults.append(
                Fault(
                    ResourceFaults.scopeMismatch,
                    what,
                    at: document.locate("metadata.\(key)"),
                    wanted: "a kind of scope '\(kind.scope.rawValue)'"
                )
            )
        }
        if kind.scope != .project, project != nil { mismatch("project", "A \(kind.name) is in no project.") }
        if kind.scope == .platform, tenant != nil { mismatch("tenant", "A \(kind.name) is in no tenant.") }
        let whole = Self.scope(tenant: tenant, project: project, kind, defaults)
        if kind.scope != .platform, whole.tenant == nil { mismatch("tenant", "A \(kind.name) needs a tenant.") }
        if kind.scope == .project, whole.tenant != nil, whole.project == nil {
            mismatch("project", "A \(kind.name) needs a project.")
        }
        return whole
    }

    /// The one rule by which a document's own words and the request's come to a place.
    private static func scope(
        tenant: String?, project: String?, _ kind: KindDefinition, _ defaults: Scope
    ) -> Scope {
        switch kind.scope {
        case .platform: .platform
        case .tenant: Scope(tenant: tenant ?? defaults.tenant)
        case .project: Scope(tenant: tenant ?? defaults.tenant, project: project ?? defaults.project)
        }
    }

    private func labels(of document: Document, faults: inout [Fault]) -> [String: String] {
        guard let value = document.value["metadata"]?["labels"], value != .null else { return [:] }
        guard let members = value.object, members.count <= 32, members.values.allSatisfy({ $0.string != nil }) else {
            faults.append(
                Fault(
                    ResourceFaults.wrongType,
                    "'metadata.labels' cannot be read.",
                    at: document.locate("metadata.labels"),
                    wanted: "at most 32 pairs of texts"
                )
            )
            return [:]
        }
        for (key, label) in members.sorted(by: { $0.key < $1.key }) {
            do {
                try Names.checkLabel(key, label.string ?? "", at: document.locate("metadata.labels.\(key.shortened)"))
            } catch {
                faults.append(error)
            }
        }
        return members.compactMapValues(\.string)
    }
}

extension Fault {
    static func immutableKind(_ id: ResourceID) -> Fault {
        Fault(ResourceFaults.immutableKind, "A \(id.kind) cannot change.", at: id.description)
    }
}
