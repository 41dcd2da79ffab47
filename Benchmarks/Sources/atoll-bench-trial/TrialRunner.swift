import BenchKit
import Foundation

/// Runs trials by the program.
enum TrialRunner {
    struct Report: Decodable {
        struct Phase: Decodable {
            let name: String
            let seconds: Double
        }

        private let all: [Phase]

        /// Seconds by phase.
        var phases: [String: Double] { Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.seconds) }) }

        private enum CodingKeys: String, CodingKey {
            case all = "phases"
        }
    }

    /// - Throws: `BenchFailure` when it does not end well.
    static func run(_ document: String, files: String?) async throws -> Report {
        let folder = try makeFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(document, in: folder)
        // A trial whose driver is killed leaves its sites.
        defer { try? atoll(["trial", "clean", "--all", "--data", "d"], in: folder) }
        try atoll(
            ["trial", "run", "t.yaml", "--data", "d", "--report", "r"]
                + (files.map { ["--files", absolute($0)] } ?? []),
            in: folder)
        let bytes = try Data(contentsOf: folder.appending(path: "r/report.json"))
        return try JSONDecoder().decode(Report.self, from: bytes)
    }

    /// Resident MB of each site of a trial that was kept, ten seconds after its end.
    static func idleMemory(_ document: String) async throws -> [Double] {
        let folder = try makeFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        // A trial that fails is kept as well.
        defer { try? atoll(["trial", "clean", "--all", "--data", "d"], in: folder) }
        try write(document, in: folder)
        try atoll(["trial", "run", "t.yaml", "--data", "d", "--keep"], in: folder)
        try await Task.sleep(for: .seconds(10))
        struct Progress: Decodable {
            struct Site: Decodable {
                let process: Int32
            }
            let sites: [Site]
        }
        let bytes = try Data(contentsOf: folder.appending(path: "d/trials/idle/progress.json"))
        return try JSONDecoder().decode(Progress.self, from: bytes).sites.map { site in
            try SystemProcess.memory(of: site.process).now / 1e6
        }
    }

    private static func makeFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bt-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private static func write(_ document: String, in folder: URL) throws {
        try Data(document.utf8).write(to: folder.appending(path: "t.yaml"))
    }

    /// Blocks.
    private static func atoll(_ arguments: [String], in folder: URL) throws {
        guard let program = AtollProgram.find() else {
            throw BenchFailure("there is no `atoll` beside this program; ATOLL_BINARY names one")
        }
        let process = Process()
        process.executableURL = URL(filePath: program.path)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchFailure(
                "`atoll \(arguments.prefix(2).joined(separator: " "))` ended with \(process.terminationStatus)")
        }
    }
}
