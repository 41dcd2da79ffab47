import Synchronization

/// Tells one waiting task that there is something to look at; calls that come while it is awake are one call.
final class WakeUp: Sendable {
    private struct State {
        var isPending = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// From any thread; never blocks.
    func callAsFunction() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isPending = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns after the next call, or at once when one came since the last wait or the task is cancelled. One task
    /// waits at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if Task.isCancelled { return true }
                    if state.isPending {
                        state.isPending = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            // Whoever comes to wait after this sees that he is cancelled.
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }

    /// As `wait`, but no longer than the time; nil for no limit.
    func wait(atMost time: Duration?) async {
        guard let time else { return await wait() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: time) }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}
