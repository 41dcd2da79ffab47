#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How much one worker uses, out of what is seen of it again and again. No clock, no process.
struct WorkerMeter: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Over how long cores are averaged at least, once the worker has run that long.
    static let window = Duration.seconds(5)

    private struct Mark {
        var instant: Instant
        var time: Duration
    }

    private(set) var time = Duration.zero
    private(set) var memory: UInt64 = 0
    private(set) var cores = 0.0
    /// Where the average begins, and where the next one will.
    private var older: Mark
    private var newer: Mark

    init(at now: Instant) {
        older = Mark(instant: now, time: .zero)
        newer = older
    }

    mutating func see(_ sight: WorkerWatch.Sight, at now: Instant) {
        // What a process used that is gone is not seen any more: the sum never falls.
        time = max(time, .seconds(1) / Self.ticks * Double(sight.ticks))
        memory = sight.memory
        if now - newer.instant >= Self.window { (older, newer) = (newer, Mark(instant: now, time: time)) }
        let passed = now - older.instant
        if passed > .zero { cores = (time - older.time) / passed }
    }

    /// The worker has ended: what the system says that it used in all.
    mutating func end(_ whole: Duration) {
        time = max(time, whole)
        (cores, memory) = (0, 0)
    }

    /// Clock ticks of a second.
    private static let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
}
