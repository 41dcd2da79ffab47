import Faults
import HTTPTypes
import Hummingbird
public import Jobs
public import Models
import People
public import Resources
public import TaskRuntime

/// What versions of models and jobs are made of: trees, and the tasks before and after.
public struct ModelInsideRoutes: APIRoutes {
    /// Jobs that are looked through for those that belong together: the newest, beside those that are asked about.
    private static let mostJobs = 1_000

    private let shelf: ModelShelf
    private let jobs: JobService
    private let resources: ResourceService
    private let catalogue: OperatorCatalogue
    private let releases: Releases

    public init(
        shelf: ModelShelf, jobs: JobService, resources: ResourceService, catalogue: OperatorCatalogue,
        releases: Releases
    ) {
        self.releases = releases
        self.shelf = shelf
        self.jobs = jobs
        self.resources = resources
        self.catalogue = catalogue
    }

    public func add(to door: Door) {
        door.get("models/:name/trees", asks: .view(.models), audited: .read, use: trees)
        door.get("models/:name/lineage", asks: .view(.jobs), use: lineageOfModel)
        door.get("jobs/:name/lineage", asks: .view(.jobs), use: lineageOfJob)
    }

    @Sendable private func trees(_ request: Request, _ context: APIContext) async throws -> Response {
        let first = try request.number("first", in: 1...1_000_000) ?? 1
        let most = try request.number("limit", in: 1...100) ?? 10
        let (reference, scope) = (try request.modelReference(context), try request.scope())
        // Who has every tree has the model.
        try await releases.check("models/\(reference)", in: scope, by: author(context))
        return .json(
            try await shelf.trees(reference, in: scope, from: Int(first), atMost: Int(most)),
            headers: [.cacheControl: "no-store"])
    }

    @Sendable private func lineageOfModel(_ request: Request, _ context: APIContext) async throws -> Response {
        let scope = try request.scope()
        let training = try await shelf.training(of: try request.modelReference(context), in: scope)
        return .list(try await lineage(TaskTies.Place(training).map { [$0] } ?? [], in: scope))
    }

    @Sendable private func lineageOfJob(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        let scope = try request.scope()
        let ties = try await jobs.ties(of: try await jobs.job(named: name, in: scope), catalogue)
        return .list(try await lineage(Set(ties.map(\.place)), in: scope))
    }

    /// The tasks of this project's jobs that these were made of, they themselves, and those that were made with them.
    private func lineage(_ places: Set<TaskTies.Place>, in scope: Scope) async throws -> [JSONValue] {
        let query = ResourceQuery(kind: Job.kindName, tenant: scope.tenant, project: scope.project)
        let all = try await resources.store.listAll(query).items.compactMap { job in
            job.status["job"]?.string.map { (ulid: $0, resource: job) }
        }.sorted { $0.ulid > $1.ulid }
        let asked = Set(places.map(\.job))
        let known = all.prefix(Self.mostJobs) + all.dropFirst(Self.mostJobs).filter { asked.contains($0.ulid) }
        var ties: [TaskTies] = []
        // A plan of an earlier release that cannot be read hides its own job alone.
        for job in known { ties += (try? await jobs.ties(of: job.ulid, catalogue)) ?? [] }
        let lineage = TaskLineage(ties)
        let (before, after) = (lineage.before(places), lineage.after(places))
        let resources = Dictionary(known.map { ($0.ulid, $0.resource) }) { $1 }
        return ties.sorted { $0.place.job < $1.place.job }.compactMap { task -> JSONValue? in
            guard let job = resources[task.place.job] else { return nil }
            let relation: JSONValue
            if places.contains(task.place) {
                relation = "itself"
            } else if before.contains(task.place) {
                relation = "before"
            } else if after.contains(task.place) {
                relation = "after"
            } else {
                return nil
            }
            return [
                "job": .string(job.metadata.name), "id": .string(task.place.job), "task": .string(task.place.task),
                "operator": .string(task.operatorName), "relation": relation, "state": job.status["state"] ?? .null,
                "time": .string(job.metadata.creationTime.description),
            ]
        }
    }

    public var paths: [String: JSONValue] {
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        let scope = [name] + ["tenant", "project"].map { OpenAPI.parameter($0) }
        let object: JSONValue = ["type": "object"]
        return [
            "/api/v1/models/{name}/trees": [
                "get": OpenAPI.operation(
                    "modelTrees",
                    "Trees of a version by their nodes, as far as this party knows; its splits at a host.",
                    parameters: scope + [
                        OpenAPI.parameter("version"),
                        OpenAPI.parameter("first", ["type": "integer", "minimum": 1, "maximum": 1_000_000]),
                        OpenAPI.parameter("limit", ["type": "integer", "minimum": 1, "maximum": 100]),
                    ], answer: object)
            ],
            "/api/v1/models/{name}/lineage": [
                "get": OpenAPI.operation(
                    "modelLineage",
                    "Tasks of this project's newest \(Self.mostJobs) jobs that a version was made of, and that were made with it.",
                    parameters: scope + [OpenAPI.parameter("version")], answer: OpenAPI.items)
            ],
            "/api/v1/jobs/{name}/lineage": [
                "get": OpenAPI.operation(
                    "jobLineage",
                    "Tasks of this project's newest \(Self.mostJobs) jobs that a job was made of, and that were made with it.",
                    parameters: scope, answer: OpenAPI.items)
            ],
        ]
    }
}

extension Request {
    /// The name of the path with the number or alias of the query; the newest without.
    func modelReference(_ context: APIContext) throws -> ModelReference {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        let text = query("version").map { "\(name):\($0)" } ?? name
        guard let reference = ModelReference(text) else {
            throw Fault(ModelFaults.unknown, at: "version", wanted: "a number or an alias")
        }
        return reference
    }
}
