import Synchronization

/// Wakes the one task that waits for it; a ring while nobody waits is kept until somebody does.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// From any thread; never blocks.
    func ring() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isRung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns after a ring, at a time, or when the task is cancelled.
    func wait(until end: ContinuousClock.Instant?) async {
        guard let end else { return await wait() }
        await withDiscardingTaskGroup { group in
            group.addTask {
                guard (try? await Task.sleep(until: end, clock: .continuous)) != nil else { return }
                self.ring()
            }
            await wait()
            group.cancelAll()
        }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
