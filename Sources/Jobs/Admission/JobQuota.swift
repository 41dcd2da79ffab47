import Faults
public import People
public import Resources

/// What jobs use of a site, or what one of them asks for.
public struct JobUse: Sendable, Hashable {
    /// Jobs that have not ended.
    public var jobs: Int64
    /// That they ask for here.
    public var cores: Int64
    /// In bytes.
    public var memory: Int64
    /// Jobs with other sites that began within `JobQuota.window`.
    public var requests: Int64

    public init(jobs: Int64 = 0, cores: Int64 = 0, memory: Int64 = 0, requests: Int64 = 0) {
        self.jobs = jobs
        self.cores = cores
        self.memory = memory
        self.requests = requests
    }

    init(asking plan: JobPlan) {
        self.init(
            jobs: 1, cores: Int64(clamping: plan.limits.cores), memory: Int64(clamping: plan.limits.memory),
            requests: plan.parties.count > 1 ? 1 : 0)
    }
}

/// What one quota allows of jobs; nil for what has no bound.
public struct JobQuota: Sendable, Hashable {
    /// Requests are counted over so many milliseconds.
    public static let window: Int64 = 86_400_000

    public let name: String
    /// A tenant, or one of its projects.
    public let scope: Scope
    public var jobs: Int64?
    public var cores: Int64?
    /// In bytes.
    public var memory: Int64?
    public var requests: Int64?

    public init(name: String, scope: Scope) {
        self.name = name
        self.scope = scope
    }

    /// - Throws: `JobFaults.overQuota` with used, asked and hard of everything that would be too much.
    func check(used: JobUse, asked: JobUse) throws(Fault) {
        try Quota.check(
            bounds(used: used),
            asked: [
                "runningJobs": asked.jobs, "cores": asked.cores, "memory": asked.memory >> 20,
                "partnerRequests": asked.requests,
            ], name: name, scope: scope, refusal: JobFaults.overQuota)
    }

    /// What it bounds, with what is used of that.
    public func bounds(used: JobUse) -> [QuotaBound] {
        [
            QuotaBound("runningJobs", "running jobs", used: used.jobs, hard: jobs),
            QuotaBound("cores", "cores", used: used.cores, hard: cores),
            QuotaBound("memory", "MiB of memory", used: used.memory >> 20, hard: memory.map { $0 >> 20 }),
            QuotaBound("partnerRequests", "requests of partners in 24 hours", used: used.requests, hard: requests),
        ].compactMap(\.self)
    }
}

/// The quotas that hold for jobs.
///
/// - Retry: asking changes nothing.
public protocol JobQuotas: Sendable {
    func quotas(over scope: Scope) async throws -> [JobQuota]
}

/// For sites without quotas.
public struct NoQuotas: JobQuotas {
    public init() {}

    public func quotas(over scope: Scope) -> [JobQuota] { [] }
}

/// Quotas as resources of the site's store.
public struct ResourceQuotas: JobQuotas {
    private let store: any ResourceStore

    public init(_ store: any ResourceStore) {
        self.store = store
    }

    public func quotas(over scope: Scope) async throws -> [JobQuota] {
        try await Quota.over(scope, in: store).map(JobQuota.init)
    }
}

extension JobQuota {
    public init(_ resource: Resource) {
        let spec = resource.spec
        self.init(
            name: resource.metadata.name,
            scope: Scope(tenant: resource.metadata.scope.tenant, project: spec["project"]?.string))
        jobs = spec["runningJobs"]?.integer
        cores = spec["cores"]?.integer
        memory = spec["memory"]?.integer.map { $0 << 20 }
        requests = spec["partnerRequests"]?.integer
    }
}
