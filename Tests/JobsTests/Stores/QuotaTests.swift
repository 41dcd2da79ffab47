import Faults
import Foundation
import GRDB
import Ledger
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Jobs

/// Quotas are looked at where jobs are added, all at once or not at all.
@Suite(.timeLimit(.minutes(2))) struct QuotaTests {
    private static let scope = Scope(tenant: "risk", project: "cards")

    private func with(_ body: (JobRows, SQLiteDatabase, _ path: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "quota-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "site.sqlite").path
        let database = try SQLiteDatabase(path: path, snapshots: folder.path, migrations: [JobMigrations.self])
        try await body(JobRows(database), database, path)
    }

    private func entry(_ scope: Scope = scope, created: Timestamp = .now) throws -> JobEntry {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        return JobEntry(
            job: ULID.make(), name: plan.name, scope: scope, owner: plan.owner, requester: "ana", created: created,
            plan: plan.bytes, digest: plan.digest)
    }

    private func quota(_ scope: Scope = scope, _ change: (inout JobQuota) -> Void) -> JobQuota {
        var quota = JobQuota(name: "q", scope: scope)
        change(&quota)
        return quota
    }

    /// Many at once never pass a quota, whichever comes first.
    @Test func jobsThatComeTogetherNeverPassAQuota() async throws {
        try await with { rows, _, _ in
            let quotas = [quota { $0.jobs = 7 }, quota(Scope(tenant: "risk")) { $0.cores = 10 }]
            let admitted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    let entry = try entry()
                    group.addTask {
                        do {
                            try await rows.add(entry, JobState(), asking: JobUse(jobs: 1, cores: 2), within: quotas)
                            return true
                        } catch let fault as Fault where fault.is(JobFaults.overQuota) {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            // Ten cores are five jobs, whatever the other quota would allow.
            #expect(admitted == 5)
            #expect(try await rows.use(in: Self.scope, at: .now) == JobUse(jobs: 5, cores: 10))
            #expect(try await rows.open().count == 5)
        }
    }

    @Test func aRefusalSaysWhatIsUsedAskedAndHard() async throws {
        try await with { rows, _, _ in
            let quotas = [
                quota {
                    ($0.jobs, $0.cores, $0.memory, $0.requests) = (2, 3, 3 << 30, 1)
                }
            ]
            let asked = JobUse(jobs: 1, cores: 2, memory: 2 << 30, requests: 1)
            try await rows.add(entry(), JobState(), asking: asked, within: quotas)
            let fault = await #expect(throws: Fault(JobFaults.overQuota)) {
                try await rows.add(try entry(), JobState(), asking: asked, within: quotas)
            }
            let told = fault?.parts.map(\.what) ?? []
            #expect(told.count == 3, "jobs are within it")
            #expect(told[0].contains("cores: used 2, asked 2, hard 3") && fault?.parts[0].wanted == "at most 1 cores")
            #expect(told[1].contains("MiB of memory: used 2048, asked 2048, hard 3072"))
            #expect(told[2].contains("requests of partners in 24 hours: used 1, asked 1, hard 1"))
            // What fits to the last core is taken; what asks for none of it is not held up.
            try await rows.add(
                entry(), JobState(), asking: JobUse(jobs: 1, cores: 1, memory: 1 << 30), within: quotas)
            await #expect(throws: Fault(JobFaults.overQuota)) {
                try await rows.add(try entry(), JobState(), asking: JobUse(jobs: 1), within: quotas)
            }
        }
    }

    /// Jobs that have ended free everything but the requests of the last day; other tenants count for nothing.
    @Test func whatHasEndedIsFreeAndWhatIsOldIsForgotten() async throws {
        try await with { rows, _, _ in
            let now = Timestamp.now
            let quotas = [quota { ($0.jobs, $0.requests) = (1, 2) }]
            let asked = JobUse(jobs: 1, requests: 1)
            let yesterday = Timestamp(milliseconds: now.milliseconds - JobQuota.window)
            for (index, created) in [yesterday, now].enumerated() {
                let entry = try entry(created: created)
                try await rows.add(entry, JobState(), asking: asked, within: quotas)
                try await rows.save(entry.job, JobState(), revision: Int64(index) + 1, isOver: true)
            }
            for other in [Scope(tenant: "risk", project: "small"), Scope(tenant: "retail", project: "cards")] {
                try await rows.add(entry(other), JobState(), asking: asked)
            }
            #expect(try await rows.use(in: Self.scope, at: now) == JobUse(requests: 1))
            #expect(try await rows.use(in: Scope(tenant: "risk"), at: now) == JobUse(jobs: 1, requests: 2))
            let last = try entry()
            try await rows.add(last, JobState(), asking: asked, within: quotas)
            // The same job again is no other one.
            try await rows.add(last, JobState(), asking: asked, within: quotas)
            try await rows.save(last.job, JobState(), revision: 9, isOver: true)
            await #expect(throws: Fault(JobFaults.overQuota)) {
                try await rows.add(try entry(), JobState(), asking: asked, within: quotas)
            }
        }
    }

    /// A database from before quotas: open jobs are counted as their plans ask.
    @Test func jobsFromBeforeAreCountedByTheirPlans() async throws {
        try await with { rows, database, path in
            let entry = try entry()
            try await rows.add(entry, JobState())
            try await database.write { db in
                try db.execute(
                    sql: """
                        DROP INDEX job_scope;
                        DROP INDEX job_unclosed;
                        ALTER TABLE job DROP COLUMN cores;
                        ALTER TABLE job DROP COLUMN memory;
                        ALTER TABLE job DROP COLUMN requests;
                        ALTER TABLE job DROP COLUMN is_closed;
                        DELETE FROM grdb_migrations WHERE identifier IN ('jobs-4', 'jobs-6');
                        """)
            }
            let again = try SQLiteDatabase(
                path: path, snapshots: (path as NSString).deletingLastPathComponent, migrations: [JobMigrations.self])
            let plan = try JobPlan(bytes: entry.plan)
            #expect(
                try await JobRows(again).use(in: Self.scope, at: .now)
                    == JobUse(
                        jobs: 1, cores: Int64(plan.limits.cores), memory: Int64(plan.limits.memory),
                        requests: plan.parties.count > 1 ? 1 : 0))
            #expect(plan.limits.cores > 0 && plan.parties.count > 1)
            try again.close()
        }
    }

    // MARK: Between sites

    @Test func partiesSayWhatTheirQuotasHaveAgainstAJobAndTakeItLater() async throws {
        try await JobSites.with(2) { sites in
            for index in 0..<2 { try await sites.ready(index) }
            var own = JobQuota(name: "own", scope: Scope(tenant: "t"))
            own.jobs = 1
            var peers = JobQuota(name: "peers", scope: JobSites.mirrorScope)
            peers.cores = 1
            sites.policy.withLock { $0.quotas = [sites.ids[0]: [own], sites.ids[1]: [peers]] }
            sites.policy.withLock { $0.approval = [sites.ids[1]: "so that it waits"] }
            let wide = await #expect(throws: Fault(JobFaults.refused)) {
                try await sites.service(0).consider(sites.plan("wide", cores: 2), in: JobSites.scope)
            }
            #expect(wide?.parts.count == 1 && wide?.parts[0].place?.contains(sites.ids[1].short) == true)
            #expect(wide?.parts[0].what.contains("cores: used 0, asked 2, hard 1") == true)
            let first = try await sites.submit(sites.plan("first"))
            try await sites.wait(first, at: 1) { _ in true }
            let second = await #expect(throws: Fault(JobFaults.refused)) {
                try await sites.service(0).consider(sites.plan("second"), in: JobSites.scope)
            }
            #expect(second?.parts.count == 2, "both sites are full")
            let plan = sites.plan("third")
            await #expect(throws: Fault(JobFaults.overQuota)) { try await sites.submit(plan) }
            await #expect(throws: Fault(JobFaults.unknownJob)) { _ = try await sites.service(0).summary(plan.job) }
            try await sites.service(1).approve(first, by: "bo")
            _ = try await sites.end(first)
            // Room is there when the job has ended everywhere.
            while true {
                do {
                    try await sites.service(0).consider(sites.plan("fourth"), in: JobSites.scope)
                    break
                } catch let fault as Fault where fault.is(JobFaults.refused) {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
        }
    }
}
