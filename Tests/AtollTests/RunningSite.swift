import Foundation
import Jobs
import Resources

@testable import atoll

/// The built program, run as a person would.
enum Program {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The executable beside the test bundle.
    static var path: String {
        let build = URL(filePath: Platform.programPath ?? CommandLine.arguments[0]).deletingLastPathComponent()
        return build.appending(path: "atoll").path
    }

    /// Runs to the end, at most two minutes, without holding a thread meanwhile.
    static func run(
        _ arguments: [String], data: String? = nil, input: String = "", environment: [String: String] = [:]
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-run-\(ULID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try ["in", "out", "err"].map { name in
            let file = folder.appending(path: name)
            try (name == "in" ? input : "").write(to: file, atomically: false, encoding: .utf8)
            return file
        }
        let process = try start(
            arguments,
            data: data,
            input: FileHandle(forReadingFrom: files[0]),
            output: FileHandle(forWritingTo: files[1]),
            errors: FileHandle(forWritingTo: files[2]),
            environment: environment
        )
        let deadline = ContinuousClock.now + .seconds(120)
        while process.isRunning, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOf: files[1], encoding: .utf8),
            errors: try String(contentsOf: files[2], encoding: .utf8)
        )
    }

    static func start(
        _ arguments: [String],
        data: String?,
        prefix: [String] = [],
        input: FileHandle = .nullDevice,
        output: FileHandle = .nullDevice,
        errors: FileHandle = .nullDevice,
        environment more: [String: String] = [:]
    ) throws -> Process {
        let process = Process()
        let words = prefix + [path] + arguments
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        var environment = ProcessInfo.processInfo.environment
        environment["ATOLL_DATA"] = data
        environment.merge(more) { $1 }
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return process
    }
}

/// A site with a folder of its own, stopped and removed at the end of the scope.
final class RunningSite {
    let folder: String
    let log: String
    /// What the program wrote to standard output.
    var output: String { (try? String(contentsOfFile: log + ".out", encoding: .utf8)) ?? "" }
    private let arguments: [String]
    private let prefix: [String]
    private(set) var process: Process

    static func newFolder() -> String {
        FileManager.default.temporaryDirectory.appending(path: "atoll-site-\(ULID.make())").path
    }

    static func with(
        arguments: [String] = [],
        prefix: [String] = [],
        _ body: (RunningSite) async throws -> Void
    ) async throws {
        let site = try RunningSite(arguments: arguments, prefix: prefix)
        defer { site.remove() }
        try await site.waitUntilReady()
        try await body(site)
    }

    private init(arguments: [String], prefix: [String]) throws {
        folder = Self.newFolder()
        log = folder + ".log"
        self.arguments = arguments
        self.prefix = prefix
        process = try Self.launch(folder: folder, log: log, arguments: arguments, prefix: prefix)
    }

    var status: Int32 { process.terminationStatus }

    /// The process that the prefix started, for example a namespace's first.
    var child: Int32 {
        ProcessStatus.children(of: process.processIdentifier).first ?? process.processIdentifier
    }

    /// Runs a command against this site.
    func run(_ arguments: [String], input: String = "") async throws -> Program.Result {
        try await Program.run(arguments, data: folder, input: input)
    }

    /// Starts a command that goes on.
    func start(_ arguments: [String]) throws -> Process {
        try Program.start(arguments, data: folder)
    }

    /// Tells it to stop and waits. Returns the seconds that took.
    func stop(signalling id: Int32? = nil) throws -> Double {
        let start = ContinuousClock.now
        kill(id ?? process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    func kill9() throws {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func restart() async throws {
        process = try Self.launch(folder: folder, log: log, arguments: arguments, prefix: prefix)
        try await waitUntilReady()
    }

    private struct NotReady: Error {
        let log: String
    }

    private func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            if !process.isRunning { break }
            if FileFacts(folder + "/atoll.sock") != nil, try await run(["get", "tenants"]).status == 0 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw NotReady(log: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
    }

    private func remove() {
        if process.isRunning {
            kill(child, SIGKILL)
            process.terminate()
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: folder)
        try? FileManager.default.removeItem(atPath: log)
        try? FileManager.default.removeItem(atPath: log + ".out")
    }

    private static func launch(folder: String, log: String, arguments: [String], prefix: [String]) throws -> Process {
        if FileFacts(log) == nil { try Data().write(to: URL(filePath: log)) }
        let errors = try FileHandle(forWritingTo: URL(filePath: log))
        try errors.seekToEnd()
        try Data().write(to: URL(filePath: log + ".out"))
        let output = try FileHandle(forWritingTo: URL(filePath: log + ".out"))
        return try Program.start(["serve"] + arguments, data: folder, prefix: prefix, output: output, errors: errors)
    }
}
