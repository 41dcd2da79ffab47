import BenchKit
import BenchSites
import Foundation
import Ledger
import TaskRuntime

/// The worker's process by itself, with a gateway of this process.
enum WorkerRows {
    static let all: [BenchRow] = [
        BenchRow(
            "worker.start", unit: "ms",
            doc: """
                The whole life of an `atoll worker` whose task does nothing: from the start of its process, over its order, \
                the gateway's welcome and its result, to its end. Wall clock.
                """
        ) { _ in
            Measurement(try await lives(21).map(\.milliseconds))
        },
        BenchRow(
            "worker.memory", unit: "MB",
            doc: "The most memory of such a worker (ru_maxrss, 10^6 bytes; most of it is the program's own code)."
        ) { _ in
            Measurement(try await lives(7).map(\.megabytes))
        },
    ]

    private struct Life {
        let milliseconds: Double
        let megabytes: Double
    }

    private static func lives(_ count: Int) async throws -> [Life] {
        guard let program = AtollProgram.find() else {
            throw BenchFailure("no program atoll beside the bench; set ATOLL_BINARY to its path")
        }
        return try await GatewayPair.with { pair in
            // The first one reads the program from the disk.
            try (0...count).map { try life(program, order(pair, run: $0)) }.dropFirst().map(\.self)
        }
    }

    private static func order(_ pair: GatewayPair, run: Int) throws -> [UInt8] {
        let token = try pair.token(run)
        let parties = [pair.dialler.id, pair.listener.id].map { TaskOrder.Party(site: $0.text, role: "member") }
        return try TaskOrder(
            socket: pair.dialler.socket, token: token.bytes.map { hexadecimal($0) }.joined(), job: GatewayPair.job,
            task: GatewayPair.task(run), epoch: token.epoch, operatorName: "noop", operatorVersion: 1, parameters: [:],
            parties: parties, party: 0, seed: String(repeating: "5a", count: 32), unit: 0, threads: 1,
            scratch: NSTemporaryDirectory()
        ).encoded()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = Array("0123456789abcdef")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }

    /// Runs the program with its order on standard input.
    private static func life(_ program: AtollProgram, _ order: [UInt8]) throws -> Life {
        let input = NSTemporaryDirectory() + "atoll-bench-\(UUID().uuidString.prefix(8)).json"
        _ = FileManager.default.createFile(atPath: input, contents: Data(order), attributes: [.posixPermissions: 0o600])
        defer { try? FileManager.default.removeItem(atPath: input) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program.path), strdup("worker"), nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        var (status, usage) = (Int32(0), rusage())
        let start = ContinuousClock.now
        guard posix_spawn(&process, program.path, &actions, nil, &arguments, environ) == 0 else {
            throw BenchFailure("`atoll worker` does not start")
        }
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        guard status == 0 else { throw BenchFailure("`atoll worker` ended with status \(status >> 8)") }
        return Life(milliseconds: milliseconds, megabytes: Double(usage.ru_maxrss) * 1024 / 1e6)
    }
}
