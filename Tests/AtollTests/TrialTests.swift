import Faults
import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Testing

@testable import Trials
@testable import atoll

/// `atoll trial` with real sites: processes, TLS, a job, and nothing left.
@Suite struct TrialTests {
    @Test(.timeLimit(.minutes(10)), arguments: [["bank", "partner"], ["bank", "partner", "insurer"]])
    func aTrialMeasuresEveryPairOfItsSitesAndLeavesNothing(_ sites: [String]) async throws {
        try await TrialRunFixture.with(sites: sites) { trial in
            let run = try await CommandOutcome.of(["trial", "run", trial.file, "--json"], data: trial.data)
            #expect(run.status == 0, "\(run.error)\n\(run.output)")
            let last = try JSONParser.parse(String(run.output.split(separator: "\n").last ?? ""))
            let report = try #require(last["report"])
            #expect(report["held"] == true)
            #expect(
                report["phases"]?.array?.compactMap { $0["phase"]?.string } == [
                    "deploy", "check", "measure", "tear-down",
                ])
            #expect(report["routes"]?.array?.count == sites.count * (sites.count - 1))
            let own = sites.flatMap { ["\($0).kernel.encryptions_per_second", "\($0).disk.write"] }
            let pairs = sites.flatMap { from in sites.filter { $0 != from }.map { "\(from).\($0)" } }
            let between = pairs.flatMap { ["\($0).round_trip_p50", "\($0).bandwidth_out"] }
            for figure in own + between + ["bandwidth", "largest_frame", "actual"] {
                #expect((report["figures"]?[figure]?.number ?? 0) > 0, "\(figure)")
            }
            #expect(!FileManager.default.fileExists(atPath: trial.data))
            #expect(trial.processes().isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func whatDoesNotHoldIsTheLastLineAndTheExitCode() async throws {
        try await TrialRunFixture.with(expect: "seconds <= 0.001") { trial in
            let run = try await CommandOutcome.of(["trial", "run", trial.file], data: trial.data)
            #expect(run.status == ExitStatus.checksFailed.rawValue, "\(run.error)")
            let lines = run.output.split(separator: "\n")
            #expect(lines.last?.hasPrefix("Trial small failed: \(TrialFaults.notHeld.number)") == true, "\(run.output)")
            for words in ["SITE ", "ROUND TRIP", "measure ", "fails  ", "holds  largest_frame"] {
                #expect(lines.contains { $0.contains(words) }, "\(words): \(run.output)")
            }
            #expect(run.error.contains("Deploy") && run.error.contains("Succeeded"), "\(run.error)")
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func afterKill9OfTheDriverCleaningLeavesNothing() async throws {
        try await TrialRunFixture.with(kernelSeconds: 60) { trial in
            let driver = try await trial.startUntilMeasuring()
            let mark = try #require(trial.mark)
            // Two sites and their workers.
            try await eventually(within: .seconds(120), "two workers") { mark.processes().count >= 4 }
            kill(driver.processIdentifier, SIGKILL)
            driver.waitUntilExit()
            #expect(!mark.processes().isEmpty, "sites survive their driver")
            let list = try await CommandOutcome.of(["trial", "list", "-o", "json"], data: trial.data)
            #expect(try list.json["items"]?.array?.first?["state"] == "left")
            let again = try await CommandOutcome.of(["trial", "run", trial.file, "--json"], data: trial.data)
            #expect(again.says(TrialFaults.exists))
            let groups = trial.controlGroups()
            let clean = try await CommandOutcome.of(["trial", "clean", "--all"], data: trial.data)
            #expect(clean.status == 0, "\(clean.error)")
            #expect(mark.processes().isEmpty && trial.processes().isEmpty)
            for group in groups { #expect(!FileManager.default.fileExists(atPath: group)) }
            #expect(!FileManager.default.fileExists(atPath: trial.data))
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: [SIGTERM, SIGINT])
    func aSignalTearsEverythingDown(_ signal: Int32) async throws {
        try await TrialRunFixture.with(kernelSeconds: 60) { trial in
            let driver = try await trial.startUntilMeasuring()
            let mark = try #require(trial.mark)
            kill(driver.processIdentifier, signal)
            try await eventually(within: .seconds(120), "the driver's end") { !driver.isRunning }
            #expect(driver.terminationReason == .exit && driver.terminationStatus != 0)
            #expect(mark.processes().isEmpty && trial.processes().isEmpty)
            #expect(!FileManager.default.fileExists(atPath: trial.data))
            let output = try String(contentsOfFile: trial.output, encoding: .utf8)
            let last = try JSONParser.parse(String(output.split(separator: "\n").last ?? ""))
            #expect(last["report"]?["failure"]?["number"] == .string("\(TrialFaults.interrupted.number)"))
        }
    }

    @Test func aTrialThatIsWrongStartsNothing() async throws {
        let folder = ClientFolder()
        let broken = folder.write(
            "t.yaml", "apiVersion: atoll.dev/v1alpha1\nkind: Trial\nmetadata: {name: t}\nspec: {}\n")
        let refused = try await CommandOutcome.of(["trial", "run", broken], data: folder.path + "/data")
        #expect(refused.status == 1 && refused.error.hasPrefix("ATL-10"), "\(refused.error)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))
    }

    @Test func aTrialThatWasKeptAtItsEndIsInNoPhase() async throws {
        let folder = ClientFolder()
        let data = folder.path + "/data"
        let spec = try await Trial.read(Array(Trial.kind.example.utf8), file: nil)
        let made = try TrialFolder.make(spec.name, in: data)
        var progress = TrialProgress(spec, files: ".", reproduce: "", began: .now)
        func phase() async throws -> JSONValue? {
            try progress.write(to: made.path)
            try made.keep()
            return try await CommandOutcome.of(["trial", "list", "-o", "json"], data: data).json["items"]?.array?
                .first?["phase"]
        }
        progress.report.phases = [TrialPhase.deploy, .check].map { .init(phase: $0, start: 0, seconds: 1) }
        #expect(try await phase() == "measure")
        progress.report.phases.append(.init(phase: .measure, start: 0, seconds: 1))
        #expect(try await phase() == "kept")
    }

    @Test func aTrialThatIsRefusedLeavesNoFolderForItsReport() async throws {
        let folder = ClientFolder()
        let data = folder.path + "/data"
        let file = folder.write(
            "t.yaml",
            "apiVersion: atoll.dev/v1alpha1\nkind: Trial\nmetadata: {name: t}\nspec: {sites: [{name: a}, {name: b}]}\n")
        try FileManager.default.createDirectory(atPath: data + "/trials/t", withIntermediateDirectories: true)
        let report = folder.path + "/deep/report"
        let refused = try await CommandOutcome.of(["trial", "run", file, "--report", report], data: data)
        #expect(refused.says(TrialFaults.exists), "\(refused.error)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/deep"))
        let resumed = try await CommandOutcome.of(["trial", "resume", "t", "--report", report], data: data)
        #expect(resumed.says(TrialFaults.notResumable), "\(resumed.error)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/deep"))
        // Where none can be made nothing is begun.
        let wrong = try await CommandOutcome.of(["trial", "run", file, "--report", file + "/r"], data: data + "2")
        #expect(wrong.says(TrialFaults.folder), "\(wrong.error)")
        #expect(!FileManager.default.fileExists(atPath: data + "2"))
    }
}

/// A small trial in a folder of its own, whose processes are ended whatever happens.
private struct TrialRunFixture: Sendable {
    private let folder: String
    var data: String { folder + "/d" }
    var file: String { folder + "/trial.yaml" }
    var output: String { folder + "/out" }

    static func with(
        sites: [String] = ["bank", "partner"], kernelSeconds: Double = 0.2, expect: String = "seconds <= 600",
        _ body: (TrialRunFixture) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "at-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let trial = TrialRunFixture(folder: folder)
        try """
        apiVersion: atoll.dev/v1alpha1
        kind: Trial
        metadata: {name: small}
        spec:
          sites: [\(sites.map { "{name: \($0)}" }.joined(separator: ", "))]
          job:
            tasks:
              - name: verify
                operator: verify
                parameters:
                  rounds: 20
                  frames: 8
                  frameBytes: 65536
                  largestFrame: 1048576
                  kernelSeconds: \(kernelSeconds)
                  diskMiB: 4
          expect: ['\(expect)', 'largest_frame >= 1048576']
        """.write(toFile: trial.file, atomically: false, encoding: .utf8)
        do {
            try await body(trial)
        } catch {
            trial.end()
            throw error
        }
        trial.end()
    }

    /// Of the trial that runs now.
    var mark: ProcessMark? {
        let path = data + "/trials/small/trial.json"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let value = try? JSONParser.parse(text)["mark"]?.string
        else { return nil }
        return ProcessMark(variable: "ATOLL_TRIAL", value: value)
    }

    func startUntilMeasuring() async throws -> Process {
        try Data().write(to: URL(filePath: output))
        let driver = try Program.start(
            ["trial", "run", file, "--json"], data: data, output: FileHandle(forWritingTo: URL(filePath: output)))
        try await eventually(within: .seconds(240), "the job to run") {
            let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            return text.contains("Running") || !driver.isRunning
        }
        return driver
    }

    /// Processes whose command line names this folder.
    func processes() -> [Int32] {
        ProcessStatus.all().filter { id in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
            return String(decoding: bytes, as: UTF8.self).contains(data + "/trials/")
        }
    }

    /// Folders of the control groups that the workers' records name.
    func controlGroups() -> [String] {
        ["bank", "partner"].flatMap { site -> [String] in
            let workers = data + "/trials/small/\(site)/workers"
            let files = (try? FileManager.default.contentsOfDirectory(atPath: workers)) ?? []
            return files.flatMap { file -> [String] in
                let text = (try? String(contentsOfFile: "\(workers)/\(file)", encoding: .utf8)) ?? ""
                return ((try? JSONParser.parse(text))?["groups"]?.array ?? []).compactMap(\.string)
            }
        }
    }

    private func end() {
        _ = mark?.end()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
