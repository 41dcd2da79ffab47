import BenchKit
import Foundation

/// How long two sites that know nothing of each other need until they are peers.
enum JoinRow {
    static let all: [BenchRow] = [
        BenchRow(
            "peer.join", unit: "s",
            doc: """
                From the start of the first of two commands, `atoll peer invite` at one site and `atoll peer accept` at the \
                other, to the end of the second, when both sites know each other; fresh sites for each of three runs.
                """,
            statistic: .worstIsMost, goal: .value(.atMost, 10)
        ) { _ in
            guard let program = AtollProgram.find() else {
                throw BenchFailure("no program atoll beside the bench; set ATOLL_BINARY to its path")
            }
            var runs: [Double] = []
            for _ in 0..<3 { runs.append(try await join(program)) }
            return Measurement(runs)
        }
    ]

    private static func join(_ program: AtollProgram) async throws -> Double {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "atoll-bench-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try ServingSite(program, folder.appending(path: "one").path, listening: true)
        defer { one.stop() }
        let two = try ServingSite(program, folder.appending(path: "two").path, listening: false)
        defer { two.stop() }
        for site in [one, two] { try await site.waitUntilReady() }

        let start = ContinuousClock.now
        let invited = try one.run(["peer", "invite", "--name", "two", "-o", "json"])
        guard let answer = try JSONSerialization.jsonObject(with: invited) as? [String: Any],
            let code = answer["code"] as? String
        else { throw BenchFailure("`atoll peer invite` gave no code") }
        _ = try two.run(["peer", "accept", code, "--name", "one"])
        return start.duration(to: .now) / .seconds(1)
    }
}

/// One `atoll serve` in a folder of its own.
private final class ServingSite {
    private let program: AtollProgram
    private let data: String
    private let process = Process()

    init(_ program: AtollProgram, _ data: String, listening: Bool) throws {
        self.program = program
        self.data = data
        var arguments = ["serve", "--data", data]
        if listening { arguments += ["--federation-address", "127.0.0.1:\(20_000 + Int.random(in: 0..<10_000))"] }
        process.executableURL = URL(filePath: program.path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    func waitUntilReady() async throws {
        let start = ContinuousClock.now
        while (try? run(["get", "tenants"])) == nil {
            guard process.isRunning, ContinuousClock.now - start < .seconds(30) else {
                throw BenchFailure("`atoll serve` did not become ready")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// - Returns: what the command printed.
    func run(_ arguments: [String]) throws -> Data {
        let command = Process()
        let output = Pipe()
        command.executableURL = URL(filePath: program.path)
        command.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["ATOLL_DATA"] = data
        command.environment = environment
        command.standardOutput = output
        command.standardError = FileHandle.nullDevice
        try command.run()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        command.waitUntilExit()
        guard command.terminationStatus == 0 else {
            throw BenchFailure("`atoll \(arguments.prefix(2).joined(separator: " "))` failed")
        }
        return printed
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
