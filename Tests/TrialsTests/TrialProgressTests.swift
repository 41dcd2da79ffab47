import Faults
import Foundation
import Resources
import Testing

@testable import Trials

/// What a trial keeps of how far it is.
@Suite struct TrialProgressTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-progress-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }

    private func progress() async throws -> TrialProgress {
        let text = """
            apiVersion: atoll.dev/v1alpha1
            kind: Trial
            metadata: {name: t}
            spec:
              sites: [{name: a, data: {generate: bank}}, {name: b, data: {generate: partner}}]
              learn: {parameters: {trees: 2}}
              expect: [auc >= 0.7]
            """
        let spec = try await Trial.read(Array(text.utf8), file: nil)
        var progress = TrialProgress(
            spec, files: "here", reproduce: "atoll trial run t.yaml", began: Timestamp(milliseconds: 1_700_000_000_123))
        progress.sites = [.init(name: "a", process: 7, start: 9, port: 4_000)]
        progress.codes = ["a b": "code"]
        progress.submitted = ["train": 1_700_000_000_456]
        progress.report.resumed = 2
        progress.report.phases = [
            .init(phase: .deploy, start: 0, seconds: 0.5, cpuSeconds: 0.25, memory: 1e8, bytes: 0)
        ]
        progress.report.routes = [.init(from: "a", to: "b", outcome: "warn", layers: 11)]
        progress.report.sites = [.init(name: "a", figures: ["disk.write": 5e6, "odd": .infinity])]
        progress.report.learned = ["train.seconds": 1.5]
        progress.findings.aligned = [0: "table@x/match", 1: "table@x/match"]
        progress.findings.training = ["status": ["job": "01J"]]
        progress.findings.digest = "ab"
        return progress
    }

    @Test func whatIsWrittenDownIsReadBack() async throws {
        try await withFolder { folder in
            let progress = try await progress()
            try progress.write(to: folder)
            let read = try TrialProgress.read(folder)
            #expect(try read.spec() == progress.spec())
            #expect(try read.spec().expectations.map(\.description) == ["auc >= 0.7"])
            #expect(read.files == FileManager.default.currentDirectoryPath + "/here")
            #expect(read.sites == progress.sites && read.codes == progress.codes)
            #expect(read.submitted == progress.submitted)
            #expect(read.report.json == progress.report.json && read.report.phases == progress.report.phases)
            #expect(read.report.began == Timestamp(milliseconds: 1_700_000_000_123))
            #expect(read.report.reproduce == "atoll trial run t.yaml" && read.report.resumed == 2)
            #expect(read.report.sites[0].figures["odd"] == .infinity)
            #expect(read.findings.aligned == progress.findings.aligned && read.findings.digest == "ab")
            #expect(read.findings.training?["status"]?["job"] == "01J" && read.findings.plan == nil)
            #expect(read.isDone(.deploy) && !read.isDone(.check))
        }
    }

    @Test func whatCannotBeReadIsToldByNumber() async throws {
        try await withFolder { folder in
            #expect(throws: Fault(TrialFaults.notResumable)) { try TrialProgress.read(folder) }
            let progress = try await progress()
            try progress.write(to: folder)
            let file = URL(filePath: folder + "/progress.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            for damaged in [String(text.dropLast(40)), "", "[]", text.replacing("\"files\"", with: "\"flies\"")] {
                try Data(damaged.utf8).write(to: file)
                #expect(throws: Fault(TrialFaults.progressUnreadable)) { try TrialProgress.read(folder) }
            }
            try Data(text.replacing("\"version\":1", with: "\"version\":2").utf8).write(to: file)
            let other = #expect(throws: Fault(TrialFaults.progressUnreadable)) { try TrialProgress.read(folder) }
            #expect(other?.what.contains("form 2") == true)
            var wrong = progress
            wrong.report.phases = []
            try wrong.write(to: folder)
            let spoilt = try String(contentsOf: file, encoding: .utf8).replacing("auc >= 0.7", with: "auc >> 0.7")
            try Data(spoilt.utf8).write(to: file)
            #expect(throws: Fault(TrialFaults.progressUnreadable)) { try TrialProgress.read(folder).spec() }
        }
    }

    @Test func aFolderThatCannotBeWrittenIsAFault() async throws {
        let progress = try await progress()
        #expect(throws: Fault(TrialFaults.folder)) { try progress.write(to: "/dev/null/x") }
    }
}
