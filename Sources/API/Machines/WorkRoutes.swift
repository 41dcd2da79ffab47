import Faults
import HTTPTypes
import Hummingbird
public import Jobs
public import Ledger
import People
public import Resources

/// Who uses the machines of the site: everything for those who see all jobs, else what is of a tenant or project.
public struct WorkRoutes: APIRoutes {
    private let monitor: WorkMonitor
    private let jobs: JobRows
    private let store: any ResourceStore
    private let names: @Sendable (SiteID) -> String?

    /// - Parameter names: the peer's name of a site here.
    public init(
        monitor: WorkMonitor, jobs: JobRows, store: any ResourceStore, names: @escaping @Sendable (SiteID) -> String?
    ) {
        self.monitor = monitor
        self.jobs = jobs
        self.store = store
        self.names = names
    }

    public func add(to door: Door) {
        door.get("work", asks: .view(.jobs), use: list)
        door.get("work/jobs", asks: .view(.jobs), use: open)
    }

    /// The jobs that have not ended here, newest first.
    @Sendable private func open(_ request: Request, _ context: APIContext) async throws -> Response {
        let limit = try request.number("limit", in: 1...1_000) ?? 100
        var items: [JSONValue] = []
        for id in try await jobs.open(in: try request.scope(), most: Int(limit)) {
            if let job = try await store.find(id) { items.append(job.json) }
        }
        return .list(items)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let group = WorkGroup(rawValue: request.query("by") ?? WorkGroup.app.rawValue) else {
            throw Fault(
                ProgramFaults.badRequest, "Work is not told apart by this.", at: "parameter by",
                wanted: WorkGroup.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let limit = try request.number("limit", in: 1...1_000) ?? 100
        let lines = try await monitor.report(by: group, in: try request.scope())
        return .json(
            [
                "items": .array(lines.prefix(Int(limit)).map(json)), "total": .integer(Int64(lines.count)),
                "time": .string(Timestamp.now.description),
            ], headers: [.cacheControl: "no-store"])
    }

    private func json(_ line: WorkLine) -> JSONValue {
        var members: [String: JSONValue] = [
            "workers": .integer(Int64(line.workers)),
            "cpu": ["used": .number(line.cores), "reserved": .integer(Int64(line.coresReserved))],
            "memory": [
                "used": .integer(Int64(clamping: line.memory)),
                "reserved": .integer(Int64(clamping: line.memoryReserved)),
            ],
            "cpuSeconds": .number(line.seconds),
        ]
        members["name"] = line.name.map { .string($0) }
        members["job"] = line.job.map { .string($0) }
        members["tenant"] = line.tenant.map { .string($0) }
        members["project"] = line.project.map { .string($0) }
        members["peer"] = line.peer.map { .string(names($0) ?? $0.short) }
        return .object(members)
    }

    public var paths: [String: JSONValue] {
        [
            "/api/v1/work": [
                "get": OpenAPI.operation(
                    "listWork",
                    "Who uses the machines now, and how long they computed in the last 24 hours; the most busy first.",
                    parameters: ["tenant", "project"].map { OpenAPI.parameter($0) } + [
                        OpenAPI.parameter(
                            "by", ["type": "string", "enum": .array(WorkGroup.allCases.map { .string($0.rawValue) })]),
                        OpenAPI.parameter("limit", ["type": "integer", "minimum": 1, "maximum": 1000]),
                    ], answer: OpenAPI.items)
            ],
            "/api/v1/work/jobs": [
                "get": OpenAPI.operation(
                    "listOpenJobs", "The jobs that have not ended at this site, newest first.",
                    parameters: ["tenant", "project"].map { OpenAPI.parameter($0) } + [
                        OpenAPI.parameter("limit", ["type": "integer", "minimum": 1, "maximum": 1000])
                    ], answer: OpenAPI.items)
            ],
        ]
    }
}
