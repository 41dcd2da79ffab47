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

    /// A driver that is killed between the move of a site and the routes towards it leaves a port that is known and a
    /// route that is not.
    @Test(.timeLimit(.minutes(5)))
    func routesFollowASiteThatHadMovedBefore() async throws {
        try await TrialFixture.with { trial in
            try await fail(trial)
            let port = try #require(try TrialProgress.read(try trial.folder.path).sites[0].port)
            trial.doors.address.withLock { $0 = "127.0.0.1:1" }
            try trial.leave()
            #expect(try await trial.resume(keeps: true).failure == nil)
            #expect(trial.starts.count == 2, "both were taken over")
            #expect(trial.doors.address.withLock { $0 } == "127.0.0.1:\(port)")
            let probes = trial.doors.posted.withLock { $0.filter { $0.path.last == "probe" } }
            #expect(probes.count == 4, "routes that were changed are probed again")
            let applied = trial.doors.posted.withLock { $0.filter { $0.body["kind"] == "Route" } }
            #expect(applied.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aJoinCodeThatHasExpiredIsMadeAnew() async throws {
        try await TrialFixture.with { trial in
            trial.doors.expired.withLock { $0 = ["code"] }
            // A new one that is refused at once is no better a second time.
            let fault = try await trial.run(keeps: true).failure
            #expect(fault == Fault(JoiningFaults.codeExpired))
            let path = try trial.folder.path
            #expect(try Array(TrialProgress.read(path).codes.values) == ["code"])
            var progress = try TrialProgress.read(path)
            progress.codes = progress.codes.mapValues { _ in "old" }
            try progress.write(to: path)
            trial.doors.expired.withLock { $0 = ["old"] }
            #expect(try await trial.resume().failure == nil)
            let posted = trial.doors.posted.withLock { $0 }
            #expect(posted.count { $0.path == ["peers", "invite"] } == 2)
            let codes = posted.filter { $0.path == ["peers", "accept"] }.compactMap { $0.body["code"]?.string }
            #expect(codes == ["code", "old", "code"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func theTimeOfAJobIsThatInWhichItWasNotPaused() async throws {
        try await TrialFixture.with { trial in
            try await fail(trial)
            let submitted = try #require(try TrialProgress.read(try trial.folder.path).submitted["t"])
            let end = Timestamp(milliseconds: submitted + 100_000)
            trial.doors.answers.withLock {
                $0["log"] = ["items": [["time": .string(end.description)]]]
                $0["retried"] = ["status": ["state": "Succeeded", "job": "01J", "epoch": 3, "pausedSeconds": 60]]
            }
            let figures = try await trial.resume().figures
            #expect(abs((figures["actual"] ?? 0) - 40) < 1e-6)
            #expect(abs((figures["predicted_over_actual"] ?? 0) - 7.0 / 40) < 1e-6)
        }
    }

    /// Kept at its end, and its driver killed while it removed it, or a site gone meanwhile: there is nothing whole to keep.
    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func whatIsHalfRemovedIsNotKept(_ hasBegun: Bool) async throws {
        try await TrialFixture.with { trial in
            #expect(try await trial.run(keeps: true).failure == nil)
            #expect(try trial.folder.phase == nil && trial.folder.state == .kept)
            let path = try trial.folder.path
            var progress = try TrialProgress.read(path)
            if hasBegun {
                progress.isBeingRemoved = true
                try progress.write(to: path)
            } else {
                kill(progress.sites[1].process, SIGKILL)
            }
            try trial.leave()
            #expect(try trial.folder.phase == .tearDown)
            let report = try await trial.resume(keeps: true)
            #expect(report.failure == nil && report.kept == nil)
            #expect(report.phases.map(\.phase) == [.deploy, .check, .measure, .tearDown])
            let said = trial.events.contains {
                if case .progress(.tearDown, let text) = $0 { text.contains("cannot be kept") } else { false }
            }
            #expect(said)
            #expect(!FileManager.default.fileExists(atPath: trial.data))
            #expect(trial.doors.marks.allSatisfy { $0.processes().isEmpty })
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatIsWholeIsKeptByResuming() async throws {
        try await TrialFixture.with { trial in
            #expect(try await trial.run(keeps: true).failure == nil)
            try trial.leave()
            let report = try await trial.resume(keeps: true)
            #expect(report.failure == nil && report.kept != nil)
            #expect(try trial.folder.state == .kept && trial.folder.processes().count == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aTrialThatFailedAndWasBeingRemovedCannotGoOn() async throws {
        try await TrialFixture.with { trial in
            try await fail(trial)
            let path = try trial.folder.path
            var progress = try TrialProgress.read(path)
            progress.isBeingRemoved = true
            try progress.write(to: path)
            try trial.leave()
            await #expect(throws: Fault(TrialFaults.notResumable)) { _ = try await trial.resume() }
            try TrialShelf(data: trial.data).clean("t")
            #expect(!FileManager.default.fileExists(atPath: trial.data))
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
