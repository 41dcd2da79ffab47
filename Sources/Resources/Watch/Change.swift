/// One committed write: what a store appends to its log of changes.
public struct Change: Sendable {
    public enum Kind: Int, Sendable {
        case added = 1
        case modified = 2
        case deleted = 3
    }

    /// The store's counter, rising by at least one with every write.
    public let sequence: Int64
    public let kind: Kind
    /// The resource after the write; for a deletion, as it was last.
    public let resource: Resource
    /// The labels before the write; nil for an added resource. They decide whether a selector saw it leave.
    public let labelsBefore: [String: String]?

    public init(sequence: Int64, kind: Kind, resource: Resource, labelsBefore: [String: String]?) {
        self.sequence = sequence
        self.kind = kind
        self.resource = resource
        self.labelsBefore = labelsBefore
    }

    /// What a watcher with this query sees of the change: nil when it is none of its business. A resource whose labels
    /// come to match is added, one whose labels cease to match is deleted.
    func event(for query: ResourceQuery) -> WatchEvent? {
        guard query.covers(resource.id) else { return nil }
        let matches = kind != .deleted && query.labels.matches(resource.metadata.labels)
        let matched = labelsBefore.map(query.labels.matches) ?? false
        let version = ResourceVersion(String(sequence))
        switch (matched, matches) {
        case (false, false): return nil
        case (false, true): return WatchEvent(kind: .added, resource: resource, version: version)
        case (true, true): return WatchEvent(kind: .modified, resource: resource, version: version)
        case (true, false): return WatchEvent(kind: .deleted, resource: resource, version: version)
        }
    }
}

/// What a watcher receives.
public struct WatchEvent: Sendable {
    public enum Kind: String, Sendable {
        case added, modified, deleted
        /// No change: only the version up to which everything was seen.
        case bookmark
    }

    public let kind: Kind
    /// nil for a bookmark.
    public let resource: Resource?
    /// Watch again from here to continue.
    public let version: ResourceVersion

    public init(kind: Kind, resource: Resource?, version: ResourceVersion) {
        self.kind = kind
        self.resource = resource
        self.version = version
    }
}
