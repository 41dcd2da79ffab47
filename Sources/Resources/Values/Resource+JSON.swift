public import Faults

extension Resource {
    /// As a person writes it: without what the store adds.
    public var document: JSONValue {
        var meta: [String: JSONValue] = ["name": .string(metadata.name)]
        if let tenant = metadata.scope.tenant { meta["tenant"] = .string(tenant) }
        if let project = metadata.scope.project { meta["project"] = .string(project) }
        return [
            "apiVersion": .string(Self.apiVersion), "kind": .string(kind), "metadata": .object(meta), "spec": spec,
        ]
    }

    /// The document that people see and the store keeps.
    public var json: JSONValue {
        var meta: [String: JSONValue] = [
            "name": .string(metadata.name), "uid": .string(metadata.uid), "generation": .integer(metadata.generation),
            "creationTimestamp": .string(metadata.creationTime.description),
        ]
        if let tenant = metadata.scope.tenant { meta["tenant"] = .string(tenant) }
        if let project = metadata.scope.project { meta["project"] = .string(project) }
        if !metadata.labels.isEmpty { meta["labels"] = .object(metadata.labels.mapValues { .string($0) }) }
        if let version = metadata.version { meta["resourceVersion"] = .string(version.text) }
        if let time = metadata.deletionTime { meta["deletionTimestamp"] = .string(time.description) }
        if !metadata.finalizers.isEmpty { meta["finalizers"] = .array(metadata.finalizers.map { .string($0) }) }
        if !metadata.owners.isEmpty {
            meta["ownerReferences"] = .array(
                metadata.owners.map {
                    ["kind": .string($0.kind), "name": .string($0.name), "uid": .string($0.uid)]
                }
            )
        }
        return [
            "apiVersion": .string(Self.apiVersion), "kind": .string(kind), "metadata": .object(meta), "spec": spec,
            "status": status,
        ]
    }

    /// Reads a document that a store or a server wrote; what users write goes through `DocumentReader`.
    ///
    /// - Throws: `ResourceFaults.storeDamaged` when a member is missing or of the wrong type.
    public init(stored json: JSONValue) throws(Fault) {
        guard let kind = json["kind"]?.string, let meta = json["metadata"], let name = meta["name"]?.string else {
            throw Fault(ResourceFaults.storeDamaged, "A stored resource has no kind or name.")
        }
        var metadata = Metadata(
            name: name,
            scope: Scope(tenant: meta["tenant"]?.string, project: meta["project"]?.string),
            labels: (meta["labels"]?.object ?? [:]).compactMapValues(\.string)
        )
        metadata.uid = meta["uid"]?.string ?? ""
        metadata.generation = meta["generation"]?.integer ?? 0
        metadata.version = (meta["resourceVersion"]?.string).map(ResourceVersion.init)
        if let time = (meta["creationTimestamp"]?.string).flatMap(Timestamp.init(_:)) { metadata.creationTime = time }
        metadata.deletionTime = (meta["deletionTimestamp"]?.string).flatMap(Timestamp.init(_:))
        metadata.finalizers = (meta["finalizers"]?.array ?? []).compactMap(\.string)
        metadata.owners = (meta["ownerReferences"]?.array ?? []).compactMap {
            guard let kind = $0["kind"]?.string, let name = $0["name"]?.string, let uid = $0["uid"]?.string else {
                return nil
            }
            return OwnerReference(kind: kind, name: name, uid: uid)
        }
        self.init(kind: kind, metadata: metadata, spec: json["spec"] ?? [:], status: json["status"] ?? [:])
    }
}
