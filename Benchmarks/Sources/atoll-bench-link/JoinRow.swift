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
