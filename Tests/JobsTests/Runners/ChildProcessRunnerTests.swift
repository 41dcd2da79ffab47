import Faults
import Foundation
import Jobs
import JobsTestKit
import ResourcesTestKit
import Testing

/// The runner of child processes: the one suite, and what is its own.
@Suite struct ChildProcessRunnerTests {
    @Test(.timeLimit(.minutes(5)), arguments: WorkerRunnerSuite.checks)
    func watched(_ check: WorkerRunnerCheck) async throws {
        try await check.run(on: ProbeRunner.harness(.off))
    }

    /// In real control groups where this machine lets the tests make them.
    @Test(.timeLimit(.minutes(5)), arguments: WorkerRunnerSuite.checks)
    func grouped(_ check: WorkerRunnerCheck) async throws {
        try await check.run(on: ProbeRunner.harness(.automatic))
    }

    @Test(.timeLimit(.minutes(5)))
    func aWorkerInheritsNothingButItsThreeDescriptorsAndAFewVariables() async throws {
        // Two that a careless program leaves open for its children.
        let leaks = [open("/dev/null", O_RDONLY), open("/", O_RDONLY)]
        defer { for leak in leaks { close(leak) } }
        setenv("ATOLL_SECRETS_KEY", "needle", 1)
        defer { unsetenv("ATOLL_SECRETS_KEY") }
        try await ProbeRunner.with { runner, _ in
            _ = try await runner.start(.facts)
            let exit = try await runner.nextExit()
            let facts = Dictionary(
                uniqueKeysWithValues: exit.lastLines.map { line in
                    let parts = line.split(separator: " ", maxSplits: 1)
                    return (String(parts[0]), String(parts.last ?? ""))
                })
            #expect(exit.cause == .finished)
            #expect(facts["descriptors"] == "0,1,2")
            #expect(UInt64(facts["SigBlk:"] ?? "", radix: 16) == 0)
            // 32 and 33 are the C library's own, which nobody can change.
            #expect(UInt64(facts["SigIgn:"] ?? "", radix: 16).map { $0 & ~(3 << 31) } == 0)
            #expect(facts["core"] == "0", "a crash must not leave keys in a file")
            #expect(facts["group"] == "true")
            let names = Set((facts["environment"] ?? "").split(separator: ",").map(String.init))
            #expect(names.contains("ATOLL_WORKER"))
            #expect(
                names.isSubset(of: [
                    "ATOLL_WORKER", "PATH", "HOME", "TMPDIR", "LANG", "ATOLL_KERNEL", "ATOLL_TRIAL", "SWIFT_BACKTRACE",
                ]), "\(names)")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aWorkerFindsTheFilesItIsGivenFromDescriptorThreeOn() async throws {
        let first = open("/dev/null", O_RDONLY)
        try await ProbeRunner.with { runner, _ in
            let files = [try WorkerFile(taking: first), try WorkerFile(taking: open("/", O_RDONLY))]
            #expect(fcntl(first, F_GETFD) == -1 && files.allSatisfy { $0.descriptor > 4 })
            let limits = WorkerLimits(memory: 512 << 20, cores: 1)
            let id = WorkerID(job: "01J000000000000000000000JB", task: "task", epoch: 1)
            try await runner.start(
                WorkerLaunch(id: id, order: WorkerBehaviour.facts.order, limits: limits, files: files))
            let lines = try await runner.nextExit().lastLines
            #expect(lines.contains("descriptors 0,1,2,3,4"), "\(lines)")
        }
        #expect(throws: Fault(RunnerFaults.notStarted)) { try WorkerFile(taking: -1) }
    }

    @Test(.timeLimit(.minutes(5)))
    func aWorkerOfOneCoreIsHeldToOneCore() async throws {
        try await ProbeRunner.with { runner, _ in
            guard runner.capacity.cores > 1 else { return print("skipped: this machine has one core") }
            _ = try await runner.start(.facts)
            let list = try await runner.nextExit().lastLines.first { $0.hasPrefix("Cpus_allowed_list:") }
            #expect(list.map { Int($0.dropFirst(19)) != nil } == true, "one number and no range: \(list ?? "")")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func linesAreTold() async throws {
        let seen = SeenLines()
        try await ProbeRunner.with(ProbeSettings(onLine: { _, line in seen.add(line) })) { runner, _ in
            _ = try await runner.start(.lines(count: 200, length: 3))
            _ = try await runner.nextExit()
            #expect(seen.all == (1...200).map { "line \($0) xxx" })
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func processesThatAWorkerStartedEndWithIt() async throws {
        let seen = SeenLines()
        try await ProbeRunner.with(ProbeSettings(onLine: { _, line in seen.add(line) })) { runner, folder in
            let id = try await runner.start(.family)
            try await eventually(within: .seconds(120), "two children") { seen.all.count == 2 }
            let children = seen.all.compactMap { Int32($0.dropFirst(6)) }
            #expect(children.count == 2 && children.allSatisfy { ProcessStatus(of: $0)?.hasEnded == false })
            await runner.stop(id, grace: .seconds(60))
            for child in children { #expect(ProcessStatus(of: child)?.hasEnded ?? true) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [], "no record is left")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aWorkerThatIsTouchedDoesNotHang() async throws {
        try await ProbeRunner.with { runner, _ in
            let id = try await runner.start(.sleep, silence: .seconds(20))
            for _ in 0..<15 {
                runner.touch(id)
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(await runner.running() == [id])
            #expect(try await runner.nextExit().cause == .hung(.seconds(20)))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aProgramThatIsNotThereIsAFaultAndLeavesNoRecord() async throws {
        try await ProbeRunner.with(ProbeSettings(program: "/nowhere/atoll")) { runner, folder in
            await #expect(throws: Fault(RunnerFaults.notStarted)) { _ = try await runner.start(.sleep) }
            #expect(await runner.running().isEmpty)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == [])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func withoutRecordsNothingIsStarted() async throws {
        try await ProbeRunner.with { runner, folder in
            try FileManager.default.removeItem(atPath: folder)
            await #expect(throws: Fault(RunnerFaults.records)) { _ = try await runner.start(.sleep) }
            #expect(await runner.running().isEmpty)
        }
        #expect(throws: Fault(RunnerFaults.records)) {
            _ = try ChildProcessRunner(ProbeRunner.options("/nowhere/at/all"), logger: ProbeRunner.logger)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func shuttingDownEndsEveryWorkerAndTheStream() async throws {
        try await ProbeRunner.with { runner, folder in
            for number in 0..<3 { _ = try await runner.start(.sleep, as: "task-\(number)") }
            await runner.shutDown(grace: .seconds(60))
            var causes: [WorkerExit.Cause] = []
            for await exit in runner.exits { causes.append(exit.cause) }
            #expect(causes == [.stopped, .stopped, .stopped])
            await #expect(throws: Fault(RunnerFaults.notStarted)) { _ = try await runner.start(.sleep) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }
}
