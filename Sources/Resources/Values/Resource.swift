/// A typed object that a person or a controller asked for: `spec` is what is wanted, `status` what was seen.
public struct Resource: Sendable, Hashable {
    /// The only document version so far.
    public static let apiVersion = "atoll.dev/v1alpha1"

    public var kind: String
    public var metadata: Metadata
    /// Always an object.
    public var spec: JSONValue
    /// Always an object; written only by controllers through `updateStatus`.
    public var status: JSONValue

    public init(kind: String, metadata: Metadata, spec: JSONValue = [:], status: JSONValue = [:]) {
        self.kind = kind
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    public init(_ id: ResourceID, labels: [String: String] = [:], spec: JSONValue = [:]) {
        self.init(kind: id.kind, metadata: Metadata(name: id.name, scope: id.scope, labels: labels), spec: spec)
    }

    public var id: ResourceID {
        ResourceID(kind: kind, scope: metadata.scope, name: metadata.name)
    }

    /// True once deletion was asked for; only finalizers keep the resource.
    public var isBeingDeleted: Bool {
        metadata.deletionTime != nil
    }
}

/// What the store keeps about a resource beside its spec and status.
public struct Metadata: Sendable, Hashable {
    public var name: String
    public var scope: Scope
    public var labels: [String: String]
    /// Unique for ever, given by the store on creation.
    public var uid: String = ""
    /// 1 on creation, one more with every change of the spec.
    public var generation: Int64 = 0
    /// Changes with every write; nil before creation.
    public var version: ResourceVersion?
    public var creationTime: Timestamp = Timestamp(milliseconds: 0)
    public var deletionTime: Timestamp?
    /// Names of those who must clean up before the resource may vanish.
    public var finalizers: [String] = []
    /// Uids and ids of the owners; when the last of them is deleted, so is this resource.
    public var owners: [OwnerReference] = []

    public init(name: String, scope: Scope = .platform, labels: [String: String] = [:]) {
        self.name = name
        self.scope = scope
        self.labels = labels
    }
}

/// Points from a dependent to its owner. Ownership is for collection only; lineage is not ownership.
public struct OwnerReference: Sendable, Hashable {
    public let kind: String
    public let name: String
    public let uid: String

    public init(kind: String, name: String, uid: String) {
        self.kind = kind
        self.name = name
        self.uid = uid
    }

    public init(_ owner: Resource) {
        self.init(kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid)
    }
}
