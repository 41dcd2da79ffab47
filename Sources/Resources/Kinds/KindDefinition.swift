public import Faults

/// Everything the generic machinery knows about one kind; defined by the part that owns the noun.
public struct KindDefinition: Sendable {
    /// Where resources of the kind live.
    public enum ScopeLevel: String, Sendable {
        case platform, tenant, project
    }

    /// A column of `atoll get`, filled from a path into the document such as `spec.displayName`.
    public struct Column: Sendable {
        public let title: String
        public let path: [String]

        public init(_ title: String, _ path: String...) {
            self.title = title
            self.path = path
        }
    }

    /// CamelCase, singular: `Tenant`.
    public let name: String
    /// Lower case, as in the API's path: `tenants`.
    public let plural: String
    /// Other words that the command line takes: `tn`.
    public let shortNames: [String]
    public let scope: ScopeLevel
    /// One sentence.
    public let summary: String
    public let fields: [Field]
    /// Specs of such kinds never change: versions are new resources.
    public let isImmutable: Bool
    /// Whether the site alone makes them, and people and programs only see and delete them.
    public let isMadeBySite: Bool
    /// Why a rollback is refused, or nil when it is allowed. Immutable kinds always refuse.
    public let rollbackRefusal: String?
    /// Put on every new resource, so that no deletion can overtake the controller that cleans up.
    public let finalizers: [String]
    public let columns: [Column]
    /// A complete document that applies as it is once its references exist.
    public let example: String
    /// Rules between fields, beyond what the types say. Must not look at the world: references are checked apart.
    public let check: @Sendable (_ new: Resource, _ old: Resource?) throws(Fault) -> Void

    public init(
        _ name: String,
        plural: String,
        shortNames: [String] = [],
        scope: ScopeLevel,
        summary: String,
        fields: [Field],
        isImmutable: Bool = false,
        isMadeBySite: Bool = false,
        rollbackRefusal: String? = nil,
        finalizers: [String] = [],
        columns: [Column] = [],
        example: String,
        check: @escaping @Sendable (_ new: Resource, _ old: Resource?) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) {
        self.name = name
        self.plural = plural
        self.shortNames = shortNames
        self.scope = scope
        self.summary = summary
        self.fields = fields
        self.isImmutable = isImmutable
        self.isMadeBySite = isMadeBySite
        self.rollbackRefusal = rollbackRefusal
        self.finalizers = finalizers
        self.columns = columns
        self.example = example
        self.check = check
    }

    /// The scope of this kind for a resource that lives in `scope`: what a reference to this kind means there.
    public func scope(within scope: Scope) -> Scope {
        switch self.scope {
        case .platform: .platform
        case .tenant: Scope(tenant: scope.tenant)
        case .project: scope
        }
    }
}
