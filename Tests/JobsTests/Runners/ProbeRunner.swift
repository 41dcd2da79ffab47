import Foundation
import JobsTestKit
import Logging
import Synchronization

@testable import Jobs

/// Runners of the probe, each with a folder of its own.
enum ProbeRunner {
    /// The program that the same build put beside the tests.
    static let program: String = {
        let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).map {
            URL(filePath: $0)
        }
        for start in [tests, own].compactMap(\.self) {
            var folder = start.deletingLastPathComponent()
            for _ in 0..<4 {
                let candidate = folder.appending(path: "runner-probe")
                if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate.path }
                folder.deleteLastPathComponent()
            }
        }
        return "runner-probe"
    }()

    static func newFolder() -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-runner-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.path
    }

    static func options(_ folder: String) -> ChildProcessOptions {
        var options = ChildProcessOptions(program: program, arguments: ["worker"], folder: folder)
        options.controlGroups = .off
        options.grace = .milliseconds(300)
        return options
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func harness(_ groups: ChildProcessOptions.ControlGroups) -> WorkerRunnerHarness {
        let folders = Folders()
        return WorkerRunnerHarness(
            make: {
                let folder = newFolder()
                var options = options(folder)
                options.controlGroups = groups
                let runner = try ChildProcessRunner(options, logger: logger)
                folders.add(folder, of: runner)
                return runner
            },
            end: { runner in
                let runner = runner as! ChildProcessRunner
                await runner.shutDown(grace: .zero)
                folders.remove(of: runner)
            })
    }

    /// Runs the body with one runner and its folder, both gone afterwards.
    static func with(
        _ settings: ProbeSettings = ProbeSettings(), _ body: (ChildProcessRunner, String) async throws -> Void
    ) async throws {
        let folder = newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = options(folder)
        options.program = settings.program
        options.controlGroups = settings.controlGroups
        options.interval = settings.interval
        options.recovery = settings.recovery
        options.onLine = settings.onLine
        let runner = try ChildProcessRunner(options, logger: logger)
        do {
            try await body(runner, folder)
        } catch {
            await runner.shutDown(grace: .zero)
            throw error
        }
        await runner.shutDown(grace: .zero)
    }

    private final class Folders: Sendable {
        private let folders = Mutex<[ObjectIdentifier: String]>([:])

        func add(_ folder: String, of runner: ChildProcessRunner) {
            folders.withLock { $0[ObjectIdentifier(runner)] = folder }
        }

        func remove(of runner: ChildProcessRunner) {
            let folder = folders.withLock { $0.removeValue(forKey: ObjectIdentifier(runner)) }
            if let folder { try? FileManager.default.removeItem(atPath: folder) }
        }
    }
}

/// In what a test's runner differs.
struct ProbeSettings: Sendable {
    var program = ProbeRunner.program
    var controlGroups = ChildProcessOptions.ControlGroups.off
    var interval = Duration.milliseconds(250)
    var recovery = (signal: SIGKILL, patience: Duration.seconds(10))
    var onLine: @Sendable (WorkerID, String) -> Void = { _, _ in }
}

/// Lines that workers have written.
final class SeenLines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}
