import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Fills a pool in idle time: one thread of the lowest priority, which sleeps while the pool is full.
///
/// It ends with `stop()`, or when nobody holds it any more; what it made stays in the pool.
public final class PoolFiller: Sendable {
    private let running: Running

    private final class Running: Sendable {
        let stopped = Atomic<Bool>(false)
        let ended = Atomic<Bool>(false)
    }

    /// - Parameters:
    ///   - pool: what is filled; it is kept while the filler runs.
    ///   - pause: milliseconds between looks at a full pool, and the longest time that `stop` may wait for a sleeping
    ///     filler.
    public init<Key: AdditivePublicKey>(_ pool: BlindingPool<Key>, pause: UInt32 = 20) {
        let running = Running()
        self.running = running
        let thread = PlainThread {
            #if os(Linux)
                // On Linux 0 is the calling thread alone; a refusal only means an ordinary priority.
                _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
            #endif
            while !running.stopped.load(ordering: .acquiring) {
                let added = pool.fill(while: { !running.stopped.load(ordering: .acquiring) })
                if added == 0, !running.stopped.load(ordering: .acquiring) { usleep(pause * 1000) }
            }
            running.ended.store(true, ordering: .releasing)
        }
        if let thread { thread.detach() } else { running.ended.store(true, ordering: .releasing) }
    }

    deinit {
        running.stopped.store(true, ordering: .releasing)
    }

    /// Ends the filling and returns when the thread no longer touches the pool.
    public func stop() {
        running.stopped.store(true, ordering: .releasing)
        while !running.ended.load(ordering: .acquiring) { usleep(200) }
    }
}
