import Faults
import HTTPTypes
import Hummingbird
public import Jobs
public import Models
import People
public import Resources

/// How good the predictions are that a job left at this site, and how much better than those of another job.
public struct JobEvaluationRoutes: APIRoutes {
    private let jobs: JobService
    private let evaluations: JobEvaluations

    public init(jobs: JobService, evaluations: JobEvaluations) {
        self.jobs = jobs
        self.evaluations = evaluations
    }

    public func add(to door: Door) {
        door.get("jobs/:name/evaluation", asks: .view(.jobs), use: evaluation)
    }

    @Sendable private func evaluation(_ request: Request, _ context: APIContext) async throws -> Response {
        let scope = try request.scope()
        let job = try await job(try context.parameters.require("name"), at: "path", scope)
        var other: String?
        if let name = request.query("against") { other = try await self.job(name, at: "against", scope) }
        let found = try await evaluations.evaluations(of: job, against: other)
        return .json(["items": .array(found)], headers: [.cacheControl: "no-store"])
    }

    private func job(_ name: String, at place: String, _ scope: Scope) async throws -> String {
        try Names.check(name, at: place)
        return try await jobs.job(named: name, in: scope)
    }

    public var paths: [String: JSONValue] {
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        return [
            "/api/v1/jobs/{name}/evaluation": [
                "get": OpenAPI.operation(
                    "jobEvaluation",
                    "Measures and curves of the predictions that the job's tasks left here; with another job, what they gain.",
                    parameters: [name] + ["tenant", "project", "against"].map { OpenAPI.parameter($0) },
                    answer: OpenAPI.items)
            ]
        ]
    }
}
