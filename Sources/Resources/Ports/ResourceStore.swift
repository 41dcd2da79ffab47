import Faults

/// Keeps resources. The one port between what people declare and where it is kept; knows no kind.
///
/// Rules that every adapter keeps (the conformance suite `ResourceStoreSuite` checks them):
/// - **Durability**: when a writing call returns, the change survives `kill -9` of this process.
/// - **Conflict**: `update`, `updateStatus` and a `delete` with a version fail with `conflict` unless the version given
///   is the stored one. Nothing is written then; the caller reads again and repeats.
/// - **No-op**: a write that changes nothing writes nothing: same version, no event, no revision.
/// - **Ordering**: versions given out by one store are totally ordered in the order of commits; each watcher sees every
///   matching change after its starting version exactly once and in that order.
/// - **Retry**: reads may be repeated freely. A write that failed with anything but a fault of this catalogue's
///   1010-1027 may or may not have happened; reading tells.
/// - **Deletion**: a resource with finalizers is marked and stays until an update removes the last of them; dependents
///   whose last owner is gone are deleted as well, at once or soon after. That holds too for a resource that is written
///   with owners of which none exists (any more).
public protocol ResourceStore: Sendable {
    /// - Throws: `ResourceFaults.notFound`.
    func get(_ id: ResourceID) async throws -> Resource

    /// Resources in the order of (kind, tenant, project, name), at most `query.limit` of them.
    ///
    /// - Throws: `ResourceFaults.invalidPageToken`.
    func list(_ query: ResourceQuery) async throws -> ResourcePage

    /// Stores a new resource; uid, generation 1, version and creation time are given by the store.
    ///
    /// - Throws: `ResourceFaults.alreadyExists`.
    func create(_ resource: Resource, by change: ChangeNote) async throws -> Resource

    /// Replaces spec, labels, finalizers and owners; the status stays as it is stored.
    ///
    /// - Throws: `ResourceFaults.notFound`, `.conflict`; `.beingDeleted` when the spec of a marked resource would change.
    func update(_ resource: Resource, by change: ChangeNote) async throws -> Resource

    /// Replaces the status alone; the generation stays.
    ///
    /// - Throws: `ResourceFaults.notFound`, `.conflict`.
    func updateStatus(_ resource: Resource) async throws -> Resource

    /// Deletes, or marks when finalizers are left. Returns the resource as it was last stored.
    ///
    /// - Parameter version: when given, must be the stored one.
    /// - Throws: `ResourceFaults.notFound`, `.conflict`.
    @discardableResult
    func delete(_ id: ResourceID, version: ResourceVersion?, by change: ChangeNote) async throws -> Resource

    /// The changes after a version, without end. `nil` begins now.
    ///
    /// Bookmarks tell the newest version seen while nothing matches, so that a watcher can come back later without
    /// reading old changes again. They come about every `query.bookmarkInterval`.
    ///
    /// - Throws: `ResourceFaults.tooOld` here or while iterating: list again; `.invalidVersion`.
    func watch(_ query: ResourceQuery, from version: ResourceVersion?) async throws -> ResourceWatch
}

/// Who changed a spec and why: recorded with each revision.
public struct ChangeNote: Sendable, Hashable {
    /// The account that asked, for example `uid 1000 (ana)`, or `controller/tenants`.
    public let author: String
    /// Free text, up to 200 characters.
    public let reason: String

    public init(author: String, reason: String = "") {
        self.author = author
        self.reason = String(reason.prefix(200))
    }
}

/// What to list or watch.
public struct ResourceQuery: Sendable, Hashable {
    /// nil: every kind.
    public var kind: String?
    /// nil: every tenant, and resources without one.
    public var tenant: String?
    /// nil: every project. Only meaningful with a tenant.
    public var project: String?
    public var labels: LabelSelector
    /// Most items of one page, 1 to 1,000; what is set outside is brought to the nearer end.
    public var limit: Int {
        didSet { limit = min(max(limit, 1), Self.maximumLimit) }
    }
    /// From the page before; nil for the first.
    public var pageToken: String?
    /// How often a quiet watch says where it stands.
    public var bookmarkInterval: Duration = .seconds(10)

    public static let maximumLimit = 1000

    public init(
        kind: String? = nil,
        tenant: String? = nil,
        project: String? = nil,
        labels: LabelSelector = .everything,
        limit: Int = maximumLimit,
        pageToken: String? = nil
    ) {
        self.kind = kind
        self.tenant = tenant
        self.project = project
        self.labels = labels
        self.limit = min(max(limit, 1), Self.maximumLimit)
        self.pageToken = pageToken
    }

    /// Whether the id is in the kind, tenant and project asked for; labels are looked at apart.
    public func covers(_ id: ResourceID) -> Bool {
        (kind == nil || kind == id.kind) && (tenant == nil || tenant == id.scope.tenant)
            && (project == nil || project == id.scope.project)
    }
}

/// One page of a list.
public struct ResourcePage: Sendable {
    public let items: [Resource]
    /// The store's version when the page was read. A watch from the **first** page's version misses nothing.
    public let version: ResourceVersion
    /// nil on the last page.
    public let nextToken: String?

    public init(items: [Resource], version: ResourceVersion, nextToken: String?) {
        self.items = items
        self.version = version
        self.nextToken = nextToken
    }
}

extension ResourceStore {
    /// Every page of a list joined; the version is the first page's.
    public func listAll(_ query: ResourceQuery) async throws -> ResourcePage {
        var query = query
        var items: [Resource] = []
        var version: ResourceVersion?
        while true {
            let page = try await list(query)
            items += page.items
            version = version ?? page.version
            guard let token = page.nextToken else {
                return ResourcePage(items: items, version: version!, nextToken: nil)
            }
            query.pageToken = token
        }
    }

    /// The resource, or nil when there is none.
    public func find(_ id: ResourceID) async throws -> Resource? {
        do {
            return try await get(id)
        } catch let fault as Fault where fault.is(ResourceFaults.notFound) {
            return nil
        }
    }
}
