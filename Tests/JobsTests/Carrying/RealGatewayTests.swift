import Faults
import Foundation
import Jobs
import JobsTestKit
import Ledger
import Logging
import Resources
import Sites
import SitesTestKit
import Synchronization
import TaskRuntime
import Testing

/// Whole jobs with real gateways, real checkpoints and real workers on threads, over links in memory.
@Suite(.timeLimit(.minutes(5)))
struct RealGatewayTests {
    @Test("verify runs as a job between sites, and their ledgers hold exactly what was declared", arguments: [2, 3])
    func verify(_ count: Int) async throws {
        try await RealJobs.with(count) { jobs in
            let job = try await jobs.submit()
            let summary = try await jobs.end(job)
            #expect(summary.state == .succeeded, "\(summary.message)")
            #expect(summary.decision?.tasks.map(\.digests.count) == [count])
            for (index, ledger) in jobs.ledgers.enumerated() {
                let sent = ledger.records.filter { $0.direction == .sent }
                let declared = jobs.rows.filter { $0.from == index }.reduce(0) { $0 + $1.count }
                #expect(UInt64(sent.count) == declared)
                #expect(ledger.refusals.isEmpty)
            }
        }
    }

    @Test("links that are cut and workers that are killed change nothing but the number of attempts")
    func interrupted() async throws {
        let expected = Mutex<[[String: String]]>([])
        try await RealJobs.with(2) { jobs in
            let summary = try await jobs.end(try await jobs.submit())
            expected.withLock { $0 = summary.decision?.tasks.map(\.digests) ?? [] }
        }
        try await RealJobs.with(2) { jobs in
            let job = try await jobs.submit()
            for party in [0, 1] {
                let unit = UInt64(party + 1)
                while true {
                    let units = try await jobs.sites.sites[party].gateway.checkpointUnits(job: job, task: "task")
                    let state = try? await jobs.services[0].summary(job).state
                    if units.contains(where: { $0 >= unit }) || state?.isFinal == true { break }
                    try await Task.sleep(for: .microseconds(200))
                }
                for worker in await jobs.runners[party].running() { jobs.runners[party].kill(worker) }
                jobs.sites.cut()
                await jobs.sites.connectAll()
            }
            let summary = try await jobs.end(job)
            #expect(summary.state == .succeeded, "\(summary.message)")
            #expect(summary.decision?.tasks.map(\.digests) == expected.withLock { $0 })
            #expect(summary.epoch > 1)
            for (index, ledger) in jobs.ledgers.enumerated() {
                let sent = ledger.records.filter { $0.direction == .sent }
                let declared = jobs.rows.filter { $0.from == index }.reduce(0) { $0 + $1.count }
                let distinct = Set(sent.map { "\($0.peer) \($0.step) \($0.sequence)" })
                #expect(UInt64(distinct.count) == declared, "attempts: \(sent.count)")
            }
        }
    }
}

/// Sites in memory with everything of a job but the network.
final class RealJobs: Sendable {
    static let parameters: [String: ParameterValue] = [
        "rounds": .integer(4), "frames": .integer(6), "frameBytes": .integer(40_000), "largestFrame": .integer(500_000),
        "diskMiB": .integer(0),
    ]

    let sites: GatewaySites
    let ledgers: [MemoryFrameLedger]
    let services: [JobService]
    let runners: [ThreadRunner]
    let run: OperatorRun

    var rows: [MessageRow] { run.subject.description.messages(run.setting) }

    /// - Parameters:
    ///   - parameters: of the one task, which is `verify`.
    ///   - reads: the datasets that each site reads in it, by the site's index.
    ///   - configure: each site's surroundings.
    static func with(
        _ count: Int, parameters: [String: ParameterValue] = RealJobs.parameters, reads: [Int: String] = [:],
        configure surroundings: (Int, inout JobSurroundings) -> Void = { _, _ in },
        _ body: (RealJobs) async throws -> Void
    ) async throws {
        let ledgers = (0..<count).map { _ in MemoryFrameLedger() }
        let paths = Mutex<[String: @Sendable (WorkerEvent) -> Void]>([:])
        let configure: @Sendable (inout GatewayOptions) -> Void = { options in
            let path = options.socketPath
            options.onWorker = { event in paths.withLock { $0[path] }?(event) }
        }
        let ledger: (Int, SiteID, String) -> any FrameLedger = { index, _, _ in ledgers[index] }
        try await GatewaySites.with(count, ledger: ledger, configure: configure) { sites in
            let jobs = try RealJobs(sites, ledgers, parameters, reads, surroundings)
            for (site, service) in zip(sites.sites, jobs.services) {
                paths.withLock { $0[site.path] = { service.tell($0) } }
                try await onPlainThread { site.awaitListening() }
            }
            await sites.connectAll()
            try await withThrowingDiscardingTaskGroup { group in
                for service in jobs.services { group.addTask { try await service.run() } }
                try await body(jobs)
                group.cancelAll()
            }
        }
    }

    private init(
        _ sites: GatewaySites, _ ledgers: [MemoryFrameLedger], _ parameters: [String: ParameterValue],
        _ reads: [Int: String], _ configure: (Int, inout JobSurroundings) -> Void
    ) throws {
        self.sites = sites
        self.ledgers = ledgers
        run = OperatorRun(VerifyOperator(), on: sites, parameters: parameters)
        let network = CallNetwork()
        var services: [JobService] = []
        var runners: [ThreadRunner] = []
        for (index, site) in sites.sites.enumerated() {
            let runner = ThreadRunner()
            let database = try SQLiteDatabase(
                path: "\(sites.folder)/\(index).db", snapshots: "\(sites.folder)/snapshots",
                migrations: [JobMigrations.self])
            var around = JobSurroundings(
                site: site.id, rows: JobRows(database), door: Door(gateway: site.gateway),
                planning: Planning(run: run, site: site.id, dataset: reads[index]), runner: runner,
                calls: network.end(of: site.id),
                mirrors: FakeMirrors(), socket: site.path, scratch: "\(sites.folder)/scratch-\(index)",
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            around.pace.active = .milliseconds(100)
            around.pace.idle = .milliseconds(500)
            configure(index, &around)
            services.append(JobService(around))
            runners.append(runner)
        }
        self.services = services
        self.runners = runners
    }

    func submit() async throws -> String {
        let plan = Planning(run: run, site: sites.sites[0].id).plan(ULID.make())
        while true {
            do {
                try await services[0].begin(
                    plan, at: .init(name: "verify", scope: Scope(tenant: "t", project: "p")), requester: "ana")
                return plan.job
            } catch let fault as Fault where fault.is(JobFaults.restarted) {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    func end(_ job: String) async throws -> JobSummary {
        while true {
            if let summary = try? await services[0].summary(job), summary.state.isFinal { return summary }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// A gateway without co-signing.
    private struct Door: JobDoor {
        let gateway: Gateway

        func open(_ plan: DeclaredPlan) async throws { try gateway.open(plan) }
        func suspend(job: String) async { gateway.suspend(job: job) }
        func close(_ plan: DeclaredPlan, _ phase: JobPhase) async throws -> Bool {
            gateway.close(job: plan.job)
            return true
        }
        func token(job: String, task: String, unit: UInt64) async throws -> [UInt8] {
            try gateway.token(job: job, task: task, unit: unit).bytes
        }
        func units(job: String, task: String) async throws -> [UInt64] {
            try await gateway.checkpointUnits(job: job, task: task)
        }

        func checkpoint(job: String, task: String, unit: UInt64) async throws -> [UInt8]? {
            try await gateway.checkpoint(job: job, task: task, unit: unit)
        }

        func forgetCheckpoints(exceptOf jobs: Set<String>) async throws {
            try await gateway.forgetCheckpoints(exceptOf: jobs)
        }
    }

    /// One task of `verify`; the job's ULID is all that a plan's bytes say.
    private struct Planning: JobPlanning {
        let run: OperatorRun
        let site: SiteID
        var dataset: String?

        func reads(of task: String, _ plan: JobPlan) -> [GrantNeed] {
            guard let dataset else { return [] }
            return plan.parties.map(\.site).filter { $0 != site }.map {
                GrantNeed(owner: site, dataset: dataset, peer: $0, task: task, operatorName: "verify")
            }
        }

        func plan(_ job: String) -> JobPlan {
            JobPlan(
                job: job, name: "verify", owner: run.sites.sites[0].id, seed: run.setting.seed,
                parties: run.setting.parties.map { PlannedParty(site: SiteID($0.site)!, role: $0.role) },
                tasks: [
                    PlannedTask(
                        name: "task", operatorName: run.subject.description.name,
                        operatorVersion: run.subject.description.version, after: [], parameters: run.setting.parameters)
                ],
                limits: JobLimits(memory: 1 << 30, cores: 1, seconds: 3_600))
        }

        func encode(_ plan: JobPlan) throws -> [UInt8] { Array(plan.job.utf8) }
        func decode(_ bytes: [UInt8]) throws -> JobPlan { plan(String(decoding: bytes, as: UTF8.self)) }
        func check(_ plan: JobPlan, isForeign: Bool) async throws {}
        func approval(of plan: JobPlan, isForeign: Bool) async throws -> String? { nil }
        func declared(_ plan: JobPlan, digest: [UInt8], epoch: UInt64) throws -> DeclaredPlan {
            let declared = run.plan(epoch: epoch)
            return DeclaredPlan(
                job: plan.job, planDigest: digest, epoch: epoch, peers: declared.peers, tasks: declared.tasks)
        }
        func seed(of task: String, _ plan: JobPlan) -> [UInt8] { run.setting.seed }
        func digest(ofResult result: [UInt8], of task: String, _ plan: JobPlan) throws -> [UInt8] {
            try TaskResult(decoding: result).partDigest(seed: run.setting.seed)
        }
    }
}
