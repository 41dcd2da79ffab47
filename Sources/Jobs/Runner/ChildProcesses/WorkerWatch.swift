/// Judges one worker by what is seen of it: what is to be done with it, and in the end why it ended. No clock, no process.
struct WorkerWatch: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What is seen of a worker's processes, all together.
    struct Sight: Sendable {
        /// Resident memory in bytes.
        var memory: UInt64 = 0
        /// Largest resident memory so far, as far as the system tells; at least `memory` counts.
        var peak: UInt64 = 0
        /// Processor time in any unit that rises.
        var ticks: UInt64 = 0
    }

    enum Action: Sendable, Hashable {
        case none
        /// SIGTERM.
        case ask
        /// SIGKILL.
        case end
    }

    /// How the system says that a process ended.
    enum Ending: Sendable, Hashable {
        case status(Int32)
        case signal(Int32)
    }

    let limits: WorkerLimits
    /// Between asking and ending a worker that ran too long.
    let grace: Duration
    private let started: Instant
    private(set) var peak: UInt64 = 0
    private var ticks: UInt64 = 0
    private var active: Instant
    /// Why it was told to end, decided once.
    private var reason: WorkerExit.Cause?
    private var endsAt: Instant?

    init(_ limits: WorkerLimits, grace: Duration, at now: Instant) {
        self.limits = limits
        self.grace = grace
        started = now
        active = now
    }

    /// It did something that is not seen in its processor time: wrote a line, used its socket.
    mutating func touch(at now: Instant) {
        active = max(active, now)
    }

    /// Something else knows of more memory than was seen.
    mutating func sawPeak(_ bytes: UInt64) {
        peak = max(peak, bytes)
    }

    mutating func see(_ sight: Sight, at now: Instant) -> Action {
        peak = max(peak, sight.memory, sight.peak)
        if sight.ticks != ticks {
            ticks = sight.ticks
            touch(at: now)
        }
        if sight.memory > limits.memory, !isKilled {
            if reason == nil { reason = .outOfMemory(limit: limits.memory, peak: peak) }
            return kill()
        }
        if let endsAt { return now >= endsAt ? kill() : .none }
        guard reason == nil else { return .none }
        if let time = limits.time, now - started >= time {
            reason = .overtime(time)
            return ask(grace, at: now)
        }
        if let silence = limits.silence, now - active >= silence {
            reason = .hung(silence)
            return kill()
        }
        return .none
    }

    /// A worker that is to stop already is stopped at the earlier of both times.
    mutating func stop(grace: Duration, at now: Instant) -> Action {
        if reason == nil { reason = .stopped }
        guard !isKilled else { return .none }
        guard let endsAt else { return ask(grace, at: now) }
        self.endsAt = min(endsAt, now + grace)
        return grace <= .zero ? kill() : .none
    }

    /// Why it ended. The runner's own reason counts before what the system says, since it came of it.
    ///
    /// - Parameter ranOutOfMemory: whether its control group says that the system ended it for its memory.
    func cause(_ ending: Ending, ranOutOfMemory: Bool) -> WorkerExit.Cause {
        switch reason {
        case .outOfMemory(let limit, _): return .outOfMemory(limit: limit, peak: peak)
        case .some(let reason): return reason
        case nil: break
        }
        switch ending {
        case .status(0): return .finished
        case .signal(9) where ranOutOfMemory: return .outOfMemory(limit: limits.memory, peak: peak)
        case .status(let status): return .failed(status: status)
        case .signal(let signal): return .crashed(signal: signal)
        }
    }

    private var isKilled = false

    private mutating func ask(_ grace: Duration, at now: Instant) -> Action {
        guard grace > .zero else { return kill() }
        endsAt = now + grace
        return .ask
    }

    private mutating func kill() -> Action {
        if isKilled { return .none }
        isKilled = true
        endsAt = nil
        return .end
    }
}
