import Foundation

/// Programs of this checkout in Python, run as a reviewer would.
enum Python {
    struct Failed: Error {
        let status: Int32
        let text: String
    }

    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let program = "/usr/bin/python3"

    /// - Parameter status: the exit status that is wanted.
    static func run(_ arguments: [String], in folder: URL, status: Int32 = 0) async throws -> String {
        let output = folder.appending(path: "output-\(UUID().uuidString).txt")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        let ended = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try handle.close()
        let text = try String(contentsOf: output, encoding: .utf8)
        guard ended == status else { throw Failed(status: ended, text: text) }
        return text
    }
}
