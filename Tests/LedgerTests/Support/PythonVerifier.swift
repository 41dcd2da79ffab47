import Foundation
import Resources
import Testing

/// `tools/verify_ledger.py`, which shares no code with the product.
enum PythonVerifier {
    /// The interpreter of the machine, or nil.
    static let isHere = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    struct Outcome {
        let status: Int32
        let text: String
    }

    /// Runs it over exports.
    static func run(_ exports: [[JSONValue]]) async throws -> Outcome {
        try await withTemporaryFolder { folder in
            var paths: [String] = []
            for (index, objects) in exports.enumerated() {
                let path = "\(folder)/export-\(index).jsonl"
                let lines = objects.map { String(decoding: JSONWriter.compact($0), as: UTF8.self) + "\n" }
                try lines.joined().write(toFile: path, atomically: false, encoding: .utf8)
                paths.append(path)
            }
            return try await run(arguments: paths, in: folder)
        }
    }

    /// Runs it over each of the files `0.jsonl`, `1.jsonl`, … by itself; prints the statuses, a line each.
    static func runEach(in folder: String, count: Int) async throws -> Outcome {
        let loop = """
            importlib, contextlib, io, sys = map(__import__, ("importlib.util", "contextlib", "io", "sys"))
            spec = importlib.util.spec_from_file_location("verify_ledger", sys.argv[1])
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            for number in range(int(sys.argv[3])):
                with contextlib.redirect_stdout(io.StringIO()):
                    status = module.main(["%s/%d.jsonl" % (sys.argv[2], number)])
                print(status)
            """
        return try await execute(["-I", "-B", "-c", loop, script, folder, String(count)], in: folder)
    }

    static func run(arguments: [String], in folder: String) async throws -> Outcome {
        try await execute(["-I", "-B", script] + arguments, in: folder)
    }

    private static func execute(_ arguments: [String], in folder: String) async throws -> Outcome {
        let output = URL(filePath: "\(folder)/output.txt")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = arguments
        process.standardOutput = handle
        process.standardError = handle
        let status = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try handle.close()
        return Outcome(status: status, text: try String(contentsOf: output, encoding: .utf8))
    }

    static func expectWhole(
        _ one: [JSONValue], _ other: [JSONValue], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        guard isHere else { return }
        let outcome = try await run([one, other])
        #expect(outcome.status == 0, "\(outcome.text)", sourceLocation: sourceLocation)
    }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "tools/verify_ledger.py").path
}
