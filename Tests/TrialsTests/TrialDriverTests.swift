import Faults
import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Trials

/// Trials whose sites are plain processes behind a door of the test: what the driver does when something fails.
@Suite struct TrialDriverTests {
    @Test(.timeLimit(.minutes(5)))
    func aTrialThatHoldsLeavesNothing() async throws {
        try await TrialFixture.with { trial in
            let report = try await trial.run()
            #expect(report.failure == nil)
            #expect(report.phases.map(\.phase) == [.deploy, .check, .measure, .tearDown])
            #expect(report.routes.map(\.outcome) == ["pass", "pass"])
            #expect(report.figures["a.b.bandwidth_out"] == 2e6 && report.figures["b.disk.write"] == 3e6)
            #expect(report.figures["predicted"] == 7)
            #expect(trial.events.contains(.began(.tearDown)))
            #expect(!FileManager.default.fileExists(atPath: trial.data))
            #expect(trial.doors.marks.allSatisfy { $0.processes().isEmpty })
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func anExpectationThatDoesNotHoldIsTheFailure() async throws {
        try await TrialFixture.with(expect: ["bandwidth >= 1e9", "seconds >= 0"]) { trial in
            let report = try await trial.run()
            #expect(report.failure == Fault(TrialFaults.notHeld))
            #expect(report.expectations.map { $0.failure == nil } == [false, true])
            #expect(!FileManager.default.fileExists(atPath: trial.data))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aRouteThatDoesNotWorkIsToldWithItsLayer() async throws {
        try await TrialFixture.with { trial in
            trial.doors.answers.withLock {
                $0["routes"] = [
                    "outcome": "fail", "failing": "tls",
                    "steps": [
                        ["layer": "tls", "number": "ATL-3020", "found": "1.2", "wanted": "1.3", "fix": "update"]
                    ],
                ]
            }
            let fault = try await trial.run(patience: .milliseconds(300)).failure
            #expect(fault == Fault(TrialFaults.routeFailed))
            #expect(fault?.place == "layer tls" && fault?.wanted == "1.3" && fault?.fix == "update")
            #expect(!FileManager.default.fileExists(atPath: trial.data))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aJobThatFailsIsToldWithItsReason() async throws {
        try await TrialFixture.with { trial in
            trial.doors.answers.withLock {
                $0["job"] = [
                    "status": ["state": "Failed", "reason": ["number": "ATL-4061", "text": "memory", "fix": "more"]]
                ]
            }
            let fault = try await trial.run().failure
            #expect(fault == Fault(TrialFaults.jobFailed))
            #expect(fault?.what.contains("ATL-4061 memory") == true && fault?.fix == "more")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aSiteThatEndsIsToldWithItsLastLines() async throws {
        try await TrialFixture.with(program: "echo no room >&2; exit 1") { trial in
            trial.doors.isSilent.withLock { $0 = true }
            let fault = try await trial.run().failure
            #expect(fault == Fault(TrialFaults.siteNotStarted))
            #expect(fault?.place == "no room")
            #expect(!FileManager.default.fileExists(atPath: trial.data))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aCancelledTrialTearsDownAndSaysSo() async throws {
        try await TrialFixture.with { trial in
            trial.doors.answers.withLock { $0["job"] = ["status": ["state": "Running"]] }
            let report = try await withThrowingTaskGroup(of: TrialReport.self) { group in
                group.addTask { try await trial.run() }
                try await eventually(within: .seconds(120), "the job") {
                    trial.events.contains { if case .progress(.measure, _) = $0 { true } else { false } }
                }
                group.cancelAll()
                return try await group.next()!
            }
            #expect(report.failure == Fault(TrialFaults.interrupted))
            #expect(!FileManager.default.fileExists(atPath: trial.data))
            #expect(trial.doors.marks.allSatisfy { $0.processes().isEmpty })
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aKeptTrialRunsOnAndIsCleaned() async throws {
        try await TrialFixture.with { trial in
            let report = try await trial.run(keeps: true)
            #expect(report.failure == nil && report.kept != nil)
            let shelf = TrialShelf(data: trial.data)
            let kept = try #require(shelf.list().first)
            #expect(kept.state == .kept && kept.processes().count == 2)
            await #expect(throws: Fault(TrialFaults.exists)) { _ = try await trial.run() }
            // There is nothing left to do.
            await #expect(throws: Fault(TrialFaults.notResumable)) { _ = try await trial.resume() }
            #expect(kept.processes().count == 2)
            try shelf.clean("t")
            #expect(shelf.list().isEmpty)
            #expect(trial.doors.marks.allSatisfy { $0.processes().isEmpty })
        }
    }
}
