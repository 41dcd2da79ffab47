import Synchronization

/// A bounded queue of messages in memory with one reader: the receiving end of a link. Thread-safe.
///
/// - Order: first in, first out, for each of the tasks that put.
/// - Back-pressure: `put` waits while more than the limit lies in it, and is cancellable.
final class MessagePipe<Element: Sendable>: Sendable {
    private let budget: ByteBudget
    private let state = Mutex(State())

    /// - Parameter limit: bytes that may lie in the pipe; a larger message lies in it alone.
    init(limit: Int) {
        budget = ByteBudget(limit: limit)
    }

    /// - Throws: the reason given to `finish`; `CancellationError`.
    func put(_ element: Element, size: Int) async throws {
        try await budget.take(size)
        let reader = state.withLock { $0.put(element, size) }
        reader?.resume()
    }

    /// The next message; nil at the end and when the reading task is cancelled. Called by one task at a time.
    func next() async -> Element? {
        while true {
            switch state.withLock({ $0.take() }) {
            case .element(let element, let size):
                budget.release(size)
                return element
            case .end:
                return nil
            case .wait:
                if Task.isCancelled { return nil }
                await waitForOne()
            }
        }
    }

    /// No more can be put. What lies in the pipe can still be read, unless it is dropped.
    ///
    /// - Parameter reason: what waiting and later calls of `put` throw.
    func finish(_ reason: any Error, dropping: Bool = false) {
        let reader = state.withLock { $0.finish(dropping: dropping) }
        reader?.resume()
        budget.fail(reason)
    }

    /// Bytes that lie in the pipe or are on their way into it.
    var used: Int { budget.used }

    private func waitForOne() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { $0.wait(continuation, isCancelled: Task.isCancelled) }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let reader = state.withLock { $0.wake() }
            reader?.resume()
        }
    }

    private enum Taken {
        case element(Element, Int)
        case end
        case wait
    }

    private struct State {
        /// Two stacks make a queue with constant cost.
        var incoming: [(Element, Int)] = []
        var outgoing: [(Element, Int)] = []
        var isFinished = false
        var reader: CheckedContinuation<Void, Never>?

        mutating func put(_ element: Element, _ size: Int) -> CheckedContinuation<Void, Never>? {
            guard !isFinished else { return nil }
            incoming.append((element, size))
            return wake()
        }

        mutating func take() -> Taken {
            if outgoing.isEmpty, !incoming.isEmpty {
                outgoing = incoming.reversed()
                incoming = []
            }
            if let (element, size) = outgoing.popLast() { return .element(element, size) }
            return isFinished ? .end : .wait
        }

        mutating func wait(_ continuation: CheckedContinuation<Void, Never>, isCancelled: Bool) -> Bool {
            guard incoming.isEmpty, outgoing.isEmpty, !isFinished, !isCancelled else { return true }
            precondition(reader == nil, "a pipe has one reader")
            reader = continuation
            return false
        }

        mutating func finish(dropping: Bool) -> CheckedContinuation<Void, Never>? {
            isFinished = true
            if dropping { (incoming, outgoing) = ([], []) }
            return wake()
        }

        mutating func wake() -> CheckedContinuation<Void, Never>? {
            defer { reader = nil }
            return reader
        }
    }
}
