import Foundation
import Resources

@testable import Sites

/// openssl's own TLS client.
enum SecureClient {
    struct Outcome {
        /// Whether the other side hung up, rather than this one.
        let isLeft: Bool
        /// Standard output and error.
        let text: String
    }

    /// Connects and stays until the other side hangs up or what is printed satisfies `enough`.
    static func connect(
        to port: Int, _ arguments: [String], in folder: String,
        until enough: (_ text: String) -> Bool = { _ in false }
    ) async throws -> Outcome {
        let output = "\(folder)/s_client-\(ULID.make()).txt"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(filePath: output))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // Line by line: what is waited for must not lie in a buffer.
        process.arguments =
            ["stdbuf", "-oL", "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof"] + arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        var isLeft = true
        while process.isRunning {
            if enough(text(output)) {
                isLeft = false
                // The child has inherited a blocked SIGTERM from the thread that started it.
                kill(process.processIdentifier, SIGKILL)
                break
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        return Outcome(isLeft: isLeft, text: text(output))
    }

    private static func text(_ path: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(filePath: path))) ?? Data(), as: UTF8.self)
    }
}
