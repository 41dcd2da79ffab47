import Faults
import Ledger
import Resources
import Testing

@testable import Jobs

struct ParticipantTests {
    private func decision(_ epoch: UInt64, _ sequence: UInt64, _ phase: JobPhase) -> JobDecision {
        var decision = JobDecision(job: "01J", tasks: ["a"])
        (decision.epoch, decision.sequence, decision.phase) = (epoch, sequence, phase)
        if phase == .run { decision.tasks[0].state = .run }
        return decision
    }

    private func ready() throws -> (JobParticipant, LocalState) {
        var participant = JobParticipant(job: "01J", tasks: ["a"])
        participant.consider(.accepted)
        _ = try participant.take(decision(3, 5, .run))
        var local = LocalState()
        (local.reservation, local.openEpoch) = (.inUse, 3)
        return (participant, local)
    }

    @Test("an older command is refused, the same again changes nothing, and a foreign one is refused")
    func order() throws {
        var (participant, _) = try ready()
        #expect(throws: Fault(JobFaults.oldCommand)) { try participant.take(decision(2, 4, .reserve)) }
        #expect(throws: Fault(JobFaults.oldCommand)) { try participant.take(decision(2, 9, .reserve)) }
        #expect(throws: Fault(JobFaults.oldCommand)) { try participant.take(decision(3, 5, .pause)) }
        let isNew = try participant.take(decision(3, 5, .run))
        #expect(!isNew)
        var foreign = decision(4, 6, .run)
        foreign.tasks[0].name = "b"
        #expect(throws: Fault(JobFaults.malformed)) { try participant.take(foreign) }
    }

    @Test(
        "a party says how fast its task goes, and whoever reads its view what is left; another start begins to count anew"
    )
    func progress() throws {
        var (participant, local) = try ready()
        let site = SiteID(digest: [UInt8](repeating: 1, count: 32))
        let plan = JobPlan(
            job: "01J", name: "a", owner: site, seed: [], parties: [PlannedParty(site: site, role: "member")],
            tasks: [],
            limits: JobLimits(memory: 1, cores: 1, seconds: 1))
        func status() -> JSONValue {
            .object(
                JobSummary(
                    plan: plan, site: site, decision: participant.record.decision,
                    views: [site: participant.view(local)],
                    silence: [:], lost: 15
                ).json(job: "01J", digest: "", owner: "", name: { _ in nil }))
        }
        local.running = [WorkerID(job: "01J", task: "a", epoch: 3)]
        for second in 0...10 {
            participant.progressed(
                "a", epoch: 3, done: UInt64(second * 4), total: 100, at: .seconds(second))
        }
        let side = status()["parties"]?.array?.first?["tasks"]?.array?.first
        #expect(side?["done"] == 40 && side?["total"] == 100)
        #expect(abs((side?["perSecond"]?.number ?? 0) - 4) < 1e-9)
        #expect(side?["remainingSeconds"] == 15 && status()["remainingSeconds"] == 15)
        participant.progressed("a", epoch: 2, done: 99, total: 100, at: .seconds(11))
        #expect(participant.view(local).task("a")?.done == 40)
        _ = try participant.take(decision(4, 6, .run))
        local.running = [WorkerID(job: "01J", task: "a", epoch: 4)]
        #expect(participant.view(local).task("a")?.rate == nil && status()["remainingSeconds"] == nil)
    }

    @Test("an end is final but for the retry of a failed job")
    func final() throws {
        var (participant, _) = try ready()
        _ = try participant.take(decision(4, 6, .failed))
        #expect(throws: Fault(JobFaults.malformed)) { try participant.take(decision(4, 7, .reserve)) }
        _ = try participant.take(decision(5, 7, .reserve))
        _ = try participant.take(decision(5, 8, .succeeded))
        #expect(throws: Fault(JobFaults.malformed)) { try participant.take(decision(6, 9, .reserve)) }
    }

    @Test(
        "a worker starts once in an epoch, and not at all where capacity was lost, the owner is silent or the site restarted"
    )
    func starting() throws {
        var (participant, local) = try ready()
        let worker = WorkerID(job: "01J", task: "a", epoch: 3)
        let steps1 = participant.steps(local)
        #expect(steps1 == [.start(worker, unit: 0)])
        participant.started("a")
        let steps2 = participant.steps(local)
        #expect(steps2.isEmpty)

        var (lost, without) = try ready()
        without.reservation = .waiting
        let steps3 = lost.steps(without)
        #expect(steps3 == [.suspend])
        #expect(lost.view(without).interruption?.fault == Fault(JobFaults.reservationLost))

        var (silent, alone) = try ready()
        alone.silence = 15
        alone.running = [worker]
        let steps4 = silent.steps(alone)
        #expect(steps4 == [.stop([worker])])
        (alone.silence, alone.running) = (0, [])
        let steps5 = silent.steps(alone)
        #expect(steps5 == [.suspend])
        #expect(silent.view(alone).interruption?.fault == Fault(JobFaults.noContact))

        var again = JobParticipant(job: "01J", tasks: ["a"], record: participant.record)
        local.openEpoch = nil
        let steps6 = again.steps(local)
        #expect(steps6.isEmpty)
        #expect(again.view(local).interruption?.fault == Fault(JobFaults.restarted))
    }

    @Test("workers of another epoch are stopped before anything else")
    func fencing() throws {
        var (participant, local) = try ready()
        let old = WorkerID(job: "01J", task: "a", epoch: 3)
        local.running = [old]
        var next = decision(4, 6, .run)
        next.tasks[0].state = .run
        _ = try participant.take(next)
        let steps7 = participant.steps(local)
        #expect(steps7 == [.stop([old])])
        local.running = []
        let steps8 = participant.steps(local)
        #expect(steps8 == [.open(4)])
    }

    @Test("another output of a repeated task is a fault of its own")
    func digests() throws {
        var (participant, local) = try ready()
        participant.finished("a", epoch: 3, digest: "one")
        _ = try participant.take(decision(4, 6, .run))
        participant.finished("a", epoch: 4, digest: "two")
        let problem = participant.view(local).tasks[0].problem
        #expect(problem?.fault == Fault(JobFaults.digestDiffers))
        #expect(problem?.isPassing == false)
        local.running = []
    }

    @Test("what may pass is told from what ends a job")
    func passing() {
        for entry in [JobFaults.workerHung, JobFaults.workerCrashed, JobFaults.restarted, LinkFaults.lost] {
            #expect(JobProblem(Fault(entry)).isPassing)
        }
        #expect(JobProblem(Fault(JobFaults.workerHung)).fault == Fault(JobFaults.workerHung))
        for entry in [JobFaults.workerOutOfMemory, JobFaults.workerOvertime, JobFaults.digestDiffers] {
            #expect(!JobProblem(Fault(entry)).isPassing)
        }
    }
}
