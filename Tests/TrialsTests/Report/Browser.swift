import Foundation

/// A Chromium of the machine, driven by `Tests/Support/Browser/look_at_page.py`.
enum Browser {
    struct Look: Codable {
        var width = 1280
        var height = 900
        var language = "en-US"
        var dark = false
        var print = false
        var scripts = true
        /// A selector of what is clicked.
        var press: String?
        var screenshot: String?
    }

    struct Seen: Codable {
        let console: [String]
        let exceptions: [String]
        let requests: [String]
        let page: Page
    }

    struct Page: Codable {
        let language: String
        let title: String
        let heading: String
        let charts: Int
        let named: Int
        let overflowing: [String]
        let scrollWidth: Int
        let width: Int
        let text: Int
        let ground: String
        let ids: Int
        let distinctIds: Int
        let switchShown: Bool
        let injected: String
    }

    struct Failed: Error {
        let status: Int32
        let text: String
    }

    /// `ATOLL_CHROMIUM`, or the first by name in the path; nil where there is none, or no Python to drive it.
    static let program: String? = {
        guard FileManager.default.isExecutableFile(atPath: python) else { return nil }
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["ATOLL_CHROMIUM"] { return named.isEmpty ? nil : named }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for name in ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"] {
            for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
                return "\(folder)/\(name)"
            }
        }
        return nil
    }()

    /// Opens a page once for each look.
    static func look(at html: String, _ looks: [Look]) async throws -> [Seen] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = folder.appending(path: "report.html")
        try Data(html.utf8).write(to: page)
        let order = folder.appending(path: "order.json")
        try JSONEncoder().encode(Order(page: page.path, looks: looks)).write(to: order)
        let script = Self.root.appending(path: "Tests/Support/Browser/look_at_page.py").path
        let text = try await python(["-I", "-B", script, program ?? "", order.path], in: folder)
        return try JSONDecoder().decode([Seen].self, from: Data(text.utf8))
    }

    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let python = "/usr/bin/python3"

    /// - Parameter status: the exit status that is wanted.
    static func python(_ arguments: [String], in folder: URL, status: Int32 = 0) async throws -> String {
        let output = folder.appending(path: "output-\(UUID().uuidString).txt")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = URL(filePath: python)
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

    private struct Order: Encodable {
        let page: String
        let looks: [Look]
    }
}
