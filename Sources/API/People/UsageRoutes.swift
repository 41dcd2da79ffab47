public import Data
import Faults
import Hummingbird
public import Jobs
import People
public import Resources

/// What quotas bound, with what is used of it.
public struct UsageRoutes: APIRoutes {
    private let store: any ResourceStore
    private let jobs: JobRows
    private let storage: StorageUse

    public init(store: any ResourceStore, jobs: JobRows, storage: StorageUse) {
        self.store = store
        self.jobs = jobs
        self.storage = storage
    }

    public func add(to door: Door) {
        door.get("usage", asks: .view(.quotas), use: list)
    }

    /// A tenant's own people see what bounds them: the quotas of the project, and of the tenant as a whole.
    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let scope = try request.scope()
        let quotas =
            scope.tenant == nil
            ? try await store.listAll(ResourceQuery(kind: Quota.kind.name)).items.filter { !$0.isBeingDeleted }
            : try await Quota.over(scope, in: store, projects: scope.project == nil)
        var items: [JSONValue] = []
        for quota in quotas {
            let (jobQuota, stored) = (JobQuota(quota), StorageQuota(quota))
            let bounds =
                jobQuota.bounds(used: try await jobs.use(in: jobQuota.scope, at: .now))
                + stored.bounds(used: stored.bytes == nil ? 0 : try await storage.bytes(in: stored.scope))
            items += bounds.map { bound in
                [
                    "quota": .string(quota.metadata.name),
                    "tenant": quota.metadata.scope.tenant.map { .string($0) } ?? .null,
                    "project": jobQuota.scope.project.map { .string($0) } ?? .null, "field": .string(bound.field),
                    "what": .string(bound.what), "used": .integer(bound.used), "hard": .integer(bound.hard),
                ]
            }
        }
        return .list(items)
    }

    public var paths: [String: JSONValue] {
        [
            "/api/v1/usage": [
                "get": OpenAPI.operation(
                    "listUsage", "Every bound of the quotas, with what is used of it.",
                    parameters: ["tenant", "project"].map { OpenAPI.parameter($0) }, answer: OpenAPI.items)
            ]
        ]
    }
}
