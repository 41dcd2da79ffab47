import Synchronization

/// Something that happens once; any number of tasks may wait for it. Thread-safe.
final class Latch<Value: Sendable>: Sendable {
    private let state = Mutex(State())

    /// - Returns: whether this was the first value; later ones are ignored.
    @discardableResult
    func set(_ value: Value) -> Bool {
        guard let waiting = state.withLock({ $0.set(value) }) else { return false }
        for continuation in waiting { continuation.resume(returning: value) }
        return true
    }

    var value: Value? { state.withLock { $0.value } }

    /// The value once it is there; nil when the waiting task is cancelled before.
    func wait() async -> Value? {
        let turn = state.withLock { $0.newTurn() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Value?, Never>) in
                let outcome = state.withLock { $0.wait(turn, continuation, isCancelled: Task.isCancelled) }
                if let outcome { continuation.resume(returning: outcome.value) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.cancel(turn) }
            continuation?.resume(returning: nil)
        }
    }

    private struct Outcome {
        let value: Value?
    }

    private struct State {
        var value: Value?
        var turns: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Value?, Never>] = [:]

        mutating func set(_ value: Value) -> [CheckedContinuation<Value?, Never>]? {
            guard self.value == nil else { return nil }
            self.value = value
            defer { waiting = [:] }
            return Array(waiting.values)
        }

        mutating func newTurn() -> UInt64 {
            turns += 1
            return turns
        }

        mutating func wait(
            _ turn: UInt64, _ continuation: CheckedContinuation<Value?, Never>, isCancelled: Bool
        ) -> Outcome? {
            if let value { return Outcome(value: value) }
            if isCancelled { return Outcome(value: nil) }
            waiting[turn] = continuation
            return nil
        }

        mutating func cancel(_ turn: UInt64) -> CheckedContinuation<Value?, Never>? {
            waiting.removeValue(forKey: turn)
        }
    }
}
