#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// State that threads share and wait on: a mutex and a condition, for code that blocks.
///
/// Never used from asynchronous code in a way that waits; `withLock` there is as short as with any mutex.
public final class Monitor<State>: @unchecked Sendable {
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    public init(_ state: sending State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        precondition(pthread_mutex_init(mutex, nil) == 0, "a mutex can be made")
        precondition(pthread_cond_init(condition, nil) == 0, "a condition can be made")
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    public func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Changes the state and wakes everybody who waits.
    public func change<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return try body(&state)
    }

    /// Blocks until the body answers something; it is asked again after each `change`.
    @discardableResult
    public func wait<Result>(_ body: (inout State) throws -> Result?) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = try body(&state) { return result }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// As `wait`, and does something each time that so long has passed meanwhile; by the wall clock, so a clock that is set
    /// makes it early or late once.
    ///
    /// - Parameter sign: what is done, without the lock; what it throws ends the waiting.
    public func wait<Result>(
        every time: Duration, _ sign: () throws -> Void, _ body: (inout State) throws -> Result?
    ) throws -> Result {
        while true {
            let result = try withLock { state -> Result? in
                var deadline = timespec()
                clock_gettime(CLOCK_REALTIME, &deadline)
                let (seconds, attoseconds) = time.components
                let nanoseconds = Int(attoseconds / 1_000_000_000) + Int(deadline.tv_nsec)
                deadline.tv_sec += time_t(seconds) + nanoseconds / 1_000_000_000
                deadline.tv_nsec = nanoseconds % 1_000_000_000
                while true {
                    if let result = try body(&state) { return result }
                    if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { return try body(&state) }
                }
            }
            if let result { return result }
            try sign()
        }
    }
}
