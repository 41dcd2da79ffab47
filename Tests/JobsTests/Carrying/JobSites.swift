import Crypto
import Faults
import Foundation
import Jobs
import Ledger
import Logging
import Resources
import Sites
import Synchronization
import TaskRuntime

/// Several sites with the whole service of jobs, over calls in memory, with gateways and workers of the test. Stores are
/// real, so a site can be killed and started again.
final class JobSites: Sendable {
    struct Work: Sendable {
        let body: @Sendable () async throws -> Void
    }

    struct Site {
        var service: JobService
        var stop: AsyncStream<Never>.Continuation
        /// Ends when the service has.
        var end: AsyncStream<Never>
    }

    let ids: [SiteID]
    let network = CallNetwork()
    let world: FakeWorld
    let mirrors: [FakeMirrors]
    let policy = Mutex(Policy())
    private let folder: String
    private let rows: [JobRows]
    private let caches: [SQLiteTaskCache]
    private let capacity: WorkerCapacity
    private let times: JobTimes
    private let sites = Mutex<[Int: Site]>([:])
    private let work: AsyncStream<Work>
    private let input: AsyncStream<Work>.Continuation

    /// Of the jobs that are submitted here.
    static let scope = Scope(tenant: "t", project: "p")
    /// Of those of peers.
    static let mirrorScope = Scope(tenant: "partners", project: "peer")

    /// What parties say to plans.
    struct Policy {
        var quotas: [SiteID: [JobQuota]] = [:]
        var refusal: [SiteID: Fault] = [:]
        var approval: [SiteID: String] = [:]
        /// Version of the program whose outputs may be reused; nil reuses nothing.
        var code: [SiteID: String] = [:]
        /// What every task reads and leaves at a site.
        var needs: [SiteID: TaskNeeds] = [:]
        /// What one task reads of earlier ones at every site, by its name.
        var results: [String: [String]] = [:]
    }

    /// The tables of all sites.
    let tables = FakeTables()

    static func with(
        _ count: Int = 2, world: FakeWorld = FakeWorld(),
        capacity: WorkerCapacity = WorkerCapacity(memory: 4 << 30, cores: 4),
        times: JobTimes = quick, _ body: (JobSites) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "atoll-jobs-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sites = try JobSites(count, world, capacity, times, folder)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await sites.world.run() }
            group.addTask {
                try await withThrowingDiscardingTaskGroup { inner in
                    for await work in sites.work { inner.addTask { try await work.body() } }
                    inner.cancelAll()
                }
            }
            for index in sites.ids.indices { sites.start(index) }
            try await body(sites)
            sites.input.finish()
            group.cancelAll()
        }
    }

    static var quick: JobTimes {
        var times = JobTimes()
        times.silence = 1.5
        times.lease = 3
        return times
    }

    private init(
        _ count: Int, _ world: FakeWorld, _ capacity: WorkerCapacity, _ times: JobTimes, _ folder: String
    ) throws {
        ids = (0..<count).map { SiteID(digest: [UInt8](repeating: UInt8($0 + 1), count: 32)) }
        self.world = world
        self.capacity = capacity
        self.times = times
        self.folder = folder
        mirrors = ids.map { _ in FakeMirrors() }
        let databases = try ids.indices.map {
            try SQLiteDatabase(
                path: "\(folder)/\($0).db", snapshots: "\(folder)/snapshots", migrations: [JobMigrations.self])
        }
        rows = databases.map { JobRows($0) }
        caches = databases.map { SQLiteTaskCache($0) }
        (work, input) = AsyncStream.makeStream()
    }

    func service(_ index: Int) -> JobService { sites.withLock { $0[index]!.service } }

    /// A site begins a life.
    func start(_ index: Int) {
        let machine = world.machine(ids[index], capacity: capacity)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        var around = JobSurroundings(
            site: ids[index], rows: rows[index], door: machine, planning: FakePlanning(site: ids[index], sites: self),
            runner: machine, calls: network.end(of: ids[index]), mirrors: mirrors[index], socket: "\(folder)/socket",
            scratch: "\(folder)/scratch-\(index)", logger: logger)
        around.times = times
        around.cache = caches[index]
        around.tables = tables
        around.quotas = FakeQuotas(site: ids[index], sites: self)
        around.pace.active = .milliseconds(50)
        around.pace.idle = .milliseconds(500)
        around.pace.mostPause = .milliseconds(400)
        around.pace.status = .milliseconds(20)
        around.pace.farewell = .seconds(2)
        let service = JobService(around)
        world.state.withLock { $0[ids[index]]!.tell = { service.tell($0) } }
        let (stop, stopper) = AsyncStream.makeStream(of: Never.self)
        let (end, ender) = AsyncStream.makeStream(of: Never.self)
        sites.withLock { $0[index] = Site(service: service, stop: stopper, end: end) }
        input.yield(
            Work {
                defer { ender.finish() }
                try await withThrowingTaskGroup { group in
                    group.addTask { try await service.run() }
                    group.addTask { for await _ in stop {} }
                    try await group.next()
                    group.cancelAll()
                }
            })
    }

    /// Stops a site in whatever it does; its workers are gone. Returns when nothing of this life is left that a dead
    /// process could not do.
    func kill(_ index: Int) async {
        network.remove(ids[index])
        let site = sites.withLock { $0[index]! }
        site.stop.finish()
        for await _ in site.end {}
        while network.isBusy(ids[index]) { try? await Task.sleep(for: .milliseconds(1)) }
        world.kill(ids[index])
    }

    func restart(_ index: Int) async {
        await kill(index)
        start(index)
    }

    func plan(
        _ name: String, owner: Int = 0, tasks: Int = 2, cores: Int = 1, seconds: Int64 = 3_600
    ) -> JobPlan {
        JobPlan(
            job: ULID.make(), name: name, owner: ids[owner], seed: [UInt8](repeating: 7, count: 32),
            parties: ids.enumerated().map { PlannedParty(site: $1, role: $0 == 0 ? "guest" : "host") },
            tasks: (0..<tasks).map {
                PlannedTask(name: "task\($0)", operatorName: "noop", operatorVersion: 1, after: [], parameters: [:])
            },
            limits: JobLimits(memory: 1 << 30, cores: cores, seconds: seconds))
    }

    /// Submits as a person does, and returns the job.
    @discardableResult
    func submit(_ plan: JobPlan, by requester: String = "ana", at index: Int = 0) async throws -> String {
        try await ready(index)
        try await service(index).begin(
            plan, at: .init(name: plan.name, scope: Self.scope), requester: requester)
        return plan.job
    }

    /// Waits until a site takes calls.
    func ready(_ index: Int) async throws {
        while true {
            do {
                _ = try await service(index).summary("none")
            } catch let fault as Fault where fault.is(JobFaults.unknownJob) {
                return
            } catch { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    /// Waits until a site says so of a job.
    @discardableResult
    func wait(
        _ job: String, at index: Int = 0, _ condition: @Sendable (JobSummary) -> Bool
    ) async throws -> JobSummary {
        while true {
            if let summary = try? await service(index).summary(job), condition(summary) { return summary }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Forgets a job as soon as it is over at a site.
    func forget(_ job: String, at index: Int) async throws {
        while true {
            do {
                return try await service(index).forget(job)
            } catch let fault as Fault where fault.is(JobFaults.notFinal) {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    /// Waits for the end at every site.
    func end(_ job: String, owner: Int = 0) async throws -> JobSummary {
        let summary = try await wait(job, at: owner) { $0.state.isFinal }
        for index in ids.indices {
            let site = ids[index]
            try await wait(job, at: index) { here in
                let isClosed = here.parties.contains { $0.site == site && $0.view?.isClosed == true }
                return isClosed && here.decision == summary.decision
            }
        }
        return summary
    }
}

/// The resources of one site.
final class FakeMirrors: JobMirrors {
    let state = Mutex<[String: [JobSummary.State]]>([:])

    func mirror(_ plan: JobPlan, digest: [UInt8]) async throws -> JobEntry.Place {
        .init(name: plan.name, scope: JobSites.mirrorScope)
    }

    func scope(of owner: SiteID) -> Scope? { JobSites.mirrorScope }

    func publish(_ summary: JobSummary, of entry: JobEntry) async throws {
        state.withLock { state in
            if state[entry.job]?.last != summary.state { state[entry.job, default: []].append(summary.state) }
        }
    }
}

/// Quotas that a test has set.
struct FakeQuotas: JobQuotas {
    let site: SiteID
    let sites: JobSites

    func quotas(over scope: Scope) -> [JobQuota] {
        sites.policy.withLock { $0.quotas[site] ?? [] }.filter {
            $0.scope.tenant == scope.tenant && ($0.scope.project ?? scope.project) == scope.project
        }
    }
}

/// Plans as JSON of the fields that the tests use.
private struct FakePlanning: JobPlanning {
    struct Wire: Codable {
        var job: String, name: String, owner: String, seed: [UInt8], sites: [String], roles: [String], tasks: [String]
        var memory: UInt64, cores: Int, seconds: Int64
    }

    let site: SiteID
    let sites: JobSites

    func encode(_ plan: JobPlan) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let wire = Wire(
            job: plan.job, name: plan.name, owner: plan.owner.text, seed: plan.seed,
            sites: plan.parties.map(\.site.text), roles: plan.parties.map(\.role), tasks: plan.tasks.map(\.name),
            memory: plan.limits.memory, cores: plan.limits.cores, seconds: plan.limits.seconds)
        return Array(try encoder.encode(wire))
    }

    func decode(_ bytes: [UInt8]) throws -> JobPlan {
        let wire = try JSONDecoder().decode(Wire.self, from: Data(bytes))
        return JobPlan(
            job: wire.job, name: wire.name, owner: SiteID(wire.owner)!, seed: wire.seed,
            parties: zip(wire.sites, wire.roles).map { PlannedParty(site: SiteID($0)!, role: $1) },
            tasks: wire.tasks.map {
                PlannedTask(name: $0, operatorName: "noop", operatorVersion: 1, after: [], parameters: [:])
            },
            limits: JobLimits(memory: wire.memory, cores: wire.cores, seconds: wire.seconds))
    }

    func check(_ plan: JobPlan, isForeign: Bool) async throws {
        if let fault = sites.policy.withLock({ $0.refusal[site] }) { throw fault }
    }

    func approval(of plan: JobPlan, isForeign: Bool) async throws -> String? {
        sites.policy.withLock { $0.approval[site] }
    }

    func declared(_ plan: JobPlan, digest: [UInt8], epoch: UInt64) throws -> DeclaredPlan {
        DeclaredPlan(
            job: plan.job, planDigest: digest, epoch: epoch, peers: plan.parties.map(\.site).filter { $0 != site },
            tasks: [:])
    }

    func seed(of task: String, _ plan: JobPlan) -> [UInt8] { plan.seed }

    func needs(of task: String, _ plan: JobPlan) -> TaskNeeds {
        sites.policy.withLock {
            var needs = $0.needs[site] ?? TaskNeeds()
            needs.results = $0.results[task] ?? []
            return needs
        }
    }

    func key(of task: PlannedTask, in plan: JobPlan, after outputs: [String: [UInt8]]) async throws -> TaskKey? {
        guard let code = sites.policy.withLock({ $0.code[site] }),
            let party = plan.parties.firstIndex(where: { $0.site == site })
        else { return nil }
        return TaskKey(plan, task, party: party, inputs: [], codeVersion: code)
    }

    func digest(ofResult result: [UInt8], of task: String, _ plan: JobPlan) throws -> [UInt8] {
        Array(SHA256.hash(data: result))
    }
}

extension [UInt8] {
    /// The unit of a task's order, which these bytes are.
    var firstUnit: UInt64 { (try? TaskOrder(decoding: self))?.unit ?? 0 }
}
