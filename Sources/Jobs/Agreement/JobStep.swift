/// Something to do at one party. Each can be repeated.
public enum JobStep: Sendable, Hashable {
    /// End these workers; they are gone afterwards.
    case stop(Set<WorkerID>)
    /// Let nothing of the job cross.
    case suspend
    /// Look which checkpoints there are.
    case readUnits
    /// Ask for capacity.
    case ask
    /// Take what is held into use.
    case use
    /// Keep it, though nothing runs.
    case rest
    /// Give capacity back.
    case release
    /// Let the job's messages of this epoch cross.
    case open(UInt64)
    /// Start a worker from a unit's checkpoint; `JobParticipant.started` before anything can go wrong.
    case start(WorkerID, unit: UInt64)
    /// The job has ended: leave nothing of it behind but its results.
    case close(JobPhase, JobProblem?)
}

/// What there is of a job at one party, outside of what is stored.
public struct LocalState: Sendable, Hashable {
    public enum Reservation: Sendable, Hashable {
        case none, waiting, held, inUse
    }

    /// Workers that were started and have not ended.
    public var running: Set<WorkerID> = []
    /// The epoch whose messages may cross; nil for none.
    public var openEpoch: UInt64?
    public var reservation = Reservation.none
    /// By task, rising. Looked up anew after each time that workers ran.
    public var units: [String: [UInt64]] = [:]
    public var unitsKnown = false
    /// Seconds since the owner was last heard of; 0 at its own site.
    public var silence: Double = 0

    public init() {}
}
