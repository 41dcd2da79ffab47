import Faults
import Foundation
import JobsTestKit
import ResourcesTestKit
import Testing

@testable import Jobs

/// `kill -9` of a site: what it had started is found and ended at its next start, and nothing else is.
@Suite struct LeftOverTests {
    @Test(.serialized, .timeLimit(.minutes(10)), arguments: [false, true])
    func workersOfAKilledSiteAreFoundAndEnded(inGroups: Bool) async throws {
        let rounds = ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] == "1" ? 100 : 6
        var generator = SeededGenerator.printed(for: "kill -9 of a site that starts workers")
        let folder = ProbeRunner.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for round in 0..<rounds {
            let mark = ProcessMark.make("ATOLL_PROBE")
            let started = try await runAndKill(
                folder, mark, inGroups: inGroups, after: .milliseconds(Int.random(in: 5...400, using: &generator)),
                waitsForOne: round == 0)
            let runner = try ChildProcessRunner(ProbeRunner.options(folder), logger: ProbeRunner.logger)
            try await runner.recover()
            // One that had not begun its program when it was looked for ends by itself, since no order comes.
            try await eventually(within: .seconds(120), "the end of every worker") { mark.processes().isEmpty }
            await runner.shutDown(grace: .zero)
            var lost: [UInt64] = []
            for await exit in runner.exits {
                #expect(exit.cause == .lost)
                lost.append(exit.worker.epoch)
            }
            lost.sort()
            #expect(lost.count == Set(lost).count)
            #expect(Set(lost).isSuperset(of: started), "seed \(generator.seed), round \(round)")
            #expect(lost.count <= started.count + 1, "at most one was under way: \(lost) \(started)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    /// Returns the epochs of the workers that the site said it had started.
    private func runAndKill(
        _ folder: String, _ mark: ProcessMark, inGroups: Bool, after delay: Duration, waitsForOne: Bool
    ) async throws -> [UInt64] {
        let site = Process()
        site.executableURL = URL(filePath: ProbeRunner.program)
        site.arguments = ["site", folder, mark.value] + (inGroups ? ["--groups"] : [])
        // A file and no pipe: whoever else is started meanwhile may hold a pipe's end.
        let said = folder + ".said"
        try Data().write(to: URL(filePath: said))
        defer { try? FileManager.default.removeItem(atPath: said) }
        site.standardOutput = try FileHandle(forWritingTo: URL(filePath: said))
        site.standardError = FileHandle.nullDevice
        try site.run()
        if waitsForOne {
            try await eventually(within: .seconds(120), "a worker") { !mark.processes().isEmpty }
        }
        try await Task.sleep(for: delay)
        kill(site.processIdentifier, SIGKILL)
        site.waitUntilExit()
        #expect(site.terminationReason == .uncaughtSignal)
        let text = try String(contentsOfFile: said, encoding: .utf8)
        return text.split(separator: "\n").compactMap { UInt64($0.dropFirst(8)) }
    }

    @Test(.timeLimit(.minutes(5)))
    func aProcessThatGotTheNumberOfAWorkerIsLeftAlone() async throws {
        let bystander = Process()
        bystander.executableURL = URL(filePath: "/bin/sleep")
        bystander.arguments = ["3600"]
        try bystander.run()
        defer {
            kill(bystander.processIdentifier, SIGKILL)
            bystander.waitUntilExit()
        }
        let id = WorkerID(job: "01J000000000000000000000JB", task: "gone", epoch: 4)
        var record = WorkerRecord(id, mark: .make(WorkerRecord.variable), groups: [])
        record.process = bystander.processIdentifier
        record.start = ProcessStatus(of: bystander.processIdentifier)?.start
        var other = WorkerRecord(WorkerID(job: id.job, task: "older", epoch: 1), mark: .make("x"), groups: [])
        other.boot = "another start of the system"
        try await ProbeRunner.with { runner, folder in
            let records = try WorkerRecords(folder: folder)
            try records.keep(record)
            try records.keep(other)
            try await runner.recover()
            #expect(bystander.isRunning)
            var lost: Set<String> = []
            lost.insert(try await runner.nextExit().worker.task)
            lost.insert(try await runner.nextExit().worker.task)
            #expect(lost == ["gone", "older"])
            #expect(records.all().records == [])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatCannotBeEndedIsNamedAndKept() async throws {
        let mark = ProcessMark.make(WorkerRecord.variable)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sleep")
        process.arguments = ["3600"]
        process.environment = [mark.variable: mark.value]
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try await eventually(within: .seconds(120), "its program") { mark.isOn(process.processIdentifier) }
        // Signal 0 ends nothing.
        try await ProbeRunner.with(ProbeSettings(recovery: (0, .milliseconds(50)))) { runner, folder in
            let records = try WorkerRecords(folder: folder)
            let id = WorkerID(job: "01J000000000000000000000JB", task: "stuck", epoch: 4)
            try records.keep(WorkerRecord(id, mark: mark, groups: []))
            let fault = await #expect(throws: Fault(RunnerFaults.leftOver)) { try await runner.recover() }
            #expect(fault?.place?.contains("\(process.processIdentifier)") == true)
            #expect(records.all().records.map(\.worker) == [id])
        }
    }

    @Test func filesThatAreNoRecordsAreLeftAloneAndReported() throws {
        let folder = ProbeRunner.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let records = try WorkerRecords(folder: folder)
        let record = WorkerRecord(WorkerID(job: "J", task: "t", epoch: 1), mark: .make("x"), groups: ["/a"])
        try records.keep(record)
        try Data().write(to: URL(filePath: "\(folder)/empty.json"))
        try Data("{}".utf8).write(to: URL(filePath: "\(folder)/other.txt"))
        try Data("half".utf8).write(to: URL(filePath: "\(folder)/x.json.partial"))
        #expect(records.all().records == [record])
        #expect(records.all().strange == ["empty.json", "other.txt"])
        records.forget(record)
        #expect(records.all().records == [])
    }
}
