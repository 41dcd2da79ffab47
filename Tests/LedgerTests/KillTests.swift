import Crypto
import Foundation
import Ledger
import ResourcesTestKit
import Testing

/// `kill -9` of a process that records: what was acknowledged is there, and the chains hold.
@Suite struct KillTests {
    @Test(.timeLimit(.minutes(10)))
    func acknowledgedFramesSurviveKills() async throws {
        let rounds = ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] == "1" ? 100 : 6
        var generator = SeededGenerator.printed(for: "kill -9 of a ledger's writer")
        let key = P256.Signing.PrivateKey()
        try await withTemporaryFolder { folder in
            var acknowledged: [UInt64] = [0, 0, 0, 0]
            var next = acknowledged
            for round in 0..<rounds {
                let delay = Duration.milliseconds(Int.random(in: 50...400, using: &generator))
                for line in try await writeUntilKilled(folder, key, from: next, after: delay) {
                    let words = line.split(separator: " ")
                    guard let task = words[0].last?.wholeNumberValue, let count = UInt64(words[1]) else { continue }
                    acknowledged[task] = count
                }
                let path = "\(folder)/ledger.db"
                guard FileManager.default.fileExists(atPath: path) else { continue }
                let reader = try LedgerReader(stopped: path)
                let report = try await reader.verify()
                #expect(report.isWhole, "seed \(generator.seed), round \(round): \(report.findings)")
                let flows = try await reader.chains().first?.flows ?? []
                for task in 0..<4 {
                    let frames = flows.first { $0.task == "task-\(task)" }?.tally.frames ?? 0
                    #expect(frames >= acknowledged[task], "seed \(generator.seed), round \(round)")
                    // At most the one call that was under way is there without an acknowledgement.
                    #expect(frames <= max(acknowledged[task], next[task]) + 5)
                    next[task] = frames
                }
            }
            #expect(acknowledged.reduce(0, +) > 0, "the writer had time to record")
        }
    }

    private func writeUntilKilled(
        _ folder: String, _ key: P256.Signing.PrivateKey, from next: [UInt64], after delay: Duration
    ) async throws -> [String] {
        let process = Process()
        process.executableURL = try writer()
        let digits = key.rawRepresentation.map { String(format: "%02x", $0) }.joined()
        process.arguments = [folder, digits] + next.map(String.init)
        let output = "\(folder)/output.txt"
        try Data().write(to: URL(filePath: output))
        let handle = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardOutput = handle
        try process.run()
        try await Task.sleep(for: delay)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "the writer did not end by itself")
        try handle.close()
        return try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// The program that the same build put beside the tests.
    private func writer() throws -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<4 {
            let candidate = folder.appending(path: "ledger-writer")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        throw WaitedTooLong("ledger-writer beside \(CommandLine.arguments[0])")
    }
}
