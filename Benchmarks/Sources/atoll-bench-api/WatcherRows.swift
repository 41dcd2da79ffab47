import BenchAPI
import BenchKit
import Foundation
import Synchronization

/// Five hundred browsers that all look at the same list.
enum WatcherRows {
    private static let watchers = 500
    private static let changes = 5

    static let all: [BenchRow] = [
        BenchRow(
            "api.watchers.500", unit: "ms",
            doc: "From the sending of a change to when all 500 event streams over TLS have it. Worst of five changes.",
            statistic: .worstIsMost
        ) { _ in Measurement(try await figures().milliseconds) },
        BenchRow(
            "api.watchers.500.memory", unit: "KiB",
            doc: "What the site holds more (VmRSS) with 500 event streams open, for each of them."
        ) { _ in Measurement([try await figures().kibibytes]) },
    ]

    private struct Figures: Sendable {
        var milliseconds: [Double] = []
        var kibibytes = 0.0
    }

    private static let known = Mutex<Figures?>(nil)

    private static func figures() async throws -> Figures {
        if let figures = known.withLock({ $0 }) { return figures }
        let figures = try await APISite.with { try measure($0) }
        known.withLock { $0 = figures }
        return figures
    }

    private static func measure(_ site: APISite) throws -> Figures {
        let writer = try TLSConnection(port: site.port)
        var figures = Figures()
        let before = try site.memory()
        let streams = try (0..<watchers).map { _ in
            let connection = try TLSConnection(port: site.port)
            try connection.open("/api/v1/tenants?watch=true", token: site.token)
            return connection
        }
        figures.kibibytes = (try site.memory() - before) / 1024 / Double(watchers)
        for change in 0..<changes {
            let name = "Change-\(change)-\(UUID().uuidString.prefix(8))"
            let start = ContinuousClock.now
            let last = Mutex(start)
            let failed = Mutex(0)
            let starter = Thread {
                let body =
                    "{apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: bench}, spec: {displayName: \(name)}}"
                _ = try? writer.ask("POST", "/api/v1/apply", body: body, token: site.token)
            }
            starter.start()
            try Crew.run(watchers) { number in
                do {
                    try streams[number].wait(for: name)
                    let now = ContinuousClock.now
                    last.withLock { $0 = max($0, now) }
                } catch {
                    failed.withLock { $0 += 1 }
                }
            }
            guard failed.withLock({ $0 }) == 0 else { throw BenchFailure("watchers were cut off") }
            figures.milliseconds.append((last.withLock { $0 } - start) / .milliseconds(1))
        }
        return figures
    }
}
