import Faults
import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Trials

/// Going on where a driver was killed, with sites that are plain processes behind a door of the test.
@Suite struct TrialResumeTests {
    /// A trial whose job fails, kept.
    private func fail(_ trial: TrialFixture) async throws {
        trial.doors.answers.withLock { $0["job"] = ["status": ["state": "Failed", "job": "01J", "epoch": 2]] }
        let report = try await trial.run(keeps: true)
        #expect(report.failure == Fault(TrialFaults.jobFailed))
    }

    @Test(.timeLimit(.minutes(5)))
    func aTrialThatFailedAndWasKeptGoesOnWithItsSites() async throws {
        try await TrialFixture.with { trial in
            try await fail(trial)
            let sites = try Set(trial.folder.processes())
            #expect(try trial.folder.state == .kept && trial.folder.phase == .measure)
            let report = try await trial.resume(keeps: true)
            #expect(report.failure == nil && report.resumed == 1)
            #expect(report.phases.map(\.phase) == [.deploy, .check, .measure])
            #expect(report.routes.count == 2 && report.pairs.count == 2)
            #expect(try Set(trial.folder.processes()) == sites, "none was started again")
            #expect(trial.starts.count == 2)
            // The job that had failed was begun again and not submitted again.
            let posts = trial.doors.posted.withLock { $0.map(\.path) }
            #expect(posts.count { $0 == ["jobs", "submit"] } == 1 && posts.contains(["jobs", "t", "retry"]))
            await #expect(throws: Fault(TrialFaults.notResumable)) { _ = try await trial.resume() }
            try TrialShelf(data: trial.data).clean("t")
            #expect(!FileManager.default.fileExists(atPath: trial.data))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aSiteThatIsGoneIsStartedOnThePortThatItHad() async throws {
        try await TrialFixture.with { trial in
            try await fail(trial)
            let known = try TrialProgress.read(try trial.folder.path).sites
            kill(known[0].process, SIGKILL)
            // Nobody has waited for it, as when its parent was killed: it counts as gone all the same.
            try trial.leave()
            let report = try await trial.resume()
            #expect(report.failure == nil)
            #expect(trial.starts.count == 3)
            #expect(trial.starts[2] == trial.starts.first { $0.contains("--site-name a") })
            #expect(trial.starts[2].contains("127.0.0.1:\(try #require(known[0].port))"))
            #expect(!FileManager.default.fileExists(atPath: trial.data))
            #expect(trial.doors.marks.allSatisfy { $0.processes().isEmpty })
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whereThePortIsLostRoutesFollow() async throws {
        let program =
            "case \"$*\" in *'--site-name a '*) if [ -e \"$0.taken\" ]; then rm \"$0.taken\"; "
            + "echo \(ProgramFaults.listen.number) >&2; exit 1; fi;; esac; exec sleep 3600"
        try await TrialFixture.with(program: program) { trial in
            try await fail(trial)
            let known = try TrialProgress.read(try trial.folder.path).sites
            kill(known[0].process, SIGKILL)
            try trial.takePort()
            try trial.leave()
            trial.doors.isSilent.withLock { $0 = true }
            let report = try await withThrowingTaskGroup(of: TrialReport.self) { group in
                group.addTask { try await trial.resume() }
                try await eventually(within: .seconds(120), "the second start") { trial.starts.count == 4 }
                trial.doors.isSilent.withLock { $0 = false }
                return try await group.next()!
            }
            #expect(report.failure == nil)
            let port = trial.starts[3].split(separator: ":").last.map(String.init) ?? ""
            #expect(port != "\(known[0].port ?? 0)" && !port.isEmpty)
            let applied = trial.doors.posted.withLock { $0.filter { $0.path == ["apply"] }.map(\.body) }
            let route = applied.first { $0["kind"] == "Route" }
            #expect(route?["spec"]?["address"]?.string == "127.0.0.1:\(port)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatNoSiteHasStartedIsEnded() async throws {
        try await TrialFixture.with { trial in
            try await fail(trial)
            let stray = Process()
            stray.executableURL = URL(filePath: "/bin/sleep")
            stray.arguments = ["3600"]
            let mark = try trial.folder.mark
            stray.environment = [mark.variable: mark.value]
            try stray.run()
            let process = stray.processIdentifier
            try await eventually(within: .seconds(120), "its program") { mark.isOn(process) }
            try trial.leave()
            let report = try await trial.resume(keeps: true)
            #expect(report.failure == nil)
            stray.waitUntilExit()
            #expect(stray.terminationReason == .uncaughtSignal)
            #expect(try trial.folder.processes().count == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func twoCannotGoOnAtOnce() async throws {
        try await TrialFixture.with { trial in
            try await fail(trial)
            try trial.leave()
            let held = try #require(try FolderLock.take(try trial.folder.path))
            #expect(try FolderLock.take(try trial.folder.path) == nil)
            await #expect(throws: Fault(TrialFaults.running)) { _ = try await trial.resume() }
            #expect(throws: Fault(TrialFaults.running)) { try TrialShelf(data: trial.data).clean("t") }
            #expect(try trial.folder.processes().count == 2, "nothing was touched")
            withExtendedLifetime(held) {}
        }
        try await TrialFixture.with { trial in
            #expect(throws: Fault(TrialFaults.unknown)) {
                _ = try TrialDriver(
                    resuming: "t", data: trial.data, program: "", doors: trial.doors, keeps: false, tell: { _ in })
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aTrialOfWhichNothingIsKnownCannotGoOn() async throws {
        try await TrialFixture.with { trial in
            try await fail(trial)
            let path = try trial.folder.path
            try FileManager.default.removeItem(atPath: path + "/progress.json")
            await #expect(throws: Fault(TrialFaults.notResumable)) { _ = try await trial.resume() }
            #expect(try trial.folder.phase == nil)
            try TrialShelf(data: trial.data).clean("t")
        }
    }
}
