public import Faults
import Ledger
import TaskRuntime

/// One party's side of a job as a value: the owner's decisions and what happens here go in, the next steps and the view
/// for the owner come out. No clock, no store, no network; the owner's own site has one as well.
///
/// Fencing: a worker is started only in the epoch of the newest decision, only while that says run, once per task, and
/// never in an epoch that was interrupted here: by a restart of this site, by silence of the owner, or by the loss of the
/// reservation. Workers of any other epoch are stopped before anything else is done. So no two workers of a task of
/// different epochs are ever accepted here at once.
public struct JobParticipant: Sendable {
    /// Everything that must survive.
    public struct Record: Sendable, Hashable, Codable {
        /// The newest that was taken.
        public internal(set) var decision: JobDecision?
        public internal(set) var consent = PartyView.Consent.considering
        /// Who approved it here.
        public internal(set) var approvedBy: String?
        public internal(set) var wish: JobProblem?
        /// By task: SHA-256 of its output in hexadecimal. The output itself was stored before.
        public internal(set) var digests: [String: String] = [:]
        /// Tasks whose checkpoints cannot be used.
        var unusable: Set<String> = []
        /// The end of the job was carried out here.
        public internal(set) var isClosed = false

        public init() {}
    }

    /// What happened in the present epoch; forgotten with it, and when the site restarts.
    private struct Start {
        var begun: Set<String> = []
        /// Tasks whose worker has given its output in this epoch.
        var done: Set<String> = []
        var problems: [String: JobProblem] = [:]
        var progress: [String: TaskProgress] = [:]
        var interruption: JobProblem?
    }

    public private(set) var record: Record
    public let job: String
    private let tasks: [String]
    private let times: JobTimes
    private var start = Start()

    /// - Parameter record: as it was stored. When that says run, this site was restarted meanwhile: nothing goes on in the
    ///   stored epoch.
    public init(job: String, tasks: [String], record: Record = Record(), times: JobTimes = JobTimes()) {
        self.job = job
        self.tasks = tasks
        self.record = record
        self.times = times
        if record.decision?.phase == .run {
            start.interruption = JobProblem(Fault(JobFaults.restarted, "This site was started anew."))
        }
    }

    // MARK: What happens

    /// Takes a decision of the owner.
    ///
    /// - Returns: whether the record has changed: store it before anything is done about it.
    /// - Throws: `JobFaults.oldCommand`; `.malformed` for one that cannot follow the last.
    public mutating func take(_ decision: JobDecision) throws(Fault) -> Bool {
        guard decision.job == job, decision.tasks.map(\.name) == tasks else {
            throw Fault(JobFaults.malformed, "The decision is not of this job's plan.")
        }
        if let last = record.decision {
            if decision == last { return false }
            guard last.isOlder(than: decision), last.sequence < decision.sequence else {
                throw Fault(
                    JobFaults.oldCommand, "Decision \(decision.sequence) of start \(decision.epoch) comes late.",
                    wanted: "after \(last.sequence) of start \(last.epoch)")
            }
            guard !last.phase.isFinal || (last.phase == .failed && decision.epoch > last.epoch) else {
                throw Fault(JobFaults.malformed, "The job is \(last.phase.rawValue) here, which is final.")
            }
            if decision.epoch != last.epoch { start = Start() }
            if last.phase.isFinal { record.isClosed = false }
        }
        record.decision = decision
        return true
    }

    /// What this site says to the plan. An approval that was given stays.
    public mutating func consider(_ consent: PartyView.Consent) {
        if case .awaitingApproval = consent, record.approvedBy != nil {
            record.consent = .accepted
            return
        }
        record.consent = consent
    }

    /// A person here approves the job.
    ///
    /// - Parameter requester: who asked for the job at this site; nil when that was another site.
    /// - Throws: `JobFaults.ownApproval`, `.notNow` when it does not wait for that.
    public mutating func approve(by author: String, requester: String?) throws(Fault) {
        guard case .awaitingApproval = record.consent else {
            throw Fault(JobFaults.notNow, "The job does not wait for an approval here.")
        }
        guard author != requester else { throw Fault(JobFaults.ownApproval) }
        record.approvedBy = author
        record.consent = .accepted
    }

    /// A person here does not want the job (to go on): the owner is told.
    public mutating func withdraw(_ problem: JobProblem) {
        record.wish = record.wish ?? problem
        if case .awaitingApproval = record.consent { record.consent = .refused(problem) }
    }

    /// A worker of the task is about to start.
    public mutating func started(_ task: String) {
        start.begun.insert(task)
        record.unusable.remove(task)
    }

    public mutating func progressed(_ task: String, epoch: UInt64, done: UInt64, total: UInt64, at time: Duration) {
        guard epoch == self.epoch else { return }
        start.progress[task, default: TaskProgress()].note(done: done, total: total, at: time)
    }

    /// A worker has given its output, which is stored.
    public mutating func finished(_ task: String, epoch: UInt64, digest: String) {
        guard epoch == self.epoch, tasks.contains(task) else { return }
        if let known = record.digests[task], known != digest {
            start.problems[task] = JobProblem(
                Fault(JobFaults.digestDiffers, "Task \(task) gave another output when it was repeated."))
            return
        }
        record.digests[task] = digest
        start.done.insert(task)
    }

    /// The task's output of an earlier job is here. If the task runs all the same, its output must be that one.
    public mutating func reused(_ task: String, digest: String) {
        guard tasks.contains(task), record.digests[task] == nil else { return }
        record.digests[task] = digest
    }

    /// Whether a worker of this epoch has given the task's output.
    public func hasFinished(_ task: String, epoch: UInt64) -> Bool { epoch == self.epoch && start.done.contains(task) }

    /// A worker has ended without output. The first problem of a task in an epoch counts.
    public mutating func failed(_ task: String, epoch: UInt64, _ problem: JobProblem) {
        guard epoch == self.epoch, !start.done.contains(task), start.problems[task] == nil else { return }
        start.problems[task] = problem
        if problem.isOfCheckpoint { record.unusable.insert(task) }
    }

    /// Nothing can go on here in this epoch.
    public mutating func interrupt(epoch: UInt64, _ problem: JobProblem) {
        guard epoch == self.epoch, start.interruption == nil else { return }
        start.interruption = problem
    }

    public mutating func closed() {
        if record.decision?.phase.isFinal == true { record.isClosed = true }
    }

    private var epoch: UInt64 { record.decision?.epoch ?? 0 }

    // MARK: What to do

    /// The next steps, given what there is here. After they are done, or could not be, it is asked again.
    public mutating func steps(_ local: LocalState) -> [JobStep] {
        guard let decision = record.decision else { return [] }
        let phase = decision.phase
        if phase == .run, start.interruption == nil {
            if local.silence >= times.silence {
                let text = "The job's owner has been silent for \(Int(local.silence)) s."
                start.interruption = JobProblem(Fault(JobFaults.noContact, text))
            } else if local.reservation == .none || local.reservation == .waiting {
                start.interruption = JobProblem(Fault(JobFaults.reservationLost))
            }
        }
        let isStopped = phase != .run || start.interruption != nil
        let wanted = isStopped ? [] : Set(decision.tasks.filter { $0.state == .run }.map(\.name))
        let stale = local.running.filter { $0.epoch != decision.epoch || !wanted.contains($0.task) }
        if !stale.isEmpty { return [.stop(stale)] }
        if isStopped, local.openEpoch != nil, !phase.isFinal { return [.suspend] }
        switch phase {
        case .propose: return local.reservation == .none ? [] : [.release]
        case .reserve:
            guard record.consent == .accepted, local.silence < times.lease else {
                return local.reservation == .none ? [] : [.release]
            }
            var steps: [JobStep] = []
            if !local.unitsKnown { steps.append(.readUnits) }
            if local.reservation == .none { steps.append(.ask) }
            if local.reservation == .inUse { steps.append(.rest) }
            return steps
        case .pause:
            var steps: [JobStep] = local.unitsKnown ? [] : [.readUnits]
            if local.reservation != .none { steps.append(.release) }
            return steps
        case .run:
            if start.interruption != nil {
                return local.silence >= times.lease && local.reservation != .none ? [.release] : []
            }
            if local.reservation != .inUse { return [.use] }
            if local.openEpoch != decision.epoch { return [.open(decision.epoch)] }
            return decision.tasks.filter { $0.state == .run && !start.begun.contains($0.name) }.map {
                .start(WorkerID(job: job, task: $0.name, epoch: decision.epoch), unit: $0.unit)
            }
        case .cancelled, .failed, .succeeded:
            var steps: [JobStep] = record.isClosed ? [] : [.close(phase, decision.reason)]
            if local.reservation != .none { steps.append(.release) }
            return steps
        }
    }

    /// What the owner is told, given what there is here.
    public func view(_ local: LocalState, shortage: CapacityShortage? = nil) -> PartyView {
        var view = PartyView(epoch: epoch, sequence: record.decision?.sequence ?? 0)
        view.consent = record.consent
        view.wish = record.wish
        view.reservation =
            switch local.reservation {
            case .held, .inUse: .held
            case .waiting: shortage.map { .waiting($0) } ?? .none
            case .none: .none
            }
        view.isQuiet = local.running.isEmpty && (record.decision?.phase == .run || local.openEpoch == nil)
        view.interruption = start.interruption
        view.isClosed = record.isClosed
        view.tasks = tasks.map { name in
            var task = TaskView(name: name)
            task.digest = record.digests[name]
            task.problem = start.problems[name]
            if let progress = start.progress[name] {
                (task.done, task.total, task.rate) = (progress.done, progress.total, progress.rate)
            }
            task.units = !local.unitsKnown ? nil : record.unusable.contains(name) ? [] : local.units[name] ?? []
            task.state =
                task.problem != nil
                ? .failed
                : local.running.contains { $0.task == name } ? .running : task.digest != nil ? .done : .waiting
            return task
        }
        return view
    }
}
