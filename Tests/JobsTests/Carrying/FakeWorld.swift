import Faults
import Jobs
import Ledger
import Sites
import Synchronization
import TaskRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Gateways, runners and workers of several sites in memory. Workers of one start make their units in step, as a
/// protocol does, and leave a checkpoint after each.
final class FakeWorld: Sendable {
    struct Site {
        var open: [String: UInt64] = [:]
        var workers: [WorkerID: UInt64] = [:]
        var checkpoints: [String: Set<UInt64>] = [:]
        var done: Set<WorkerID> = []
        var tell: @Sendable (WorkerEvent) -> Void = { _ in }
        var exits: AsyncStream<WorkerExit>.Continuation?
        /// Every start, in order.
        var starts: [(worker: WorkerID, unit: UInt64)] = []
        var closed: [String: JobPhase] = [:]
        /// Workers of which the runner was told that they live.
        var touched: Set<WorkerID> = []
        /// What each start was given of earlier tasks, by reference.
        var results: [WorkerID: [String: [UInt8]]] = [:]
        /// The next worker ends so at this unit.
        var fate: (cause: WorkerExit.Cause, unit: UInt64)?
    }

    let state = Mutex<[SiteID: Site]>([:])
    let unitCount: UInt64
    /// How long a unit takes.
    let pace: Duration

    init(unitCount: UInt64 = 6, pace: Duration = .milliseconds(10)) {
        self.unitCount = unitCount
        self.pace = pace
    }

    func starts(_ site: SiteID) -> [(worker: WorkerID, unit: UInt64)] { state.withLock { $0[site]?.starts ?? [] } }

    /// The largest unit of any worker at the site.
    func unit(_ site: SiteID) -> UInt64 { state.withLock { $0[site]?.workers.values.max() ?? 0 } }

    /// - Parameter job: nil for all.
    func workerCount(_ site: SiteID, of job: String? = nil) -> Int {
        state.withLock { $0[site]?.workers.keys.count { job == nil || $0.job == job } ?? 0 }
    }

    func doom(_ site: SiteID, _ cause: WorkerExit.Cause, at unit: UInt64) {
        state.withLock { $0[site]?.fate = (cause, unit) }
    }

    /// A site is killed: what runs there is gone, checkpoints stay.
    func kill(_ site: SiteID) {
        state.withLock { state in
            state[site]?.open = [:]
            state[site]?.workers = [:]
            state[site]?.tell = { _ in }
            state[site]?.exits?.finish()
        }
    }

    func machine(_ site: SiteID, capacity: WorkerCapacity) -> FakeMachine {
        let (exits, input) = AsyncStream.makeStream(of: WorkerExit.self)
        state.withLock { $0[site, default: Site()].exits = input }
        return FakeMachine(world: self, site: site, capacity: capacity, exits: exits)
    }

    /// Lets workers work, until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: pace)
            state.withLock { state in
                let workers = Set(state.values.flatMap(\.workers.keys)).sorted { "\($0)" < "\($1)" }
                for worker in workers { Self.advance(worker, &state, unitCount) }
            }
        }
    }

    private static func advance(_ worker: WorkerID, _ state: inout [SiteID: Site], _ unitCount: UInt64) {
        let all = state.keys.sorted()
        let positions = all.compactMap { site -> UInt64? in
            if let unit = state[site]!.workers[worker] { return unit }
            return state[site]!.done.contains(worker) ? .max : nil
        }
        // Somebody is not there yet: the others wait.
        guard positions.count == all.count, let least = positions.min() else { return }
        for site in all where state[site]!.workers[worker] == least {
            guard state[site]!.open[worker.job] == worker.epoch else { continue }
            if let fate = state[site]!.fate, least >= fate.unit {
                state[site]!.fate = nil
                state[site]!.workers[worker] = nil
                state[site]!.exits?.yield(exit(worker, fate.cause))
                continue
            }
            guard least < unitCount else {
                state[site]!.workers[worker] = nil
                state[site]!.done.insert(worker)
                // The exit overtakes the result, as it may.
                state[site]!.exits?.yield(exit(worker, .finished))
                state[site]!.tell(
                    WorkerEvent(
                        job: worker.job, task: worker.task, epoch: worker.epoch,
                        what: .done(result: result(of: worker.task, at: site))))
                continue
            }
            state[site]!.workers[worker] = least + 1
            state[site]!.checkpoints["\(worker.job)/\(worker.task)", default: []].insert(least + 1)
            state[site]!.tell(
                WorkerEvent(
                    job: worker.job, task: worker.task, epoch: worker.epoch,
                    what: .progress(done: least + 1, total: unitCount)))
        }
    }

    static func output(of task: String, at site: SiteID) -> [UInt8] { Array("\(task) at \(site)".utf8) }

    /// As a worker hands it over.
    static func result(of task: String, at site: SiteID) -> [UInt8] {
        try! TaskResult(output: output(of: task, at: site), figures: [:]).encoded()
    }

    private static func exit(_ worker: WorkerID, _ cause: WorkerExit.Cause) -> WorkerExit {
        WorkerExit(worker: worker, cause: cause, lastLines: ["last words"], peakMemory: 0, processorTime: .zero)
    }
}

/// One site's gateway and runner.
struct FakeMachine: JobDoor, WorkerRunner {
    let world: FakeWorld
    let site: SiteID
    let capacity: WorkerCapacity
    let exits: AsyncStream<WorkerExit>

    func open(_ plan: DeclaredPlan) async throws {
        try world.state.withLock { state in
            if let known = state[site]!.open[plan.job], known > plan.epoch { throw Fault(GatewayFaults.oldEpoch) }
            state[site]!.open[plan.job] = plan.epoch
        }
    }

    func suspend(job: String) async { world.state.withLock { $0[site]!.open[job] = nil } }

    func close(_ plan: DeclaredPlan, _ phase: JobPhase) async throws -> Bool {
        world.state.withLock { state in
            state[site]!.open[plan.job] = nil
            state[site]!.closed[plan.job] = phase
            state[site]!.checkpoints = state[site]!.checkpoints.filter { !$0.key.hasPrefix(plan.job) }
        }
        return true
    }

    func token(job: String, task: String, unit: UInt64) async throws -> [UInt8] {
        let key = "\(job)/\(task)"
        try world.state.withLock { state in
            guard unit == 0 || state[site]!.checkpoints[key]?.contains(unit) == true else {
                throw Fault(JobFaults.malformed, "There is no checkpoint of unit \(unit).")
            }
            state[site]!.checkpoints[key] = state[site]!.checkpoints[key]?.filter { $0 <= unit }
        }
        return [UInt8](repeating: UInt8(unit), count: 32)
    }

    func units(job: String, task: String) async throws -> [UInt64] {
        world.state.withLock { ($0[site]!.checkpoints["\(job)/\(task)"] ?? []).sorted() }
    }

    func checkpoint(job: String, task: String, unit: UInt64) async throws -> [UInt8]? { nil }

    func forgetCheckpoints(exceptOf jobs: Set<String>) async throws {
        world.state.withLock { state in
            state[site]!.checkpoints = state[site]!.checkpoints.filter { key, _ in
                jobs.contains { key.hasPrefix($0) }
            }
        }
    }

    func start(_ launch: WorkerLaunch) async throws(Fault) {
        let unit = UInt64(launch.order.firstUnit)
        let results = launch.results
        let isAlone = world.state.withLock { state in
            let isAlone = !state[site]!.workers.keys.contains { $0.job == launch.id.job }
            state[site]!.workers[launch.id] = unit
            state[site]!.starts.append((launch.id, unit))
            state[site]!.results[launch.id] = results
            return isAlone
        }
        precondition(isAlone, "two workers of one job at one site")
    }

    func stop(_ worker: WorkerID, grace: Duration) async {
        world.state.withLock { state in
            guard state[site]!.workers.removeValue(forKey: worker) != nil else { return }
            state[site]!.exits?.yield(
                WorkerExit(worker: worker, cause: .stopped, lastLines: [], peakMemory: 0, processorTime: .zero))
        }
    }

    func touch(_ worker: WorkerID) { world.state.withLock { _ = $0[site]!.touched.insert(worker) } }

    func running() async -> Set<WorkerID> { world.state.withLock { Set($0[site]!.workers.keys) } }

    func recover() async throws(Fault) {}
}

extension WorkerLaunch {
    /// What the files hold that the order calls results, as a worker of its own process finds them.
    fileprivate var results: [String: [UInt8]] {
        guard let order = try? TaskOrder(decoding: order) else { return [:] }
        var found: [String: [UInt8]] = [:]
        for result in order.results {
            var bytes = [UInt8](repeating: 0, count: 1_000)
            let file = files[Int(result.descriptor - Self.firstFile)]
            bytes.removeLast(bytes.count - max(0, pread(file.descriptor, &bytes, bytes.count, 0)))
            found[result.reference] = bytes
        }
        return found
    }
}
