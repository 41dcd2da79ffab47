import Ledger
import Resources
import Testing

@testable import Jobs

struct PauseTests {
    @Test("what a job was paused for is added up, and told when the pause is over")
    func adds() throws {
        let site = SiteID(digest: [UInt8](repeating: 1, count: 32))
        var job = JobCoordinator(job: "01J", tasks: ["a"], parties: [site], owner: site, now: 0)
        var view = PartyView(tasks: [TaskView(name: "a")])
        view.consent = .accepted
        func decide(_ now: Int64) {
            (view.epoch, view.sequence) = (job.decision.epoch, job.decision.sequence)
            _ = job.decide(views: [site: view], silence: [:], now: now)
        }
        decide(10)
        #expect(job.decision.phase == .reserve && job.record.pausedSeconds == 0)
        for (start, end) in [(Int64(1_000), Int64(4_500)), (10_000, 10_250)] {
            try job.wish(.pause)
            decide(start)
            #expect(job.decision.phase == .pause)
            let before = job.record.pausedSeconds
            decide(end - 1)
            #expect(job.record.pausedSeconds == before, "it goes on")
            try job.wish(.resume)
            decide(end)
            #expect(job.decision.phase == .reserve)
        }
        #expect(job.record.pausedSeconds == 3.75)
        let summary = JobSummary(
            plan: JobPlan(
                job: "01J", name: "a", owner: site, seed: [], parties: [PlannedParty(site: site, role: "member")],
                tasks: [], limits: JobLimits(memory: 1, cores: 1, seconds: 1)),
            site: site, decision: job.decision, views: [site: view], silence: [:], lost: 15,
            pausedSeconds: job.record.pausedSeconds)
        #expect(summary.json(job: "01J", digest: "", owner: "", name: { _ in nil })["pausedSeconds"] == 3.75)
    }
}
