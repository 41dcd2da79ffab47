import Dispatch
import Faults
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs what blocks on directories on threads of its own, a few at a time, so that one that does not answer holds up
/// nothing else: no local user, no other part of the site.
final class DirectoryWork: Sendable {
    static let mostAtOnce = 4
    /// Who comes when so many wait is asked to come again.
    static let mostWaiting = 16

    private struct State {
        var free: [DispatchQueue]
        var waiting: [@Sendable () -> Void] = []
    }

    /// A serial queue has a thread of its own. One concurrent queue would take those of everybody else: of as many as the
    /// machine has cores, and Swift's own tasks run on the same.
    private let state = Mutex(
        State(free: (0..<mostAtOnce).map { DispatchQueue(label: "atoll.directories.\($0)") }))
    private let clock = DispatchQueue(label: "atoll.directories.clock")

    /// Runs the body, or gives up on it after so many seconds, the time of its waiting included; its thread is held
    /// until it ends.
    ///
    /// - Throws: `PeopleFaults.busy`, `.directoryAway` after the time; what the body throws.
    func run<Value: Sendable>(
        within seconds: Int, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let end = Once(continuation)
            let isTaken = state.withLock { state in
                guard state.waiting.count < Self.mostWaiting else { return false }
                state.waiting.append {
                    guard !end.isOver else { return }
                    end.resume(Result { try Self.withoutPipeSignal(body) })
                }
                return true
            }
            guard isTaken else { return end.resume(.failure(Fault(PeopleFaults.busy))) }
            clock.asyncAfter(deadline: .now() + .seconds(seconds)) {
                end.resume(.failure(Fault(PeopleFaults.directoryAway)))
            }
            next()
        }
    }

    private func next() {
        let taken = state.withLock { state -> (queue: DispatchQueue, job: @Sendable () -> Void)? in
            guard !state.waiting.isEmpty, let queue = state.free.popLast() else { return nil }
            return (queue, state.waiting.removeFirst())
        }
        guard let taken else { return }
        taken.queue.async { [self] in
            taken.job()
            state.withLock { $0.free.append(taken.queue) }
            next()
        }
    }

    /// The library writes to sockets in a way that raises SIGPIPE where the other end is gone, which would end the site.
    /// The signal goes to the thread that writes: there it is held back, and taken.
    private static func withoutPipeSignal<Value>(_ body: () throws -> Value) rethrows -> Value {
        var (pipe, before, pending) = (sigset_t(), sigset_t(), sigset_t())
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        sigpending(&pending)
        let wasPending = sigismember(&pending, SIGPIPE) == 1
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
        defer {
            var none = timespec()
            while !wasPending, sigtimedwait(&pipe, nil, &none) == -1, errno == EINTR {}
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        return try body()
    }

    /// The first result counts.
    private final class Once<Value: Sendable>: Sendable {
        private let continuation: Mutex<CheckedContinuation<Value, any Error>?>

        init(_ continuation: CheckedContinuation<Value, any Error>) {
            self.continuation = Mutex(continuation)
        }

        var isOver: Bool { continuation.withLock { $0 == nil } }

        func resume(_ result: Result<Value, any Error>) {
            continuation.withLock { $0.take() }?.resume(with: result)
        }
    }
}
