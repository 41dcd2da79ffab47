import Faults
public import Logging
import People
public import Resources

/// Begins the jobs that were applied, and clears up after those that are deleted.
public struct JobController: Reconciler {
    private let resources: ResourceService
    private let jobs: JobService
    private let submission: JobSubmission

    public static func controller(
        resources: ResourceService, jobs: JobService, submission: JobSubmission, logger: Logger
    ) -> Controller {
        Controller(
            "jobs", store: resources.store, sources: [.each("Job")],
            reconciler: JobController(resources: resources, jobs: jobs, submission: submission), logger: logger)
    }

    init(resources: ResourceService, jobs: JobService, submission: JobSubmission) {
        self.resources = resources
        self.jobs = jobs
        self.submission = submission
    }

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        guard let resource = try await resources.store.find(id) else { return .done }
        let job =
            resource.status["job"]?.string ?? (id.scope.tenant == Partners.tenant ? nil : resource.metadata.uid)
        guard let job else { return .done }
        if resource.isBeingDeleted { return try await clear(resource, job) }
        // A mirror is begun by its owner's site alone; what was refused is not begun again.
        if id.scope.tenant == Partners.tenant || resource.condition("Complete")?.reason == Self.refused {
            return .done
        }
        do {
            try await follow(JobSpec(resource.spec), job)
        } catch let fault as Fault where fault.is(JobFaults.unknownJob) {
            let author = try await resources.history(of: id).first?.author ?? ""
            do {
                try await submission.begin(resource, by: author)
            } catch let fault as Fault where !fault.is(JobFaults.restarted) {
                try await refuse(resource, fault)
            }
        } catch let fault as Fault where fault.is(JobFaults.restarted) {
            return .again(after: .milliseconds(200))
        }
        return .done
    }

    private func clear(_ resource: Resource, _ job: String) async throws -> Reconciliation {
        guard resource.metadata.finalizers.contains(Job.finalizer) else { return .done }
        do {
            try await jobs.forget(job)
        } catch let fault as Fault where fault.is(JobFaults.notFinal) {
            let why = JobProblem(Fault(JobFaults.cancelled, "The job was deleted."))
            try? await jobs.act(.cancel(why), on: job)
            return .again(after: .seconds(1))
        }
        let note = ChangeNote(author: "controller/jobs", reason: "nothing of the job is left")
        try await resources.store.removeFinalizer(Job.finalizer, from: resource.id, by: note)
        return .done
    }

    private static let refused = "Refused"

    /// Brings what the spec wants to the job.
    private func follow(_ spec: JobSpec, _ job: String) async throws {
        guard let wish = try await jobs.wish(of: job) else { return }
        var actions: [JobAction] = []
        switch spec.wish {
        case .run: if wish.isPaused { actions.append(.resume) }
        case .pause: if !wish.isPaused { actions.append(.pause) }
        case .cancel:
            actions.append(.cancel(JobProblem(Fault(JobFaults.cancelled, "Cancelled by the job's document."))))
        }
        if spec.attempt > Int64(wish.retries) + 1 { actions.append(.retry) }
        for action in actions {
            do { try await jobs.act(action, on: job) } catch let fault as Fault where fault.is(JobFaults.notNow) {}
        }
    }

    /// A job that cannot be planned ends before it begins.
    private func refuse(_ resource: Resource, _ fault: Fault) async throws {
        try await resources.store.modifyStatus(resource.id) { resource in
            var status = resource.status.object ?? [:]
            status["state"] = .string(JobSummary.State.failed.rawValue)
            status["message"] = .string(JobProblem(fault).text)
            resource.status = .object(status)
            resource.set(
                Condition(
                    "Complete", .isTrue, reason: Self.refused, message: "\(fault.number) \(JobProblem(fault).text)",
                    observedGeneration: resource.metadata.generation))
        }
    }
}
