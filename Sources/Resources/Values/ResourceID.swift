/// Where a resource lives: on the whole installation, in a tenant, or in a project of a tenant.
public struct Scope: Sendable, Hashable, CustomStringConvertible {
    public let tenant: String?
    public let project: String?

    public static let platform = Scope(tenant: nil, project: nil)

    /// A project without a tenant is not a scope; the project is dropped.
    public init(tenant: String?, project: String? = nil) {
        self.tenant = tenant
        self.project = tenant == nil ? nil : project
    }

    /// Whether everything in the other scope is in this one.
    public func contains(_ other: Scope) -> Bool {
        (tenant == nil || tenant == other.tenant) && (project == nil || project == other.project)
    }

    /// `platform`, `tenant acme`, `acme/risk`.
    public var description: String {
        switch (tenant, project) {
        case (let tenant?, let project?): "\(tenant)/\(project)"
        case (let tenant?, nil): "tenant \(tenant)"
        default: "platform"
        }
    }
}

/// What names one resource: kind, scope and name. A resource that is deleted and made again has the same id and another uid.
public struct ResourceID: Sendable, Hashable, CustomStringConvertible {
    public let kind: String
    public let scope: Scope
    public let name: String

    public init(kind: String, scope: Scope = .platform, name: String) {
        self.kind = kind
        self.scope = scope
        self.name = name
    }

    /// `Project merchants (tenant retail-risk)`.
    public var description: String {
        scope == .platform ? "\(kind) \(name)" : "\(kind) \(name) (\(scope))"
    }
}

/// The version of a resource or of a whole list: opaque, compared only for equality, given back as it was received.
public struct ResourceVersion: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public var description: String { text }
}
