import Faults
import Synchronization

/// The newest changes of one store in memory, and the watchers that wait for the next one.
///
/// Watchers pull: each has a position of its own and takes pages at its own pace, so a slow one costs no memory beyond
/// the ring. A watcher behind the ring reads the store's log; one behind the log is told `too-old`.
final class ChangeFeed: Sendable {
    private struct State {
        var recent: [Change] = []
        /// Everything after this sequence is in `recent`.
        var floor: Int64
        var latest: Int64
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state: Mutex<State>
    private let capacity: Int

    /// - Parameters:
    ///   - latest: the newest sequence that the store holds already.
    ///   - capacity: changes kept in memory; a quarter more may be held for a moment.
    init(latest: Int64, capacity: Int) {
        state = Mutex(State(floor: latest, latest: latest))
        self.capacity = capacity
    }

    var latest: Int64 {
        state.withLock { $0.latest }
    }

    /// To be called in the order of commits.
    func append(_ change: Change) {
        let waiters = state.withLock { state in
            state.recent.append(change)
            state.latest = change.sequence
            if state.recent.count > capacity + capacity / 4 {
                let surplus = state.recent.count - capacity
                state.floor = state.recent[surplus - 1].sequence
                state.recent.removeFirst(surplus)
            }
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// At most `limit` changes after a sequence, or nil when they are no longer all in memory.
    func changes(after sequence: Int64, limit: Int) -> [Change]? {
        state.withLock { state in
            guard sequence >= state.floor else { return nil }
            var low = 0
            var high = state.recent.count
            while low < high {
                let middle = (low + high) / 2
                if state.recent[middle].sequence <= sequence { low = middle + 1 } else { high = middle }
            }
            return Array(state.recent[low..<min(low + limit, state.recent.count)])
        }
    }

    /// Returns when a change after `sequence` exists, after the time given, or when the task is cancelled.
    func wait(after sequence: Int64, atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(after: sequence) }
            group.addTask { try? await Task.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(after sequence: Int64) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.latest > sequence || Task.isCancelled { return true }
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
