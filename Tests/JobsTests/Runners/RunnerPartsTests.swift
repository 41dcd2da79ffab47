import Foundation
import JobsTestKit
import ResourcesTestKit
import Testing

@testable import Jobs

/// The small parts of the runner of child processes.
@Suite struct RunnerPartsTests {
    @Test func linesAreCutKeptAndBounded() {
        var lines = LineKeeper()
        #expect(lines.feed(Array("one\r\ntw".utf8)) == ["one"])
        #expect(lines.feed(Array("o\n\n".utf8)) == ["two", ""])
        #expect(lines.feed([0xFF, 0x41, 0x0A]) == ["\u{FFFD}A"])
        #expect(lines.feed(Array(String(repeating: "ä", count: 100_000).utf8)) == [])
        #expect(lines.end() == String(repeating: "ä", count: 500))
        #expect(lines.end() == nil)
        for number in 0..<50 { _ = lines.feed(Array("\(number)\n".utf8)) }
        #expect(lines.last == (30..<50).map(String.init))
    }

    @Test func workersAreSpreadOverTheCores() {
        var cores = CoreAllotment(allowed: [2, 3, 5, 7])
        #expect(cores.take(4) == nil, "all of them")
        #expect(cores.take(2) == [2, 3])
        #expect(cores.take(1) == [5])
        #expect(cores.take(2) == [2, 7])
        cores.give(back: [2, 3])
        #expect(cores.take(1) == [3])
        #expect(cores.take(1, others: [5: 3, 7: 9, 2: 3]) == [3], "workers of other sites count as well")
        #expect(CoreAllotment.mask([0, 9]).prefix(3) == [1, 2, 0])
        #expect(CoreAllotment(allowed: []).allowed.isEmpty)
    }

    /// A sleeping program that calls itself as this one does, held to one core.
    @Test(.timeLimit(.minutes(2))) func workersOfOtherSitesAreSeen() async throws {
        let allowed = CoreAllotment.current().allowed
        guard allowed.count > 1, let core = allowed.last else { return print("skipped: this machine has one core") }
        let name = try String(contentsOfFile: "/proc/self/comm", encoding: .utf8).dropLast()
        let folder = NSTemporaryDirectory() + "atoll-cores-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: "\(folder)/\(name)")
        let before = OtherWorkers.perCore(allowed)[core] ?? 0
        // Its parent is the shell, which ends: so it is no worker of this process.
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c", "taskset -c \(core) '\(folder)/\(name)' 600 & echo $! > \(folder)/new; mv \(folder)/new \(folder)/id",
        ]
        try shell.run()
        // Waiting for the shell would wait for the worker too, which has what the shell's end is seen by.
        try await eventually(within: .seconds(60), "the worker has been left") {
            FileManager.default.fileExists(atPath: "\(folder)/id")
        }
        let text = try String(contentsOfFile: "\(folder)/id", encoding: .utf8)
        let id = try #require(text.split(separator: "\n").first.flatMap { Int32($0) })
        defer { kill(id, SIGKILL) }
        try await eventually(within: .seconds(60), "it is seen on its core") {
            OtherWorkers.perCore(allowed)[core] ?? 0 == before + 1
        }
        kill(id, SIGKILL)
        try await eventually(within: .seconds(60), "it is seen no more") {
            OtherWorkers.perCore(allowed)[core] ?? 0 == before
        }
        #expect(OtherWorkers.cores("0-2,5") == [0, 1, 2, 5])
        #expect(OtherWorkers.cores("x,3-1,9000").isEmpty)
    }

    @Test func aProcessStatusIsReadWhateverTheProgramIsCalled() throws {
        let text =
            "4711 (a) R 9 (b) S 20 21 15052 0 -1 4194304 99 0 0 0 30 12 5 6 20 0 1 0 163256 3133440 380 18446 0\n"
        let status = try #require(ProcessStatus(text))
        #expect(status.id == 4711 && status.parent == 20 && status.group == 21 && status.state == "S")
        #expect(status.ticks == 42 && status.childTicks == 11 && status.start == 163_256)
        #expect(status.memory == 380 * UInt64(sysconf(Int32(_SC_PAGESIZE))))
        #expect(ProcessStatus("4711 (a) S 20") == nil)
        let own = try #require(ProcessStatus(of: getpid()))
        #expect(own.id == getpid() && own.memory > 1 << 20 && own.start > 0 && !own.hasEnded)
        #expect(ProcessStatus.all().contains(getpid()))
        #expect(ProcessStatus.bootID.count == 36)
    }

    @Test(.timeLimit(.minutes(5)))
    func aMarkIsFoundOnItsProcessesAlone() async throws {
        let mark = ProcessMark.make("ATOLL_PROBE")
        #expect(mark.isWellFormed && mark != .make("ATOLL_PROBE"))
        #expect(mark.processes() == [])
        #expect(ProcessMark(variable: "ATOLL_PROBE", value: "").processes() == [], "no mark is on nobody")
        #expect(!ProcessMark(variable: "A", value: String(repeating: "A", count: 32)).isWellFormed)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sleep")
        process.arguments = ["3600"]
        process.environment = [mark.variable: mark.value, "OTHER": "1"]
        try process.run()
        let id = process.processIdentifier
        try await eventually(within: .seconds(120), "its program") { mark.processes() == [id] }
        try await eventually(within: .seconds(120), "its end") { mark.end(patience: .zero) == [] }
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
    }
}
