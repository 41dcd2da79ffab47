import CProcesses
import Faults
import Logging
import Metrics

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The thread that starts, feeds, watches and collects all workers. Nothing of it is seen by others but its desk.
struct ChildWatcher {
    let desk: RunnerDesk
    let options: ChildProcessOptions
    let capacity: WorkerCapacity
    let records: WorkerRecords
    let groups: ControlGroupParent?
    let logger: Logger
    let tell: @Sendable (WorkerExit) -> Void

    var children: [WorkerID: Child] = [:]
    var cores = CoreAllotment.current()
    /// Groups of ended workers that the system still holds.
    private var emptyGroups: [WorkerGroup] = []
    private var waiting: [WorkerID: [CheckedContinuation<Void, Never>]] = [:]
    private var ending: CheckedContinuation<Void, Never>?
    private var isEnding = false
    private var turns: UInt64 = 0
    private var nextLook = ContinuousClock.now

    init(
        desk: RunnerDesk, options: ChildProcessOptions, capacity: WorkerCapacity, records: WorkerRecords,
        groups: ControlGroupParent?, logger: Logger, tell: @escaping @Sendable (WorkerExit) -> Void
    ) {
        self.desk = desk
        self.options = options
        self.capacity = capacity
        self.records = records
        self.groups = groups
        self.logger = logger
        self.tell = tell
    }

    /// Until it is told to shut down and no worker is left.
    mutating func run() {
        // Signals of the site go to its other threads, and a pipe that nobody reads is an error and no signal.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        while true {
            for wish in desk.take() { fulfil(wish) }
            if ContinuousClock.now >= nextLook { look() }
            for worker in Array(children.keys) { serve(worker) }
            if isEnding, children.isEmpty { break }
            wait()
        }
        clearGroups()
        ending?.resume()
    }

    // MARK: - Wishes

    private mutating func fulfil(_ wish: RunnerDesk.Wish) {
        switch wish {
        case .start(let launch, let reply):
            do throws(Fault) {
                try start(launch)
                reply.resume(returning: nil)
            } catch {
                reply.resume(returning: error)
            }
        case .stop(let worker, let grace, let reply):
            guard children[worker] != nil else { return reply.resume() }
            waiting[worker, default: []].append(reply)
            stop(worker, grace)
        case .recover(let reply):
            reply.resume(returning: endLeftOvers())
        case .shutDown(let grace, let reply):
            isEnding = true
            ending = reply
            for worker in children.keys { stop(worker, grace) }
        }
    }

    private mutating func stop(_ worker: WorkerID, _ grace: Duration) {
        if let action = children[worker]?.watch.stop(grace: grace, at: .now) { children[worker]?.carryOut(action) }
    }

    // MARK: - Watching

    private mutating func look() {
        let now = ContinuousClock.now
        nextLook = now + options.interval
        let touched = desk.takeTouched()
        // Processes beside a worker's own are rare; they are looked up each fourth time.
        let members = turns % 4 == 0 && !children.isEmpty ? Self.membersByGroup() : nil
        turns += 1
        for worker in Array(children.keys) {
            guard var child = children[worker] else { continue }
            if touched.contains(worker) { child.watch.touch(at: now) }
            let sight = child.sight(members: members.map { $0[child.process] ?? [] })
            child.carryOut(child.watch.see(sight, at: now))
            child.meter.see(sight, at: now)
            children[worker] = child
        }
        desk.setUsage(children.values.map(\.usage))
        clearGroups()
    }

    private static func membersByGroup() -> [Int32: [ProcessStatus]] {
        Dictionary(grouping: ProcessStatus.all().compactMap { ProcessStatus(of: $0) }, by: \.group)
    }

    /// Feeds it, takes its lines, and sees whether it has ended.
    private mutating func serve(_ worker: WorkerID) {
        guard var child = children[worker] else { return }
        child.feed()
        for line in child.listen() { options.onLine(worker, line) }
        let end = child.collect()
        children[worker] = child
        if let end { finish(child, end.ending, end.time) }
    }

    private mutating func finish(_ ended: Child, _ ending: WorkerWatch.Ending, _ time: Duration) {
        var child = ended
        // What it started and put into another process group, where no control group has ended it.
        _ = child.record.processMark.end(patience: .seconds(2))
        for line in child.listen() { options.onLine(child.worker, line) }
        if let line = child.lines.end() { options.onLine(child.worker, line) }
        let ranOut = child.group?.ranOutOfMemory ?? false
        // The group has seen what came between two looks.
        if ranOut, let group = child.group { child.watch.sawPeak(group.peak) }
        let cause = child.watch.cause(ending, ranOutOfMemory: ranOut)
        child.closeEnds()
        children[child.worker] = nil
        cores.give(back: child.cores)
        if let group = child.group, !group.remove() { emptyGroups.append(group) }
        records.forget(child.record)
        child.meter.end(time)
        desk.ended(child.usage)
        report(
            WorkerExit(
                worker: child.worker, cause: cause, lastLines: child.lines.last,
                peakMemory: child.watch.peak, processorTime: time))
        for reply in waiting.removeValue(forKey: child.worker) ?? [] { reply.resume() }
    }

    func report(_ exit: WorkerExit) {
        desk.setRunning(children.keys)
        let level: Logger.Level = exit.cause == .finished || exit.cause == .stopped ? .info : .warning
        logger.log(
            level: level, "worker ended",
            metadata: ["worker": "\(exit.worker)", "cause": "\(exit.cause)", "peak": "\(exit.peakMemory)"])
        Counter(label: "worker_ended", dimensions: [("cause", exit.cause.word)]).increment()
        tell(exit)
    }

    private mutating func clearGroups() {
        emptyGroups.removeAll { $0.remove() }
    }

    // MARK: - Waiting

    private func wait() {
        var descriptors = [pollfd(fd: desk.descriptor, events: Int16(POLLIN), revents: 0)]
        var isSoonGone = false
        for child in children.values {
            if child.input >= 0 { descriptors.append(pollfd(fd: child.input, events: Int16(POLLOUT), revents: 0)) }
            if child.errors >= 0 {
                descriptors.append(pollfd(fd: child.errors, events: Int16(POLLIN), revents: 0))
            } else {
                isSoonGone = true
            }
        }
        var patience = max(.zero, nextLook - .now)
        // Its standard error is closed: it will be gone in a moment, or has closed it itself.
        if isSoonGone { patience = min(patience, .milliseconds(20)) }
        let (seconds, attoseconds) = patience.components
        let milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    }
}

extension WorkerExit.Cause {
    /// For labels of metrics.
    var word: String {
        switch self {
        case .finished: "finished"
        case .failed: "failed"
        case .crashed: "crashed"
        case .outOfMemory: "out_of_memory"
        case .hung: "hung"
        case .overtime: "overtime"
        case .stopped: "stopped"
        case .lost: "lost"
        }
    }
}
