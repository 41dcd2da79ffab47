/// What the owner of a job has decided: stored before anybody is told, and told whole each time, so that a command that
/// is lost, repeated or late does no harm.
///
/// Decisions of a job are ordered by (epoch, sequence). The sequence rises with every decision and never begins again;
/// the epoch rises whenever workers of an earlier start may still live, and fences them.
public struct JobDecision: Sendable, Hashable, Codable {
    /// The job's ULID.
    public var job: String
    /// 0 before the first start.
    public var epoch: UInt64
    /// From 1.
    public var sequence: UInt64
    public var phase: JobPhase
    /// In the order of the plan. At most one runs at a time: a job reserves what one worker needs.
    public var tasks: [TaskDecision]
    /// Why it is paused, failed or cancelled, or starts again; nil otherwise and for a pause that the owner wished.
    public var reason: JobProblem?

    public init(job: String, tasks: [String]) {
        self.job = job
        epoch = 0
        sequence = 1
        phase = .propose
        self.tasks = tasks.map { TaskDecision(name: $0) }
    }

    /// Whether it comes before the other.
    public func isOlder(than other: JobDecision) -> Bool {
        (epoch, sequence) < (other.epoch, other.sequence)
    }
}

/// How far a job is, by its owner's decision.
public enum JobPhase: String, Sendable, Hashable, Codable, CaseIterable {
    /// Every party says whether it takes part.
    case propose
    /// No worker runs; every party holds capacity and says which checkpoints it has.
    case reserve
    /// The tasks that are decided to run do.
    case run
    /// No worker runs and no capacity is held.
    case pause
    case cancelled, failed, succeeded

    /// Whether it is an end. Only a failed job can begin again, when its owner retries it.
    public var isFinal: Bool { self == .cancelled || self == .failed || self == .succeeded }
}

/// What is to happen with one task.
public struct TaskDecision: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable {
        case waiting, run, done
    }

    public var name: String
    public var state = State.waiting
    /// The unit whose checkpoint all parties go on from; 0 for the beginning.
    public var unit: UInt64 = 0
    /// By the site's text: SHA-256 of its output in hexadecimal, once done.
    public var digests: [String: String] = [:]

    public init(name: String) {
        self.name = name
    }
}
