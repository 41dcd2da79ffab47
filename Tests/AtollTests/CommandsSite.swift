import Faults
import Foundation
import Resources

@testable import atoll

/// What one command did.
struct CommandOutcome: Sendable {
    let status: Int32
    let output: String
    let error: String

    /// Runs a program to its end, without holding a thread meanwhile.
    ///
    /// - Parameter patience: after it the program hangs and is asked to end, and ended after another ten seconds.
    static func of(
        _ arguments: [String],
        data: String,
        prefix: [String] = [],
        program: String = Program.path,
        input: String = "",
        patience: Duration = .seconds(120)
    ) async throws -> CommandOutcome {
        let streams = ClientFolder()
        let words = prefix + [program] + arguments
        let process = Process()
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(["ATOLL_DATA": data]) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: streams.write("in", input)))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: streams.write("out", "")))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: streams.write("err", "")))
        try process.run()
        let deadline = ContinuousClock.now + patience
        while process.isRunning, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(4)) }
        if process.isRunning { process.terminate() }
        let end = ContinuousClock.now + .seconds(10)
        while process.isRunning, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(4)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return CommandOutcome(
            status: process.terminationStatus,
            output: try String(contentsOfFile: "\(streams.path)/out", encoding: .utf8),
            error: try String(contentsOfFile: "\(streams.path)/err", encoding: .utf8)
        )
    }

    /// Whether the error is an occurrence of the entry.
    func says(_ entry: FaultEntry) -> Bool {
        error.hasPrefix("\(entry.number) ")
    }

    /// The output as JSON.
    var json: JSONValue {
        get throws { try JSONParser.parse(output) }
    }
}

extension RunningSite {
    /// Runs a command against this site to its end.
    func atoll(
        _ arguments: String...,
        input: String = "",
        environment: [String: String] = [:]
    ) async throws -> CommandOutcome {
        try await CommandOutcome.of(
            arguments,
            data: folder,
            prefix: environment.isEmpty ? [] : ["/usr/bin/env"] + environment.map { "\($0)=\($1)" },
            input: input
        )
    }

    /// A command that goes on, with its output in a file.
    func follow(_ arguments: [String], into path: String) throws -> FollowedCommand {
        let process = try Program.start(
            arguments,
            data: folder,
            output: FileHandle(forWritingTo: URL(filePath: path))
        )
        return FollowedCommand(process: process, path: path)
    }

    /// Every byte that the server keeps.
    func stored() throws -> [Data] {
        let files = FileManager.default.enumerator(at: URL(filePath: folder), includingPropertiesForKeys: nil)
        return try (files?.allObjects as? [URL] ?? []).filter { FileFacts($0.path)?.kind == .regular }.map {
            try Data(contentsOf: $0)
        }
    }
}

/// A command that writes until it is stopped.
struct FollowedCommand {
    let process: Process
    let path: String

    /// The lines as soon as one of them satisfies; all lines so far when none did within ten seconds.
    func lines(until satisfies: (String) -> Bool) async throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            if lines.contains(where: satisfies) || ContinuousClock.now > deadline { return lines }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
