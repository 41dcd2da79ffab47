import Faults
import Foundation
import Ledger
import Logging
import Observability
import Resources
import ServiceLifecycle
import Synchronization
import Testing

@testable import Jobs

/// Whose work uses the machine: told apart, held to scopes, kept when it is over.
@Suite struct WorkMonitorTests {
    /// A runner whose workers use what the test says.
    private final class FakeRunner: WorkerRunner {
        let capacity = WorkerCapacity(memory: 1 << 30, cores: 8)
        let exits = AsyncStream<WorkerExit> { $0.finish() }
        private let state = Mutex(([WorkerUsage](), [WorkerUsage]()))
        private let looks = Mutex(0)

        /// How often it was asked.
        var asked: Int { looks.withLock { $0 } }

        func set(_ running: [WorkerUsage], ended: [WorkerUsage] = []) {
            state.withLock { state in
                state.0 = running
                state.1 += ended
            }
        }

        func usage() async -> [WorkerUsage] {
            looks.withLock { $0 += 1 }
            return state.withLock { $0.0 }
        }

        func takeEnded() async -> [WorkerUsage] {
            state.withLock { state in
                defer { state.1 = [] }
                return state.1
            }
        }

        func start(_ launch: WorkerLaunch) async throws(Fault) {}
        func stop(_ worker: WorkerID, grace: Duration) async {}
        func running() async -> Set<WorkerID> { [] }
        func recover() async throws(Fault) {}
    }

    private struct World {
        let runner: FakeRunner
        let monitor: WorkMonitor
        let jobs: JobRows
        let rows: WorkRows

        func lines(_ group: WorkGroup, _ tenant: String? = nil, _ project: String? = nil) async throws -> [WorkLine] {
            try await monitor.report(by: group, in: Scope(tenant: tenant, project: project))
        }
    }

    private static let site = SiteID(digest: [UInt8](repeating: 1, count: 32))
    private static let peer = SiteID(digest: [UInt8](repeating: 2, count: 32))
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Three jobs: two of the bank's own tenants, one of a peer.
    private func withWorld(
        own: SiteProcess? = nil, _ body: (World) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "work-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "site.db").path, snapshots: folder.path, migrations: [JobMigrations.self])
        let (jobs, rows) = (JobRows(database), WorkRows(database, site: Self.site))
        func add(_ job: String, _ name: String, _ scope: Scope, by user: String?, of owner: SiteID) async throws {
            let entry = JobEntry(
                job: job, name: name, scope: scope, owner: owner, requester: user, created: .now, plan: [], digest: [])
            try await jobs.add(entry, JobState())
        }
        try await add("A", "monthly", Scope(tenant: "risk", project: "cards"), by: "user ana", of: Self.site)
        try await add("B", "monthly", Scope(tenant: "retail", project: "loans"), by: "user ben", of: Self.site)
        try await add("C", "asked", Scope(tenant: "risk", project: "shared"), by: nil, of: Self.peer)
        let runner = FakeRunner()
        let monitor = WorkMonitor(rows, runner: runner, own: { own }, logger: Self.logger, now: { .now })
        try await body(World(runner: runner, monitor: monitor, jobs: jobs, rows: rows))
        try database.close()
    }
    private static func usage(_ job: String, _ task: String = "t", cores: Double, seconds: Double) -> WorkerUsage {
        WorkerUsage(
            worker: WorkerID(job: job, task: task, epoch: 1), cores: cores, processorTime: .seconds(1) * seconds,
            memory: 1_000, limits: WorkerLimits(memory: 5_000, cores: 2))
    }

    @Test func runningWorkIsToldApartByWhoseItIs() async throws {
        try await withWorld { world in
            world.runner.set([
                Self.usage("A", "t", cores: 0.5, seconds: 1), Self.usage("A", "u", cores: 1, seconds: 2),
                Self.usage("B", cores: 0.25, seconds: 4), Self.usage("C", cores: 2, seconds: 8),
                Self.usage("unknown", cores: 9, seconds: 9),
            ])
            let apps = try await world.lines(.app)
            #expect(apps.map(\.name) == ["job/asked", "job/monthly", "job/monthly"], "the most busy first")
            #expect(apps.map(\.tenant) == ["risk", "risk", "retail"], "of two projects, so two apps")
            #expect(apps.map(\.workers) == [1, 2, 1] && apps.map(\.cores) == [2, 1.5, 0.25])
            #expect(apps.map(\.coresReserved) == [2, 4, 2] && apps.map(\.memory) == [1_000, 2_000, 1_000])
            #expect(apps.map(\.memoryReserved) == [5_000, 10_000, 5_000] && apps.map(\.seconds) == [8, 3, 4])
            #expect(apps.map(\.job) == ["asked", "monthly", "monthly"])
            let tenants = try await world.lines(.tenant)
            #expect(tenants.map(\.name) == ["risk", "retail"] && tenants.map(\.workers) == [3, 1])
            let users = try await world.lines(.user)
            #expect(users.map(\.name) == [nil, "user ana", "user ben"])
            #expect(users.map(\.peer) == [Self.peer, nil, nil], "a peer's work is the peer's")
            let projects = try await world.lines(.project)
            #expect(projects.map(\.name) == ["shared", "cards", "loans"])
            let machines = try await world.lines(.machine)
            #expect(machines.map(\.name) == [MachineMonitor.machineName] && machines.first?.workers == 4)
            try await world.rows.add(
                [
                    WorkerOwner(
                        app: "job/gone", scope: Scope(tenant: "retail", project: "loans"), user: nil, peer: nil): 1
                ], at: .now)
            #expect(try await world.lines(.app).last?.job == nil, "a job that was deleted is not there")
        }
    }

    @Test func aTenantSeesItsOwnWorkAlone() async throws {
        try await withWorld(own: SiteProcess(processorTime: .seconds(5), memory: 7_000)) { world in
            world.runner.set([
                Self.usage("A", cores: 1, seconds: 1), Self.usage("B", cores: 1, seconds: 1),
                Self.usage("C", cores: 1, seconds: 1),
            ])
            await world.monitor.look()
            await world.monitor.write()
            for group in WorkGroup.allCases {
                let retail = try await world.lines(group, "retail")
                #expect(retail.count == 1 && retail.first?.workers == 1 && retail.first?.seconds == 1, "\(group)")
                let other = try await world.lines(group, "other")
                #expect(other.isEmpty, "\(group)")
                let project = try await world.lines(group, "risk", "cards")
                #expect(project.count == 1 && project.first?.workers == 1 && project.first?.seconds == 1, "\(group)")
                let elsewhere = try await world.lines(group, "retail", "cards")
                #expect(elsewhere.isEmpty, "a project of another tenant, \(group)")
            }
            let all = try await world.lines(.app)
            #expect(all.map(\.name).contains("site") && all.first { $0.name == "site" }?.memory == 7_000)
            let ofTenants = try await world.lines(.tenant)
            #expect(ofTenants.map(\.name) == ["risk", "retail"], "the site itself is nobody's work")
        }
    }

    /// Each second counts once, however often it is looked, and whatever ended in between.
    @Test func processorTimeCountsOnce() async throws {
        try await withWorld { world in
            func seconds() async throws -> Double { try await world.lines(.app, "risk", "cards").first?.seconds ?? 0 }
            world.runner.set([Self.usage("A", cores: 1, seconds: 2)])
            #expect(try await seconds() == 2)
            await world.monitor.look()
            world.runner.set([Self.usage("A", cores: 1, seconds: 5)])
            #expect(try await seconds() == 5)
            await world.monitor.write()
            #expect(try await seconds() == 5)
            world.runner.set([], ended: [Self.usage("A", cores: 0, seconds: 6)])
            #expect(try await seconds() == 6)
            // A second start of the same task is another worker; a look that saw the first one late changes nothing.
            world.runner.set([Self.usage("A", cores: 1, seconds: 5)])
            #expect(try await seconds() == 6)
            let next = WorkerUsage(
                worker: WorkerID(job: "A", task: "t", epoch: 2), cores: 1, processorTime: .seconds(3), memory: 1,
                limits: WorkerLimits(memory: 1, cores: 1))
            world.runner.set([next])
            for _ in 0..<5 { await world.monitor.look() }
            await world.monitor.write()
            #expect(try await seconds() == 9)
            // Another monitor, as after a restart, goes on from what is kept.
            let again = WorkMonitor(
                world.rows, runner: FakeRunner(), own: { nil }, logger: Self.logger, now: { .now })
            let kept = try await again.report(by: .user, in: Scope(tenant: "risk", project: "cards"))
            #expect(kept.map(\.seconds) == [9] && kept.map(\.workers) == [0] && kept.map(\.name) == ["user ana"])
        }
    }

    /// What ended after the last look is counted before the site ends.
    @Test func theEndOfTheSiteLosesNothing() async throws {
        try await withWorld { world in
            let service = ServiceGroup(
                configuration: .init(services: [.init(service: world.monitor)], logger: Self.logger))
            async let running: Void = service.run()
            while world.runner.asked == 0 { await Task.yield() }
            world.runner.set([], ended: [Self.usage("A", cores: 0, seconds: 6)])
            await service.triggerGracefulShutdown()
            try await running
            let kept = try await world.rows.seconds(since: Timestamp(milliseconds: 0), in: .platform)
            #expect(kept.values.reduce(0, +) == 6)
        }
    }

    @Test func aDayLaterItIsForgottenInReports() async throws {
        try await withWorld { world in
            let now = Timestamp.now.milliseconds
            let owner = WorkerOwner(
                app: "job/monthly", scope: Scope(tenant: "risk", project: "cards"), user: "user ana", peer: nil)
            try await world.rows.add([owner: 4], at: Timestamp(milliseconds: now - 23 * 3_600_000))
            try await world.rows.add([owner: 8], at: Timestamp(milliseconds: now - 25 * 3_600_000))
            #expect(try await world.lines(.app).map(\.seconds) == [4])
            let longAgo = Timestamp(milliseconds: now - 26 * 3_600_000)
            #expect(try await world.rows.seconds(since: longAgo, in: .platform) == [owner: 12])
            try await world.rows.add([:], at: Timestamp(milliseconds: now + 90 * 86_400_000))
            #expect(try await world.rows.seconds(since: longAgo, in: .platform).isEmpty, "kept for 90 days")
        }
    }

    @Test func coresAreAveragedOverTheLastSeconds() {
        let start = ContinuousClock.now
        var meter = WorkerMeter(at: start)
        let ticks = UInt64(sysconf(Int32(_SC_CLK_TCK)))
        for second in 1...20 {
            // Busy with two cores for ten seconds, then idle.
            let used = UInt64(min(second, 10)) * 2 * ticks
            meter.see(.init(memory: 77, ticks: used), at: start + .seconds(second))
            if second == 10 { #expect(abs(meter.cores - 2) < 0.01) }
        }
        #expect(meter.cores < 0.01 && meter.memory == 77 && meter.time == .seconds(20))
        meter.see(.init(memory: 5, ticks: 1), at: start + .seconds(21))
        #expect(meter.time == .seconds(20), "what a process used that is gone stays counted")
        meter.end(.seconds(21))
        #expect(meter.time == .seconds(21) && meter.memory == 0)
    }
}
