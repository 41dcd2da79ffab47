import CoreMetrics
import Foundation
import Testing

@testable import Observability

/// The page as Prometheus' own checker sees it. `promtool` comes from the Debian package `prometheus`; the set-up
/// script of the tests puts it under `.build-tools/`, and `ATOLL_PROMTOOL` names any other.
@Suite struct PromtoolTests {
    @Test(.enabled(if: Promtool.path != nil, "promtool is not here: run Scripts/setup.sh test, or set ATOLL_PROMTOOL"))
    func promtoolFindsNothingToBlame() throws {
        let registry = MetricsRegistry(seriesLimit: 3)
        try registry.describe("wait", help: "Time spent \\ waiting\nfor a worker", buckets: [0.1, 1])
        for method in ["GET", "PUT", "a\"b\\c\nd", "删除", "one too many"] {
            Counter(label: "http.server.requests", dimensions: [("http.method", method)], factory: registry).increment()
            Timer(label: "wait", dimensions: [("method", method), ("le", "x")], factory: registry).recordSeconds(0.5)
        }
        FloatingPointCounter(label: "energy.joules", factory: registry).increment(by: 0.25)
        Meter(label: "queueDepth", factory: registry).set(Double.infinity)
        Gauge(label: "load", factory: registry).record(3)
        Recorder(label: "rows.read", factory: registry).record(12_345)
        let (status, output) = try Promtool.check(registry.render())
        #expect(status == 0, "promtool said: \(output)")
        #expect(output == "", "promtool said: \(output)")
    }

    @Test(.enabled(if: Promtool.path != nil, "promtool is not here: run Scripts/setup.sh test, or set ATOLL_PROMTOOL"))
    func promtoolIsReallyAsked() throws {
        let (status, _) = try Promtool.check("# TYPE a counter\na{b=\"unfinished} 1\n")
        #expect(status != 0)
    }
}

private enum Promtool {
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/promtool" }
        // Tests run from the package's root.
        let candidates = [environment["ATOLL_PROMTOOL"], ".build-tools/usr/bin/promtool"].compactMap { $0 } + folders
        return candidates.first(where: FileManager.default.isExecutableFile(atPath:))
    }()

    /// Exit status of `promtool check metrics` and everything it printed.
    static func check(_ page: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(page.utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}
