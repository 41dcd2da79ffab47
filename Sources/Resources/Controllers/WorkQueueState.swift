/// What a `WorkQueue` knows, as a value without clock and waiting.
///
/// A key is at most one of ready, due and processing, except that one being processed may be dirty as well.
struct WorkQueueState<Key: Hashable & Sendable>: Sendable {
    private var ready: [Key] = []
    /// Index of the first key in `ready` that is still there.
    private var head = 0
    private var queued: Set<Key> = []
    private var processing: Set<Key> = []
    /// Of `processing`: those added meanwhile.
    private var dirty: Set<Key> = []
    private var due: [Key: ContinuousClock.Instant] = [:]
    /// Not after the earliest of `due`; earlier when that one was added meanwhile.
    private var nextDue: ContinuousClock.Instant?
    var isClosed = false
    /// Rises with every change that somebody could wait for.
    var turn = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter = 0

    var readyCount: Int { ready.count - head }
    var dueCount: Int { due.count }

    /// - Returns: false when there is no room.
    mutating func add(_ key: Key, capacity: Int) -> Bool {
        if processing.contains(key) {
            dirty.insert(key)
        } else if !queued.contains(key) {
            guard readyCount < capacity else { return false }
            push(key)
        }
        return true
    }

    mutating func pop() -> Key? {
        guard head < ready.count else { return nil }
        let key = ready[head]
        head += 1
        if head > 64, head * 2 > ready.count {
            ready.removeFirst(head)
            head = 0
        }
        queued.remove(key)
        processing.insert(key)
        return key
    }

    mutating func finish(_ key: Key, dueAt instant: ContinuousClock.Instant?) {
        guard processing.remove(key) != nil else { return }
        if dirty.remove(key) != nil {
            push(key)
        } else if let instant {
            due[key] = instant
            nextDue = min(nextDue ?? instant, instant)
        }
    }

    /// Makes ready what is due; returns when to look again.
    mutating func promote(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard let earliest = nextDue, earliest <= now else { return nextDue }
        let ripe = due.filter { $0.value <= now }.sorted { $0.value < $1.value }
        for (key, _) in ripe { push(key) }
        nextDue = due.values.min()
        return nextDue
    }

    private mutating func push(_ key: Key) {
        due[key] = nil
        guard queued.insert(key).inserted else { return }
        ready.append(key)
    }
}
