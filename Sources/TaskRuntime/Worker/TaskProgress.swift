/// How far a task is and how fast it goes, as a value; time is given to it.
public struct TaskProgress: Sendable, Hashable {
    /// Seconds over which the rate is smoothed: what is older counts less and less.
    private static let memory = 15.0

    /// In units of the task.
    public private(set) var done: UInt64 = 0
    /// 0 while nothing is known.
    public private(set) var total: UInt64 = 0
    /// Units per second; nil until something was done.
    public private(set) var rate: Double?
    private var last: Duration?

    public init() {}

    /// Time that is left at this rate; nil while it cannot be told.
    public var remaining: Duration? {
        guard let rate, total > 0 else { return nil }
        if done >= total { return .zero }
        guard rate > 0 else { return nil }
        let seconds = Double(total - done) / rate
        return seconds < 1e9 ? .seconds(seconds) : nil
    }

    /// A task that goes back, as after a restart, begins to be timed anew.
    ///
    /// - Parameter now: since any fixed moment; never less than before.
    public mutating func note(done: UInt64, total: UInt64, at now: Duration) {
        if done < self.done { (rate, last) = (nil, nil) }
        let seconds = last.map { (now - $0) / .seconds(1) }
        if let seconds, seconds > 0, done > self.done || rate != nil {
            let current = Double(done - self.done) / seconds
            rate = rate.map { $0 + (current - $0) * seconds / (seconds + Self.memory) } ?? current
        }
        // Several notes at one moment are one.
        if seconds != 0 || done < self.done { self.done = done }
        self.total = total
        if seconds != 0 { last = now }
    }
}

/// Lets through about ten messages of progress per second, by the clock at the time of the call.
struct ProgressGate {
    private static let interval = Duration.milliseconds(100)

    private var last: Duration?
    private var lastIsComplete = false

    mutating func lets(done: UInt64, total: UInt64, at now: Duration) -> Bool {
        let isComplete = done >= total
        let isDue = last.map { now - $0 >= Self.interval } ?? true
        guard isDue || isComplete && !lastIsComplete else { return false }
        last = now
        lastIsComplete = isComplete
        return true
    }
}
