import Faults
import Foundation
import Jobs
import Ledger
import ResourcesTestKit
import Testing

struct AgreementTests {
    @Test("whatever is lost, repeated, late or killed, all parties end alike with nothing left behind")
    func chaos() throws {
        var generator = SeededGenerator.printed(for: "AgreementTests.chaos")
        let isLong = ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] != nil
        if !isLong { print("AgreementTests.chaos: 12 runs; 500 with ATOLL_TEST_LONG") }
        var (starts, crashes) = (0, 0)
        for _ in 0..<(isLong ? 500 : 12) {
            let seed = generator.next()
            var simulator = AgreementSimulator(
                sites: Int.random(in: 2...4, using: &generator), jobs: Int.random(in: 1...5, using: &generator),
                tasks: Int.random(in: 1...3, using: &generator), SeededGenerator(seed: seed))
            simulator.mischief = [5, 20, 60].randomElement(using: &generator)!
            do {
                for _ in 0..<4_000 { try simulator.tick() }
                // The world calms down: whatever state it is in, everything ends.
                simulator.mischief = 0
                for node in simulator.nodes.indices { simulator.nodes[node].isCut = false }
                var calm = 0
                while !simulator.isSettled, calm < 200_000 {
                    try simulator.tick()
                    calm += 1
                }
                let isSettled = simulator.isSettled
                try #require(isSettled, "seed \(seed): \(simulator.summary)")
            } catch let error as AgreementSimulator.Broken {
                Issue.record("seed \(seed): \(error)")
                return
            }
            for job in simulator.jobs.indices {
                let decision = simulator.nodes[simulator.owners[job]].coordinators[job]!.decision
                #expect(decision.phase == .succeeded, "seed \(seed): \(decision)")
                for task in decision.tasks {
                    for (index, site) in simulator.sites.enumerated() {
                        #expect(task.digests[site.text] == "\(task.name) at \(index)", "seed \(seed)")
                    }
                }
            }
            starts += simulator.starts
            crashes += simulator.crashes
        }
        print("AgreementTests.chaos: \(starts) workers, \(crashes) crashes of sites")
        #expect(starts > 0 && crashes > 0)
    }

    @Test("a job that is cancelled, paused, resumed and retried at random ends alike everywhere")
    func wishes() throws {
        var generator = SeededGenerator.printed(for: "AgreementTests.wishes")
        for _ in 0..<8 {
            let seed = generator.next()
            var simulator = AgreementSimulator(sites: 3, jobs: 2, tasks: 2, SeededGenerator(seed: seed))
            do {
                for tick in 0..<6_000 {
                    try simulator.tick()
                    guard tick.isMultiple(of: 150) else { continue }
                    let job = Int.random(in: 0..<2, using: &generator)
                    let cancel = JobAction.cancel(JobProblem(Fault(JobFaults.cancelled)))
                    let action: JobAction =
                        tick > 3_000 && tick.isMultiple(of: 900)
                        ? cancel : [.pause, .resume].randomElement(using: &generator)!
                    let node = simulator.owners[job]
                    try? simulator.nodes[node].owned[job]?.wish(action)
                    simulator.nodes[node].coordinators[job] = simulator.nodes[node].owned[job]?.record
                }
                simulator.mischief = 0
                for node in simulator.nodes.indices { simulator.nodes[node].isCut = false }
                for job in 0..<2 { try? simulator.nodes[simulator.owners[job]].owned[job]?.wish(.resume) }
                var calm = 0
                while !simulator.isSettled, calm < 200_000 {
                    try simulator.tick()
                    calm += 1
                }
                let isSettled = simulator.isSettled
                try #require(isSettled, "seed \(seed): \(simulator.summary)")
            } catch let error as AgreementSimulator.Broken {
                Issue.record("seed \(seed): \(error)")
                return
            }
        }
    }
}
