import Synchronization
import TaskRuntime
import WorkerSocket

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Ends a worker at SIGTERM or SIGINT, whatever mask and dispositions it was started with.
///
/// The signals are blocked in the first thread, and so in all that it starts; one thread waits for them.
final class WorkerStop: Sendable {
    private struct State {
        var shell: WorkerShell?
        var isStopped = false
    }

    /// How long what blocks has to return; a protocol that computes does not look up.
    private static let grace: UInt32 = 500_000

    private let state = Mutex(State())

    /// Made on the first thread, before there is another.
    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGTERM, SIGINT] {
            sigaddset(&signals, signal)
            // One that is ignored would not be waited for.
            Self.setDefault(signal)
        }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        _ = PlainThread { self.wait() }
    }

    func begin(_ shell: WorkerShell) {
        let isStopped = state.withLock { state in
            state.shell = shell
            return state.isStopped
        }
        if isStopped { shell.cancel() }
    }

    private func wait() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        var signal: Int32 = 0
        while sigwait(&signals, &signal) != 0 {}
        let shell = state.withLock { state in
            state.isStopped = true
            return state.shell
        }
        shell?.cancel()
        if shell != nil { usleep(Self.grace) }
        _exit(WorkerEnd.cancelled.status)
    }

    private static func setDefault(_ number: Int32) {
        signal(number, SIG_DFL)
    }
}
