import Synchronization

/// The keys that wait to be worked on. A key waits at most once; while it is worked on nobody else gets it; if it is
/// added meanwhile it comes again afterwards. First come, first served.
///
/// Bounded: `add` waits while `capacity` keys are ready. Keys that workers give back (`finish`) do not wait for room;
/// there are never more of them than workers, or than keys once added and now due later.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private typealias State = WorkQueueState<Key>

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: keys that may be ready, at least 1.
    public init(capacity: Int = 10_000) {
        self.capacity = max(capacity, 1)
    }

    /// Keys that are ready or due later, without those being worked on.
    public var depth: Int {
        state.withLock { $0.readyCount + $0.dueCount }
    }

    /// Adds a key, waiting for room if need be. Returns without adding when the queue is closed or the task cancelled.
    public func add(_ key: Key) async {
        while true {
            let turn: Int? = change { state -> Int? in
                guard !state.isClosed, !Task.isCancelled else { return nil }
                return state.add(key, capacity: capacity) ? nil : state.turn
            }
            guard let turn else { return }
            await wait(after: turn, until: nil)
        }
    }

    /// The next key, which is the caller's until `finish`; nil when the queue is closed or the task cancelled.
    public func take() async -> Key? {
        while true {
            let (key, isEnd, turn, due) = change { state -> (Key?, Bool, Int, ContinuousClock.Instant?) in
                if state.isClosed || Task.isCancelled { return (nil, true, 0, nil) }
                let next = state.promote(at: .now)
                return (state.pop(), false, state.turn, next)
            }
            if let key { return key }
            if isEnd { return nil }
            await wait(after: turn, until: due)
        }
    }

    /// Gives a key back. If it was added meanwhile it is ready at once, otherwise after `again` if that is given.
    public func finish(_ key: Key, again: Duration? = nil) {
        change { $0.finish(key, dueAt: again.map { .now + $0 }) }
    }

    /// Nobody gets a key from now on; who waits returns. Keys being worked on may be finished.
    public func close() {
        change { $0.isClosed = true }
    }

    /// Changes the state and wakes everybody who waits for a change.
    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, waiters) = state.withLock { state -> (Value, [CheckedContinuation<Void, Never>]) in
            let before = (state.readyCount, state.dueCount, state.isClosed)
            let value = body(&state)
            guard before != (state.readyCount, state.dueCount, state.isClosed) else { return (value, []) }
            state.turn += 1
            defer { state.waiters = [:] }
            return (value, Array(state.waiters.values))
        }
        for waiter in waiters { waiter.resume() }
        return value
    }

    private func wait(after turn: Int, until due: ContinuousClock.Instant?) async {
        guard let due else { return await wait(after: turn) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(after: turn) }
            group.addTask { try? await Task.sleep(until: due, clock: .continuous) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(after turn: Int) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.turn != turn || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
