/// What one party says of a job: its answer to a decision. Whole each time, so a lost or late one does no harm.
public struct PartyView: Sendable, Hashable, Codable {
    /// The decision that was carried out when this was said; 0 and 0 for none.
    public var epoch: UInt64
    public var sequence: UInt64
    public var consent: Consent
    public var reservation: Reservation
    /// No worker of the job runs here. In the phases without workers the units below are complete only then.
    public var isQuiet: Bool
    /// Why nothing goes on here in this epoch; another epoch is needed.
    public var interruption: JobProblem?
    /// The job has ended here and left nothing behind.
    public var isClosed: Bool
    /// In the order of the plan.
    public var tasks: [TaskView]
    /// A person at this site wants the job to end.
    public var wish: JobProblem?

    public init(epoch: UInt64 = 0, sequence: UInt64 = 0, tasks: [TaskView] = []) {
        self.epoch = epoch
        self.sequence = sequence
        consent = .considering
        reservation = .none
        isQuiet = true
        isClosed = false
        self.tasks = tasks
    }

    /// Whether it answers this very decision.
    public func answers(_ decision: JobDecision) -> Bool {
        epoch == decision.epoch && sequence == decision.sequence
    }

    public func task(_ name: String) -> TaskView? { tasks.first { $0.name == name } }

    /// Whether a party takes part.
    public enum Consent: Sendable, Hashable, Codable {
        case considering
        /// A person there has to approve; the text says why.
        case awaitingApproval(String)
        case accepted
        case refused(JobProblem)
    }

    /// What a party holds for a job.
    public enum Reservation: Sendable, Hashable, Codable {
        case none
        /// What was asked, what is free, what there is, and how many jobs come before it.
        case waiting(CapacityShortage)
        case held
    }
}

/// One party's side of a task.
public struct TaskView: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable {
        case waiting, running, done, failed
    }

    public var name: String
    public var state = State.waiting
    /// In units of the task, as the worker last said.
    public var done: UInt64 = 0
    public var total: UInt64 = 0
    /// Units per second, smoothed; nil while it cannot be told.
    public var rate: Double?
    /// Units of which a checkpoint is kept, rising; nil while that is not known.
    public var units: [UInt64]?
    /// Of this party's output, once there is one: SHA-256 in hexadecimal.
    public var digest: String?
    /// What ended it in this epoch.
    public var problem: JobProblem?

    public init(name: String) {
        self.name = name
    }
}

/// Capacity that is not there.
public struct CapacityShortage: Sendable, Hashable, Codable {
    public var asked: WorkerCapacity
    public var free: WorkerCapacity
    public var capacity: WorkerCapacity
    /// Jobs that are older and wait, too.
    public var ahead: Int

    public init(asked: WorkerCapacity, free: WorkerCapacity, capacity: WorkerCapacity, ahead: Int) {
        self.asked = asked
        self.free = free
        self.capacity = capacity
        self.ahead = ahead
    }

    /// `asked 4 cores and 8 GiB, free 2 cores and 16 GiB of 8 cores and 32 GiB, 3 jobs before it`.
    public var text: String {
        let place = ahead == 0 ? "" : ", \(ahead) \(ahead == 1 ? "job" : "jobs") before it"
        return "asked \(asked.text), free \(free.text) of \(capacity.text)\(place)"
    }
}

extension WorkerCapacity {
    /// `2 cores and 512 MiB`.
    public var text: String {
        let bytes =
            memory.isMultiple(of: 1 << 30)
            ? "\(memory >> 30) GiB"
            : memory >= 10 << 20 ? "\(memory >> 20) MiB" : "\(memory) bytes"
        return "\(cores) \(cores == 1 ? "core" : "cores") and \(bytes)"
    }
}
