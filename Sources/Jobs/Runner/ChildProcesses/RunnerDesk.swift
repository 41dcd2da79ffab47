import CProcesses
import Faults
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is wanted of the thread that watches, and what it tells: the border between it and everybody else.
final class RunnerDesk: Sendable {
    enum Wish: Sendable {
        case start(WorkerLaunch, CheckedContinuation<Fault?, Never>)
        case stop(WorkerID, Duration, CheckedContinuation<Void, Never>)
        case recover(CheckedContinuation<Fault?, Never>)
        /// Ends every worker, then the thread.
        case shutDown(Duration, CheckedContinuation<Void, Never>?)
    }

    private struct State {
        var wishes: [Wish] = []
        var touched: Set<WorkerID> = []
        var running: Set<WorkerID> = []
        var usage: [WorkerUsage] = []
        var ended: [WorkerUsage] = []
        var isClosed = false
    }

    /// What so many ended workers used is told at most; the oldest are forgotten when nobody asks.
    private static let mostEnded = 10_000

    private let state = Mutex(State())
    private let bell: (reading: Int32, ringing: Int32)

    /// - Throws: `RunnerFaults.notStarted` when the system has no more descriptors.
    init() throws(Fault) {
        var ends: [Int32] = [-1, -1]
        let failure = atoll_pipe(&ends)
        guard failure == 0 else {
            throw Fault(RunnerFaults.notStarted, "The system gives no pipe: \(String(cString: strerror(failure))).")
        }
        for end in ends { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
        bell = (ends[0], ends[1])
    }

    deinit {
        close(bell.reading)
        close(bell.ringing)
    }

    /// Readable when there is a wish.
    var descriptor: Int32 { bell.reading }

    /// False when the thread has ended or is to end.
    func submit(_ wish: Wish) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed else { return false }
            if case .shutDown = wish { state.isClosed = true }
            state.wishes.append(wish)
            return true
        }
        if isTaken { _ = write(bell.ringing, [1], 1) }
        return isTaken
    }

    func touch(_ worker: WorkerID) {
        state.withLock { _ = $0.touched.insert(worker) }
    }

    var running: Set<WorkerID> { state.withLock { $0.running } }

    var usage: [WorkerUsage] { state.withLock { $0.usage } }

    func takeEnded() -> [WorkerUsage] {
        state.withLock { state in
            defer { state.ended = [] }
            return state.ended
        }
    }

    // MARK: - The thread's side

    func take() -> [Wish] {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(bell.reading, &bytes, bytes.count) > 0 {}
        return state.withLock { state in
            defer { state.wishes = [] }
            return state.wishes
        }
    }

    func takeTouched() -> Set<WorkerID> {
        state.withLock { state in
            defer { state.touched = [] }
            return state.touched
        }
    }

    func setRunning(_ running: some Sequence<WorkerID>) {
        state.withLock { $0.running = Set(running) }
    }
    func setUsage(_ usage: [WorkerUsage]) {
        state.withLock { $0.usage = usage }
    }

    func ended(_ usage: WorkerUsage) {
        state.withLock { state in
            state.usage.removeAll { $0.worker == usage.worker }
            state.ended.append(usage)
            state.ended.removeFirst(max(0, state.ended.count - Self.mostEnded))
        }
    }
}
