import Faults
import HTTPTypes
import Hummingbird
public import Jobs
import Models
import NIOCore
import People
public import Resources
import ServiceLifecycle
import TaskRuntime

/// What can be done with a job beyond what every resource has.
public struct JobRoutes: APIRoutes {
    private let jobs: JobService
    private let submission: JobSubmission
    private let preview: JobPreview
    private let releases: Releases

    public init(jobs: JobService, submission: JobSubmission, preview: JobPreview, releases: Releases) {
        self.jobs = jobs
        self.submission = submission
        self.preview = preview
        self.releases = releases
    }

    public func add(to door: Door) {
        door.post("jobs/submit", asks: .documents(.manage), use: submit)
        door.post("jobs/:name/pause", asks: .manage(.jobs)) { request, context in
            try await self.act(.pause, request, context)
        }
        door.post("jobs/:name/resume", asks: .manage(.jobs)) { request, context in
            try await self.act(.resume, request, context)
        }
        door.post("jobs/:name/retry", asks: .manage(.jobs)) { request, context in
            try await self.act(.retry, request, context)
        }
        door.post("jobs/:name/cancel", asks: .manage(.jobs)) { request, context in
            let reason = request.query("reason").map { ": \($0.prefix(200))" } ?? "."
            let problem = JobProblem(Fault(JobFaults.cancelled, "Cancelled by \(author(context))\(reason)"))
            return try await self.act(.cancel(problem), request, context)
        }
        door.post("jobs/:name/approve", asks: .manage(.approvals), use: approve)
        door.get("jobs/:name/plan", asks: .view(.jobs), use: plan)
        door.get("jobs/:name/log", asks: .view(.jobs), use: log)
        door.get("jobs/:name/results", asks: .view(.jobs), use: results)
        door.get("jobs/:name/bins", asks: .view(.jobs), use: bins)
        door.get("jobs/:name/selection", asks: .view(.jobs), use: selection)
        door.get("jobs/:name/cutoffs", asks: .view(.rows), use: cutoffs)
        door.get("jobs/:name/scorecard", asks: .view(.jobs), use: scorecard)
    }

    @Sendable private func submit(_ request: Request, _ context: APIContext) async throws -> Response {
        let documents = try YAMLReader.documents(try await request.bytes(), file: request.query("file"))
        guard let document = documents.first, documents.count == 1 else {
            throw Fault(ResourceFaults.syntax, "A submission is one document.", wanted: "one Job")
        }
        let note = ChangeNote(author: author(context), reason: request.query("reason") ?? "submitted")
        let resource = try await submission.submit(document, defaults: try request.scope(), by: note)
        context.subject.add(resource.id)
        return .resource(resource, status: .created)
    }

    private func act(_ action: JobAction, _ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await job(request, context)
        let id = ResourceID(
            kind: Job.kindName, scope: try request.scope(), name: try context.parameters.require("name"))
        let note = ChangeNote(author: author(context), reason: request.query("reason") ?? "")
        try await submission.steer(job, id, action, by: note)
        return .json(["job": .string(job)])
    }

    @Sendable private func approve(_ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await job(request, context)
        try await jobs.approve(job, by: author(context))
        return .json(["job": .string(job)])
    }

    @Sendable private func plan(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(try await preview.statement(try await jobs.plan(of: try await job(request, context))).json)
    }

    /// Lines after a number; with `follow`, as server-sent events until the job has ended and no line is left.
    @Sendable private func log(_ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await job(request, context)
        let after = try request.number("after", in: 0...Int64.max) ?? 0
        guard try request.flag("follow") else {
            let most = try request.number("limit", in: 1...10_000) ?? 10_000
            return .list(try await jobs.lines(job, after: after, most: Int(most)).map(Self.json))
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { [jobs] writer in
                var (last, standing) = (after, context.standing)
                try await writer.write(ByteBuffer(string: ":\n\n"))
                while true {
                    try await standing.renew()
                    let isOver = try await jobs.summary(job).state.isFinal
                    let lines = try await jobs.lines(job, after: last)
                    for line in lines {
                        var buffer = ByteBuffer(string: "event: line\nid: \(line.number)\ndata: ")
                        buffer.writeBytes(JSONWriter.compact(Self.json(line)))
                        buffer.writeString("\n\n")
                        try await writer.write(buffer)
                        last = line.number
                    }
                    if isOver, lines.isEmpty { break }
                    if lines.isEmpty { try await Task.sleep(for: .milliseconds(300)) }
                }
                try await writer.finish(nil)
            })
    }

    /// What each task left at this site: digest, size and figures, never the output.
    @Sendable private func results(_ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await job(request, context)
        return .list(
            try await jobs.outputs(job).map {
                [
                    "task": .string($0.task), "digest": .string($0.digest),
                    "bytes": .integer(Int64($0.result.count)), "time": .string($0.time.description),
                    "figures": .object(Self.figures($0.result)),
                ]
            })
    }

    /// The bins and weights of evidence that tasks `woe` left at this site, by column.
    @Sendable private func bins(_ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await job(request, context)
        var columns: [JSONValue] = []
        for output in try await jobs.outputs(job) {
            columns += try BinListing(task: output.task, output: TaskResult(decoding: output.result).output).columns
        }
        return .list(columns)
    }

    /// The decisions about this site's columns that the job's tasks made.
    @Sendable private func selection(_ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await job(request, context)
        return .list(
            try await jobs.outputs(job).flatMap {
                SelectionListing(task: $0.task, output: try TaskResult(decoding: $0.result).output).decisions
            })
    }

    /// What scores mean for who is approved, as the job's tasks found at this site.
    @Sendable private func cutoffs(_ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await job(request, context)
        return .list(
            try await jobs.outputs(job).compactMap { output in
                let report = try TaskResult(decoding: output.result).output
                guard PointsReport(json: report) != nil, var members = try JSONParser.parse(report).object else {
                    return nil
                }
                members["task"] = .string(output.task)
                return .object(members)
            })
    }

    /// This site's part of the scorecard of the job's regression.
    @Sendable private func scorecard(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let form = ScorecardExport(rawValue: request.query("form") ?? ScorecardExport.csv.rawValue) else {
            throw Fault(
                ModelFaults.form, at: "form", wanted: ScorecardExport.allCases.map(\.rawValue).joined(separator: ", "))
        }
        func number(_ name: String, _ usual: Double) throws -> Double {
            guard let text = request.query(name) else { return usual }
            guard let number = Double(text) else { throw Fault(ModelingFaults.scorecard, at: name, wanted: "a number") }
            return number
        }
        let digits = try request.number("decimals", in: 0...3).map { Int($0) } ?? 0
        let name = request.query("name") ?? "scorecard"
        let job = try await job(request, context)
        try await releases.check(
            "jobs/\(try context.parameters.require("name"))", in: try request.scope(), by: author(context))
        guard let output = try await jobs.outputs(job).last(where: { form.isRegression($0.result) }) else {
            throw Fault(LogisticFaults.modelUnusable, "No task of the job has left a regression here.", at: "job")
        }
        let text = try form.text(
            of: output.result, name: name,
            scale: (try number("pdo", 20), try number("base", 600), try number("odds", 20), digits))
        return Response(
            status: .ok, headers: [.contentType: form.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// What a task measured besides its output; in no digest.
    private static func figures(_ result: [UInt8]) -> [String: JSONValue] {
        ((try? TaskResult(decoding: result))?.figures ?? [:]).mapValues { .number($0) }
    }

    private func job(_ request: Request, _ context: APIContext) async throws -> String {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        return try await jobs.job(named: name, in: try request.scope())
    }

    private static func json(_ line: JobLine) -> JSONValue {
        [
            "line": .integer(line.number), "time": .string(line.time.description), "level": .integer(Int64(line.level)),
            "task": .string(line.task), "start": .integer(Int64(clamping: line.epoch)), "text": .string(line.text),
        ]
    }
}

extension JobRoutes {
    public var paths: [String: JSONValue] {
        let object: JSONValue = ["type": "object"]
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        func query(_ name: String, _ type: String = "string") -> JSONValue {
            ["name": .string(name), "in": "query", "schema": ["type": .string(type)]]
        }
        let scope = [name, query("tenant"), query("project")]
        var paths: [String: JSONValue] = [
            "/api/v1/jobs/submit": [
                "post": OpenAPI.operation(
                    "submitJob", "Ask every party, and begin the job if all take it; else nothing is stored.",
                    parameters: [query("tenant"), query("project")], body: object, answer: object, status: "201")
            ],
            "/api/v1/jobs/{name}/plan": [
                "get": OpenAPI.operation(
                    "getJobPlan",
                    "What the job means: messages, cost, what each party learns; also before it is approved.",
                    parameters: scope, answer: object)
            ],
            "/api/v1/jobs/{name}/log": [
                "get": OpenAPI.operation(
                    "jobLog", "Lines of the job's log at this site.",
                    parameters: scope + [
                        query("after", "integer"), query("limit", "integer"), query("follow", "boolean"),
                    ],
                    answer: OpenAPI.items, types: ["application/json", "text/event-stream"])
            ],
            "/api/v1/jobs/{name}/results": [
                "get": OpenAPI.operation(
                    "jobResults", "What each task left at this site.", parameters: scope, answer: OpenAPI.items)
            ],
            "/api/v1/jobs/{name}/bins": [
                "get": OpenAPI.operation(
                    "jobBins", "Bins and weights of evidence that the job's tasks left at this site, by column.",
                    parameters: scope, answer: OpenAPI.items)
            ],
        ]
        paths["/api/v1/jobs/{name}/selection"] = [
            "get": OpenAPI.operation(
                "jobSelection", "Every decision about this site's columns that the job's tasks made, with its figure.",
                parameters: scope, answer: OpenAPI.items)
        ]
        paths["/api/v1/jobs/{name}/cutoffs"] = [
            "get": OpenAPI.operation(
                "jobCutoffs", "Cut-offs, swap set and scores by month that the job's tasks found at this site.",
                parameters: scope, answer: OpenAPI.items)
        ]
        paths["/api/v1/jobs/{name}/scorecard"] = [
            "get": OpenAPI.operation(
                "jobScorecard", "This site's part of the scorecard of the job's regression, as json, csv, sql or pmml.",
                parameters: scope + [
                    query("form"), query("name"), query("pdo", "number"), query("base", "number"),
                    query("odds", "number"),
                    query("decimals", "integer"),
                ], answer: object, types: ["application/json", "text/csv", "text/plain", "application/xml"])
        ]
        for (action, summary) in [
            ("pause", "Stop the workers of the job everywhere; checkpoints stay."),
            ("resume", "Go on with a paused job."), ("retry", "Begin a failed job again with the task that failed."),
            ("cancel", "End the job everywhere."),
            ("approve", "Approve the job at this site; not by who asked for it."),
        ] {
            paths["/api/v1/jobs/{name}/\(action)"] = [
                "post": OpenAPI.operation("\(action)Job", summary, parameters: scope, answer: object)
            ]
        }
        return paths
    }
}
