public import Faults
public import Jobs
import Synchronization
public import TaskRuntime
import WorkerSocket

/// Runs workers on plain threads of this process: what a runner does, without processes. Limits are not enforced.
public final class ThreadRunner: WorkerRunner {
    private struct State {
        var shells: [WorkerID: WorkerShell] = [:]
        var stopped: Set<WorkerID> = []
        var waiters: [WorkerID: [CheckedContinuation<Void, Never>]] = [:]
    }

    public let capacity: WorkerCapacity
    public let exits: AsyncStream<WorkerExit>
    private let exitInput: AsyncStream<WorkerExit>.Continuation
    private let catalogue: OperatorCatalogue
    private let code: String
    private let measures: any WorkerMeasures
    private let state = Mutex(State())

    public init(
        catalogue: OperatorCatalogue = Operators.all, code: String = "test",
        measures: any WorkerMeasures = FixedMeasures(),
        capacity: WorkerCapacity = WorkerCapacity(memory: 8 << 30, cores: 8)
    ) {
        self.catalogue = catalogue
        self.code = code
        self.measures = measures
        self.capacity = capacity
        (exits, exitInput) = AsyncStream.makeStream()
    }

    public func start(_ launch: WorkerLaunch) async throws(Fault) {
        let id = launch.id
        let read: Result<TaskOrder, Fault> = Result { () throws(Fault) in try TaskOrder.read(launch.order) }
        guard case .success(let order) = read else {
            tell(id, .refused(Fault(TaskFaults.orderUnreadable)), wasStopped: false)
            return
        }
        let shell = WorkerShell(order: order, catalogue: catalogue, code: code, measures: measures)
        let isNew = state.withLock { state in
            guard state.shells[id] == nil else { return false }
            state.shells[id] = shell
            return true
        }
        guard isNew else { return }
        _ = PlainThread {
            let end = shell.run()
            let (waiters, wasStopped) = self.state.withLock { state in
                state.shells[id] = nil
                return (state.waiters.removeValue(forKey: id) ?? [], state.stopped.remove(id) != nil)
            }
            self.tell(id, end, wasStopped: wasStopped)
            for waiter in waiters { waiter.resume() }
        }
    }

    public func stop(_ worker: WorkerID, grace: Duration) async {
        await withCheckedContinuation { continuation in
            let shell = state.withLock { state -> WorkerShell? in
                guard let shell = state.shells[worker] else { return nil }
                state.stopped.insert(worker)
                state.waiters[worker, default: []].append(continuation)
                return shell
            }
            if let shell { shell.cancel() } else { continuation.resume() }
        }
    }

    /// Ends a worker as if it were killed: nothing says that it was meant.
    public func kill(_ worker: WorkerID) {
        state.withLock { $0.shells[worker] }?.cancel()
    }

    public func running() async -> Set<WorkerID> { state.withLock { Set($0.shells.keys) } }

    public func recover() async throws(Fault) {}

    private func tell(_ id: WorkerID, _ end: WorkerEnd, wasStopped: Bool) {
        let cause: WorkerExit.Cause =
            switch end {
            case .done: .finished
            case _ where wasStopped: .stopped
            case .cancelled: .crashed(signal: 9)
            default: .failed(status: end.status)
            }
        exitInput.yield(
            WorkerExit(
                worker: id, cause: cause, lastLines: end.fault.map { ["\($0.number) \($0.what)"] } ?? [],
                peakMemory: 0, processorTime: .zero))
    }
}
