import Faults
import Synchronization

/// A bounded number of bytes that wait for something, such as leaving this machine: whoever wants to add to them waits
/// his turn. Thread-safe.
///
/// - Order: turns are given in the order in which they were asked for, so a large message is not overtaken for ever.
/// - A message larger than the limit has its turn when nothing else waits.
final class ByteBudget: Sendable {
    private let state: Mutex<State>

    init(limit: Int) {
        state = Mutex(State(limit: limit))
    }

    /// Waits until `bytes` more fit.
    ///
    /// - Throws: the reason given to `fail`; `CancellationError`, and then nothing is taken.
    func take(_ bytes: Int) async throws {
        if try state.withLock({ try $0.takeAtOnce(bytes) }) { return }
        let turn = state.withLock { $0.newTurn() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock {
                    // Asked under the lock: a cancellation that comes later finds the waiter.
                    $0.wait(turn, bytes, continuation, isCancelled: Task.isCancelled)
                }
                outcome.resume(continuation)
            }
        } onCancel: {
            let (cancelled, ready) = state.withLock { $0.cancel(turn) }
            cancelled?.resume(throwing: CancellationError())
            for continuation in ready { continuation.resume() }
        }
    }

    func release(_ bytes: Int) {
        let ready = state.withLock { $0.release(bytes) }
        for continuation in ready { continuation.resume() }
    }

    /// Everyone who waits, and everyone who comes later, gets this error. The first reason stays.
    func fail(_ error: any Error) {
        let waiting = state.withLock { $0.fail(error) }
        for continuation in waiting { continuation.resume(throwing: error) }
    }

    /// Bytes taken and not released.
    var used: Int { state.withLock { $0.used } }
    /// How many wait for their turn.
    var waiting: Int { state.withLock { $0.waiters.count } }
}

extension ByteBudget {
    typealias Continuation = CheckedContinuation<Void, any Error>

    private enum Outcome {
        case waits, ready
        case fails(any Error)

        func resume(_ continuation: Continuation) {
            switch self {
            case .waits: break
            case .ready: continuation.resume()
            case .fails(let error): continuation.resume(throwing: error)
            }
        }
    }

    private struct Waiter {
        let turn: UInt64
        let bytes: Int
        let continuation: Continuation
    }

    private struct State {
        let limit: Int
        var used = 0
        var failure: (any Error)?
        var waiters: [Waiter] = []
        var turns: UInt64 = 0

        init(limit: Int) {
            self.limit = limit
        }

        func fits(_ bytes: Int) -> Bool { used == 0 || used + bytes <= limit }

        mutating func takeAtOnce(_ bytes: Int) throws -> Bool {
            if let failure { throw failure }
            guard waiters.isEmpty, fits(bytes) else { return false }
            used += bytes
            return true
        }

        mutating func newTurn() -> UInt64 {
            turns += 1
            return turns
        }

        mutating func wait(
            _ turn: UInt64, _ bytes: Int, _ continuation: Continuation, isCancelled: Bool
        ) -> Outcome {
            if isCancelled { return .fails(CancellationError()) }
            if let failure { return .fails(failure) }
            if waiters.isEmpty, fits(bytes) {
                used += bytes
                return .ready
            }
            waiters.append(Waiter(turn: turn, bytes: bytes, continuation: continuation))
            return .waits
        }

        mutating func cancel(_ turn: UInt64) -> (Continuation?, [Continuation]) {
            guard let index = waiters.firstIndex(where: { $0.turn == turn }) else { return (nil, []) }
            let continuation = waiters.remove(at: index).continuation
            return (continuation, admit())
        }

        mutating func release(_ bytes: Int) -> [Continuation] {
            used = max(0, used - bytes)
            return admit()
        }

        mutating func admit() -> [Continuation] {
            var ready: [Continuation] = []
            while let first = waiters.first, fits(first.bytes) {
                used += first.bytes
                ready.append(waiters.removeFirst().continuation)
            }
            return ready
        }

        mutating func fail(_ error: any Error) -> [Continuation] {
            guard failure == nil else { return [] }
            failure = error
            defer { waiters = [] }
            return waiters.map(\.continuation)
        }
    }
}
