import Foundation
import Ledger
import Resources
import Testing

@testable import Jobs

/// What is told of the jobs that are stored.
@Suite struct StoredJobTests {
    @Test func aStoredJobSaysWhatItLeftAndWhetherItSucceeded() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "jobs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(
            path: folder.appending(path: "site.sqlite").path, snapshots: folder.path, migrations: [JobMigrations.self])
        let rows = JobRows(database)
        let plan = try SampleOperators.compile(SampleOperators.spec)
        let digest = [UInt8](repeating: 0xAB, count: 32)
        #expect(try await StoredJobs(rows).find(plan.job) == nil)
        let entry = JobEntry(
            job: plan.job, name: plan.name, scope: Scope(tenant: "risk", project: "small"), owner: plan.owner,
            requester: "ana", created: .now, plan: plan.bytes, digest: plan.digest)
        var state = JobState()
        try await rows.add(entry, state)
        #expect(
            try await StoredJobs(rows).find(plan.job) == EarlierJob(plan: plan, hasSucceeded: false, outputs: [:]))
        var decision = JobDecision(job: plan.job, tasks: plan.tasks.map(\.name))
        for (revision, phase) in JobPhase.allCases.enumerated() {
            decision.phase = phase
            state.participant.decision = decision
            state.participant.digests = ["first": digest.hexadecimal]
            try await rows.save(plan.job, state, revision: Int64(revision) + 1, isOver: false)
            #expect(
                try await StoredJobs(rows).find(plan.job)
                    == EarlierJob(plan: plan, hasSucceeded: phase == .succeeded, outputs: ["first": digest]))
        }
        try await rows.remove(plan.job)
        #expect(try await StoredJobs(rows).find(plan.job) == nil)
        try database.close()
    }
}
