public import Faults
public import Logging
public import ServiceLifecycle
import WorkerSocket

/// Runs workers as child processes of the site; see `docs/workers.md`.
///
/// One thread starts, feeds, watches and collects all of them. As a service it ends every worker with the site.
public final class ChildProcessRunner: WorkerRunner {
    public let capacity: WorkerCapacity
    public let exits: AsyncStream<WorkerExit>
    private let desk: RunnerDesk

    /// - Throws: `RunnerFaults.records`, `.controlGroup`, `.notStarted`.
    public init(_ options: ChildProcessOptions, logger: Logger) throws(Fault) {
        let desk = try RunnerDesk()
        let records = try WorkerRecords(folder: options.folder)
        let groups: ControlGroupParent? =
            switch options.controlGroups {
            case .automatic: .automatic()
            case .off: nil
            case .under(let folder): try .under(folder)
            }
        let capacity = options.capacity ?? .ofMachine()
        let (exits, telling) = AsyncStream.makeStream(of: WorkerExit.self)
        self.desk = desk
        self.capacity = capacity
        self.exits = exits
        if groups == nil, options.controlGroups == .automatic {
            logger.notice("no control group can be made for workers: their limits are held by watching alone")
        }
        _ = PlainThread {
            var watcher = ChildWatcher(
                desk: desk, options: options, capacity: capacity, records: records, groups: groups, logger: logger,
                tell: { telling.yield($0) })
            watcher.run()
            telling.finish()
        }
    }

    deinit {
        _ = desk.submit(.shutDown(.zero, nil))
    }

    /// - Throws: `RunnerFaults.notStarted`, `.orderTooLarge`, `.beyondCapacity`, `.records`.
    public func start(_ launch: WorkerLaunch) async throws(Fault) {
        let fault = await withCheckedContinuation { reply in
            if !desk.submit(.start(launch, reply)) { reply.resume(returning: Self.closed(launch.id)) }
        }
        if let fault { throw fault }
    }

    public func stop(_ worker: WorkerID, grace: Duration) async {
        await withCheckedContinuation { reply in
            if !desk.submit(.stop(worker, grace, reply)) { reply.resume() }
        }
    }

    public func running() async -> Set<WorkerID> { desk.running }

    public func usage() async -> [WorkerUsage] { desk.usage }

    public func takeEnded() async -> [WorkerUsage] { desk.takeEnded() }

    /// - Throws: `RunnerFaults.leftOver`.
    public func recover() async throws(Fault) {
        let fault = await withCheckedContinuation { reply in
            if !desk.submit(.recover(reply)) { reply.resume(returning: nil) }
        }
        if let fault { throw fault }
    }

    /// The worker has used its socket: it does not hang. Cheap, never waits.
    public func touch(_ worker: WorkerID) {
        desk.touch(worker)
    }

    /// Stops every worker and ends `exits`. Nothing can be started afterwards.
    public func shutDown(grace: Duration) async {
        await withCheckedContinuation { reply in
            if !desk.submit(.shutDown(grace, reply)) { reply.resume() }
        }
    }

    private static func closed(_ worker: WorkerID) -> Fault {
        Fault(RunnerFaults.notStarted, "The runner was shut down.", at: "\(worker)", fix: "Start the site again.")
    }
}

extension ChildProcessRunner: Service {
    /// Waits for the end of the site and ends the workers with it.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutDown(grace: .milliseconds(500))
    }
}
