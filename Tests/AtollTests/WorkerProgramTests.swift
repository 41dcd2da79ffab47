import Faults
import Foundation
import JobsTestKit
import Sites
import SitesTestKit
import TaskRuntime
import Testing

@testable import atoll

/// The built `atoll worker`, against real gateways.
@Suite(.timeLimit(.minutes(5))) struct WorkerProgramTests {
    static let small: [String: ParameterValue] = [
        "rounds": .integer(4), "frames": .integer(4), "frameBytes": .integer(40_000), "largestFrame": .integer(500_000),
        "kernelSeconds": .number(0.01), "diskMiB": .integer(1),
    ]

    /// What both workers end with; each is started with these words before and this environment.
    private func run(
        _ sites: GatewaySites, _ run: OperatorRun, epoch: UInt64, environment: [String: String] = [:]
    ) async throws -> [[UInt8]] {
        try run.open(epoch: epoch)
        let processes = try [0, 1].map { party in
            try WorkerProcess(run.order(party, epoch: epoch).encoded(), in: sites.folder, environment)
        }
        for process in processes {
            let status = try await process.end()
            #expect(status == 0, "\(process.errors)")
            #expect(process.output == "")
        }
        return try [0, 1].map { party in
            try #require(try run.result(party)).partDigest(seed: run.setting.seed)
        }
    }

    @Test func aWorkerNeedsNoTimers() async throws {
        try await GatewaySites.with(2) { sites in
            await sites.connectAll()
            let task = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            let usual = try await run(sites, task, epoch: 1)
            guard let shim = try NoTimers.compile(in: sites.folder) else {
                print("skipped: no cc here, so workers were not run without timerfd_create")
                return
            }
            // The shim works: a program that makes a timer is told that there are none.
            #expect(try NoTimers.probe(in: sites.folder, preload: shim) == "38")
            let without = try await run(sites, task, epoch: 2, environment: ["LD_PRELOAD": shim])
            #expect(without == usual)
            #expect(Set(usual).count == 2)
        }
    }

    @Test(arguments: [false, true])
    func aWorkerEndsWhenItIsTold(_ isBlockedByParent: Bool) async throws {
        try await GatewaySites.with(2) { sites in
            let task = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try task.open()
            // Its peer never comes.
            let order = try task.order(0).encoded()
            let process = try WorkerProcess(order, in: sites.folder, [:], blocksSignals: isBlockedByParent)
            while sites.sites[0].events.workers.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            process.signal(SIGTERM)
            #expect(try await process.end() == 75)
            #expect(process.output == "" && process.errors == "")
        }
    }

    @Test func aWorkerThatComputesEndsWhenItIsTold() async throws {
        try await GatewaySites.with(2) { sites in
            var parameters = Self.small
            parameters["kernelSeconds"] = .number(60)
            let task = OperatorRun(VerifyOperator(), on: sites, parameters: parameters)
            try task.open()
            let process = try WorkerProcess(task.order(0).encoded(), in: sites.folder, [:])
            while sites.sites[0].events.workers.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            process.signal(SIGTERM)
            #expect(try await process.end() == 75)
        }
    }

    @Test func everyWayToFailHasItsStatus() async throws {
        for input in ["", "{}", "no json", String(repeating: " ", count: 2 << 20)] {
            let result = try await Program.run(["worker"], input: input)
            #expect(result.status == 65 && result.output == "")
            #expect(result.errors.hasPrefix("\(TaskFaults.orderUnreadable.number) "))
        }
        try await GatewaySites.with(2) { sites in
            let task = OperatorRun(NoopOperator(), on: sites)
            try task.open()
            var order = try task.order(0)
            order.socket += "-none"
            let process = try WorkerProcess(order.encoded(), in: sites.folder, [:])
            #expect(try await process.end() == 69)
            #expect(process.errors.hasPrefix("\(GatewayFaults.socketUnusable.number) "))
            #expect(!process.errors.contains(order.token))
            var late = try task.order(0, unit: 1)
            late.unit = 1
            let missing = try WorkerProcess(late.encoded(), in: sites.folder, [:])
            #expect(try await missing.end() == 1)
            #expect(missing.errors.hasPrefix("\(TaskFaults.checkpointMissing.number) "))
            let other = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try other.open(epoch: 2)
            let failing = try WorkerProcess(other.order(0, epoch: 2).encoded(), in: sites.folder, [:])
            while sites.sites[0].events.workers.last != "connected" { try await Task.sleep(for: .milliseconds(2)) }
            sites.sites[0].gateway.suspend(job: other.job)
            #expect(try await failing.end() == 1)
            #expect(failing.errors.hasPrefix("\(TaskFaults.suspended.number) "))
        }
    }
}

/// A worker's process with its streams in files.
private final class WorkerProcess {
    private let process: Process
    private let folder: URL

    /// - Parameter blocksSignals: as a parent does that handles its signals itself and forgets its children.
    init(
        _ order: [UInt8], in folder: String, _ environment: [String: String], blocksSignals: Bool = false
    ) throws {
        self.folder = URL(filePath: folder).appending(path: "worker-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        for name in ["out", "err"] {
            _ = FileManager.default.createFile(atPath: self.folder.appending(path: name).path, contents: nil)
        }
        try Data(order).write(to: self.folder.appending(path: "in"))
        process = Process()
        process.executableURL = URL(filePath: Program.path)
        process.arguments = ["worker"]
        if blocksSignals {
            // A shell that ignores the signal passes that on, as it would a mask.
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "trap '' TERM; exec \"$0\" worker", Program.path]
        }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: self.folder.appending(path: "in"))
        process.standardOutput = try FileHandle(forWritingTo: self.folder.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: self.folder.appending(path: "err"))
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var output: String { (try? String(contentsOf: folder.appending(path: "out"), encoding: .utf8)) ?? "?" }
    var errors: String { (try? String(contentsOf: folder.appending(path: "err"), encoding: .utf8)) ?? "?" }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end, two minutes at most.
    func end() async throws -> Int32 {
        let deadline = ContinuousClock.now + .seconds(120)
        while process.isRunning, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// A library to be loaded before others, in which `timerfd_create` fails as in a system that has none.
private enum NoTimers {
    /// - Returns: its path; nil where there is no C compiler.
    static func compile(in folder: String) throws -> String? {
        let source = "#include <errno.h>\nint timerfd_create(int c, int f) { errno = ENOSYS; return -1; }\n"
        return try compile(source, ["-shared", "-fPIC"], to: "\(folder)/no-timers.so")
    }

    /// Runs a program that makes a timer.
    ///
    /// - Returns: the error number it prints.
    static func probe(in folder: String, preload: String) throws -> String {
        let source = """
            #include <sys/timerfd.h>
            #include <errno.h>
            #include <stdio.h>
            int main(void) { int t = timerfd_create(1, 0); printf("%d", t < 0 ? errno : 0); return 0; }

            """
        let path = try #require(try compile(source, [], to: "\(folder)/probe"))
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: path)
        process.environment = ["LD_PRELOAD": preload]
        process.standardOutput = pipe
        try process.run()
        process.waitUntilExit()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    private static func compile(_ source: String, _ flags: [String], to path: String) throws -> String? {
        try source.write(toFile: "\(path).c", atomically: false, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["cc"] + flags + ["-o", path, "\(path).c"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        // env ends with 127 where there is no such program.
        if process.terminationStatus == 127 { return nil }
        #expect(process.terminationStatus == 0)
        return path
    }
}
