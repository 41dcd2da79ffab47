import Ledger
public import Logging
import Metrics
import Observability
public import Resources
public import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Watches who uses the machine: workers of jobs and the site itself, now and over the last day.
///
/// Processor time is written once a minute; a site that is killed loses at most the last one. Nothing of it ever fails a
/// job.
public final class WorkMonitor: Service {
    static let pace: Duration = .seconds(15)
    /// Looks between two writings.
    private static let batch = 4
    /// What reports call recent: a day.
    public static let recent: Int64 = 24 * 3_600_000

    private let runner: any WorkerRunner
    private let rows: WorkRows
    private let own: @Sendable () -> SiteProcess?
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    fileprivate struct State {
        /// Processor time of each worker that is counted already.
        var counted: [WorkerID: Duration] = [:]
        /// Workers that have ended, by the look that saw it: what was seen of them before may come later.
        var ended: [(worker: WorkerID, look: Int)] = []
        var own: SiteProcess?
        /// Cores that the site itself keeps busy.
        var cores = 0.0
        var instant: ContinuousClock.Instant?
        /// Seconds by job that are not written yet; the site's own are those of no job.
        var pending: [String: Double] = [:]
        var looks = 0
    }

    public convenience init(
        _ rows: WorkRows, runner: any WorkerRunner, logger: Logger,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.init(rows, runner: runner, own: { SiteProcess.now }, logger: logger, now: now)
    }

    init(
        _ rows: WorkRows, runner: any WorkerRunner, own: @escaping @Sendable () -> SiteProcess?, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.rows = rows
        self.runner = runner
        self.own = own
        self.logger = logger
        self.now = now
    }

    // MARK: Asking

    /// Who uses the machine now and has used it in the last day: everything on the platform, else what is of a tenant or
    /// project alone. The most busy first.
    public func report(by group: WorkGroup, in scope: Scope) async throws -> [WorkLine] {
        let running = await collect()
        let owners = try await rows.owners(of: Set(running.map(\.worker.job)), in: scope)
        var lines = WorkLines(group)
        for usage in running {
            if let owner = owners[usage.worker.job] { lines.add(usage, of: owner) }
        }
        let since = Timestamp(milliseconds: now().milliseconds - Self.recent)
        for (owner, seconds) in try await rows.seconds(since: since, in: scope) { lines.add(seconds, of: owner) }
        let (site, cores, pending) = state.withLock { ($0.own, $0.cores, $0.pending) }
        if scope.tenant == nil, let site { lines.add(site, cores: cores, seconds: pending[""] ?? 0) }
        let waiting = try await rows.owners(of: Set(pending.keys), in: scope)
        for (job, seconds) in pending { if let owner = waiting[job] { lines.add(seconds, of: owner) } }
        guard group == .app else { return lines.sorted }
        func job(_ line: WorkLine) -> String? { line.name.map { String($0.dropFirst("job/".count)) } }
        let sorted = lines.sorted
        let known = try await rows.jobs(named: Set(sorted.compactMap(job)), in: scope)
        return sorted.map { line in
            var line = line
            if let name = job(line), known.contains(line.place(name)) { line.job = name }
            return line
        }
    }

    // MARK: Watching

    /// Until cancelled or shut down; what is not written by then is written.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.look()
            // Soon again, so that who looks right after the start sees what the site itself uses.
            var wait = Duration.seconds(1)
            while (try? await Task.sleep(for: wait)) != nil {
                await self.look()
                wait = Self.pace
            }
        }
        _ = await collect()
        await write()
    }

    /// Counts what was used since it was looked last; writes once in a while.
    func look() async {
        let running = await collect()
        let isFull = state.withLock { state in
            state.count(own(), at: .now)
            state.looks += 1
            state.forgetEnded()
            return state.looks % Self.batch == 0
        }
        Gauge(label: "work_workers").record(running.count)
        Gauge(label: "work_cpu_used_cores").record(running.reduce(0) { $0 + $1.cores })
        Gauge(label: "work_memory_bytes").record(running.reduce(0) { $0 + Double($1.memory) })
        if isFull { await write() }
    }

    /// Counts what workers have used; those that run.
    private func collect() async -> [WorkerUsage] {
        // First those that have ended: a worker that ends in between is counted whole the next time.
        let ended = await runner.takeEnded()
        let running = await runner.usage()
        state.withLock { state in
            for usage in ended { state.count(usage, isOver: true) }
            for usage in running { state.count(usage, isOver: false) }
        }
        return running
    }

    /// Writes what waits; it waits on where that fails.
    func write() async {
        let taken = state.withLock { state in
            defer { state.pending = [:] }
            return state.pending
        }
        guard !taken.isEmpty else { return }
        do {
            let owners = try await rows.owners(of: Set(taken.keys), in: .platform)
            var seconds: [WorkerOwner: Double] = [:]
            for (job, used) in taken where used > 0 {
                // What a job used that was deleted meanwhile is nobody's.
                guard let owner = job.isEmpty ? .site : owners[job] else { continue }
                seconds[owner, default: 0] += used
            }
            try await rows.add(seconds, at: now())
        } catch {
            state.withLock { $0.pending.merge(taken, uniquingKeysWith: +) }
            logger.warning("processor time of jobs waits", metadata: ["error": "\(type(of: error))"])
        }
    }
}

extension WorkLine {
    fileprivate func place(_ job: String) -> JobEntry.Place {
        JobEntry.Place(name: job, scope: Scope(tenant: tenant, project: project))
    }
}

extension WorkMonitor.State {
    mutating func count(_ usage: WorkerUsage, isOver: Bool) {
        let used = usage.processorTime - (counted[usage.worker] ?? .zero)
        if used > .zero {
            pending[usage.worker.job, default: 0] += used / .seconds(1)
            counted[usage.worker] = usage.processorTime
        }
        if isOver { ended.append((usage.worker, looks)) }
    }

    /// Nobody can still hold what was seen of workers that ended before the last look.
    mutating func forgetEnded() {
        for (worker, look) in ended where look < looks - 2 { counted[worker] = nil }
        ended.removeAll { $0.look < looks - 2 }
    }

    mutating func count(_ new: SiteProcess?, at now: ContinuousClock.Instant) {
        if let new, let old = own, let instant, now > instant {
            let used = max(.zero, new.processorTime - old.processorTime)
            pending["", default: 0] += used / .seconds(1)
            cores = used / (now - instant)
        }
        (own, instant) = (new, now)
    }
}

/// What the site's own process uses.
struct SiteProcess: Sendable {
    let processorTime: Duration
    /// Resident memory in bytes.
    let memory: UInt64

    /// Nil where the system does not say.
    static var now: SiteProcess? {
        ProcessStatus(of: getpid()).map {
            SiteProcess(
                processorTime: .seconds(1) / Double(sysconf(Int32(_SC_CLK_TCK))) * Double($0.ticks), memory: $0.memory)
        }
    }
}
