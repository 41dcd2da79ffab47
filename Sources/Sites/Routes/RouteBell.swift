import Synchronization

/// Lets one task sleep until it is woken or its time is over. A wake-up that comes early is kept for the next sleep.
final class RouteBell: Sendable {
    private struct State {
        var isPending = false
        var sleeper: CheckedContinuation<Void, Never>?

        mutating func wake() -> CheckedContinuation<Void, Never>? {
            defer { sleeper = nil }
            if sleeper == nil { isPending = true }
            return sleeper
        }

        /// Returns whether it need not sleep.
        mutating func sleep(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
            if isPending {
                isPending = false
                return true
            }
            sleeper = continuation
            return false
        }

        mutating func giveUp() -> CheckedContinuation<Void, Never>? {
            defer { sleeper = nil }
            return sleeper
        }
    }

    private let state = Mutex(State())

    func wake() {
        state.withLock { $0.wake() }?.resume()
    }

    /// Returns when woken, after the time, or when the task is cancelled; called by one task at a time.
    func sleep(atMost time: Duration?) async {
        await withTaskGroup(of: Void.self) { group in
            if let time { group.addTask { try? await Task.sleep(for: time) } }
            group.addTask { await self.sleep() }
            await group.next()
            group.cancelAll()
        }
    }

    private func sleep() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { $0.sleep(continuation) }
                // A cancellation before the continuation was there found nobody.
                if isOver || Task.isCancelled {
                    if !isOver { state.withLock { $0.giveUp() }?.resume() } else { continuation.resume() }
                }
            }
        } onCancel: {
            state.withLock { $0.giveUp() }?.resume()
        }
    }
}
