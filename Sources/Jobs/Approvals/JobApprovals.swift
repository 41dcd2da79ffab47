import Faults
public import Ledger
public import Logging
import People
public import Resources
import TaskRuntime

/// Asks for an approval of every job that waits for one here, and does what was decided.
public struct JobApprovals: Reconciler {
    private let resources: ResourceService
    private let jobs: JobService
    private let rows: JobRows
    private let submission: JobSubmission
    private let preview: JobPreview
    private let desk: ApprovalDesk
    private let site: SiteID

    /// - Parameter site: this site.
    public static func controller(
        resources: ResourceService, jobs: JobService, rows: JobRows, submission: JobSubmission, preview: JobPreview,
        site: SiteID, logger: Logger
    ) -> Controller {
        // What is decided about a job concerns it.
        let approvals = ControllerSource(ResourceQuery(kind: Approval.kind.name)) { approval in
            guard approval.spec["about"]?.string == Approval.About.job.rawValue,
                let name = approval.spec["subject"]?.string?.split(separator: "/").last
            else { return [] }
            return [ResourceID(kind: Job.kindName, scope: approval.metadata.scope, name: String(name))]
        }
        return Controller(
            "job approvals", store: resources.store, sources: [.each(Job.kindName), approvals],
            reconciler: JobApprovals(
                resources: resources, jobs: jobs, rows: rows, submission: submission, preview: preview,
                desk: ApprovalDesk(resources.store), site: site), logger: logger)
    }

    public func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        guard let resource = try await resources.store.find(id), let job = resource.status["job"]?.string else {
            return .done
        }
        let scope = resource.metadata.scope
        let known = try await desk.find(.job, Self.subject(id), in: scope)
        guard Self.waits(resource, at: site), !resource.isBeingDeleted else {
            for approval in known where Approval.state(of: approval, at: .now) == .waiting {
                let author = try await rows.find(job)?.1.participant.approvedBy
                try await desk.close(approval.id, approvedBy: author, reason: "the job does not wait for it any more")
            }
            return .done
        }
        let plan: JobPlan
        do { plan = try await jobs.plan(of: job) } catch let fault as Fault where fault.is(JobFaults.unknownJob) {
            return .done
        }
        let binding = Hexadecimal.text(plan.digest)
        guard let approval = known.last(where: { $0.spec["binding"]?.string == binding }) else {
            _ = try await desk.ask(try await request(plan, resource, binding), in: scope)
            return .done
        }
        let (author, reason) = (approval.status["decidedBy"]?.string ?? "", approval.status["reason"]?.string ?? "")
        do {
            switch Approval.state(of: approval, at: .now) {
            case .approved: try await jobs.approve(job, by: author)
            case .refused:
                let why = Fault(JobFaults.cancelled, "Refused by \(author)\(reason.isEmpty ? "." : ": \(reason)")")
                try await submission.steer(
                    job, id, .cancel(JobProblem(why)), by: ChangeNote(author: author, reason: reason))
            case .waiting, .expired, .void: break
            }
        } catch let fault as Fault where fault.is(JobFaults.notNow) || fault.is(JobFaults.unknownJob) {
            // It went on or ended meanwhile.
        }
        return .done
    }

    static func subject(_ job: ResourceID) -> String { "jobs/\(job.name)" }

    /// Whether it waits for this site's own people.
    private static func waits(_ job: Resource, at site: SiteID) -> Bool {
        (job.status["parties"]?.array ?? []).contains {
            $0["site"]?.string == site.text && $0["state"]?.string == JobSummary.State.awaitingApproval.rawValue
        }
    }

    /// What whoever decides has to know: parties, cost here, and what each learns.
    private func request(_ plan: JobPlan, _ job: Resource, _ binding: String) async throws -> ApprovalRequest {
        let statement = try await preview.statement(plan)
        let own = plan.parties.firstIndex { $0.site == site } ?? 0
        let requester = try await rows.find(plan.job)?.0.requester
        let operators = plan.tasks.map(\.operatorName).joined(separator: ", ")
        let sites = plan.parties.count == 1 ? "this site alone" : "\(plan.parties.count) sites"
        var request = ApprovalRequest(
            .job, subject: Self.subject(job.id), binding: binding,
            requester: requester ?? "peer \(job.metadata.scope.project ?? plan.owner.short)",
            what: "The job \(plan.name) of \(sites) runs \(operators).")
        request.why = try await resources.history(of: job.id).first { $0.uid == job.metadata.uid }?.reason ?? ""
        let cost = statement.totals[own]
        request.cost = [
            "seconds": .number(min(cost.seconds, 1e12)), "bytes": .integer(Int64(clamping: cost.bytesOut)),
            "memory": .integer(Int64(clamping: plan.limits.memory)),
        ]
        request.leaks = statement.tasks.flatMap { task in
            task.leakage.map { "\(task.name): the \($0.role) learns \($0.learns)" }
        }
        return request
    }
}
