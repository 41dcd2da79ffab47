import Faults
public import Resources

/// Makes plans of job resources.
///
/// - Retry: may be repeated; only the first plan of a job that is begun counts.
public protocol JobCompiling: Sendable {
    /// - Parameter job: the ULID that the plan is to have.
    /// - Throws: everything that is wrong with the spec at this site.
    func plan(of resource: Resource, job: String) async throws -> JobPlan
}

/// Submits jobs: nothing is stored before every party was asked.
public struct JobSubmission: Sendable {
    private let resources: ResourceService
    private let jobs: JobService
    private let compiler: any JobCompiling

    public init(resources: ResourceService, jobs: JobService, compiler: any JobCompiling) {
        self.resources = resources
        self.jobs = jobs
        self.compiler = compiler
    }

    /// - Returns: the job's resource.
    /// - Throws: faults of the document; `JobFaults.refused` with the parties' reasons, `.overQuota`, and then nothing is
    ///   stored.
    public func submit(_ document: Document, defaults: Scope, by note: ChangeNote) async throws -> Resource {
        let checked = try await resources.apply([document], defaults: defaults, by: note, dryRun: true)
        guard let first = checked.first, first.resource.kind == "Job" else {
            throw Fault(ProgramFaults.badRequest, "The document is not a Job.", at: "kind", wanted: "Job")
        }
        try await jobs.consider(
            try await compiler.plan(of: first.resource, job: ULID.make()), in: first.resource.metadata.scope)
        let resource = try await resources.create(document, defaults: defaults, by: note)
        do {
            try await begin(resource, by: note.author)
        } catch let fault as Fault where fault.leaves.allSatisfy({ $0.is(JobFaults.overQuota) }) {
            // Another job was faster.
            _ = try await resources.delete(resource.id, version: nil, by: note)
            throw fault
        }
        return resource
    }

    /// Does what a person asks of a job, and keeps it in the spec where this site owns the job.
    ///
    /// - Throws: `JobFaults.unknownJob`, `.notNow`, `.notOwner`.
    public func steer(_ job: String, _ id: ResourceID, _ action: JobAction, by note: ChangeNote) async throws {
        try await jobs.check(action, on: job)
        if try await jobs.wish(of: job) != nil {
            try await resources.store.modify(id, by: note) { resource in
                var spec = resource.spec.object ?? [:]
                switch action {
                case .pause: spec["wanted"] = "pause"
                case .resume: spec["wanted"] = "run"
                case .cancel: spec["wanted"] = "cancel"
                case .retry:
                    spec["wanted"] = "run"
                    spec["attempt"] = .integer((spec["attempt"]?.integer ?? 1) + 1)
                }
                resource.spec = .object(spec)
            }
        }
        do {
            try await jobs.act(action, on: job)
        } catch let fault as Fault where fault.is(JobFaults.notNow) {
            // The controller was faster.
        }
    }

    /// Begins the job of a resource that is stored; one that was begun is left as it is.
    public func begin(_ resource: Resource, by author: String) async throws {
        let plan = try await compiler.plan(of: resource, job: resource.metadata.uid)
        try await jobs.begin(
            plan, at: .init(name: resource.metadata.name, scope: resource.metadata.scope), requester: author)
    }
}
