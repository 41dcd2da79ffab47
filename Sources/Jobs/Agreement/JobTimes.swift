/// How long the parties of a job wait for what.
public struct JobTimes: Sendable, Hashable {
    /// For every party to agree, approvals included, in milliseconds.
    public var agreement: Int64 = 7 * 86_400_000
    /// For every party to hold capacity, in milliseconds.
    public var reservation: Int64 = 3_600_000
    /// Of the whole job from its first start, pauses that were wished not counted, in milliseconds.
    public var wall: Int64 = 86_400_000
    /// A site of which nothing is heard for so many seconds is lost: the others pause.
    public var silence: Double = 15
    /// What a site holds for a job it gives back when the owner has been silent for so many seconds.
    public var lease: Double = 30
    /// Starts of a task from the same unit, after failures that may pass.
    public var attempts = 8

    public init() {}
}

/// What the people at the owner's site want of a job; kept with its decision.
public struct JobWish: Sendable, Hashable, Codable {
    public var isPaused = false
    public var cancel: JobProblem?
    /// How often a failed job was to begin again.
    public var retries = 0

    public init() {}
}

/// What a person can ask of a job.
public enum JobAction: Sendable, Hashable {
    case pause, resume, retry
    /// The problem says who wants it and why.
    case cancel(JobProblem)
}
