import BenchAPI
import BenchKit
import Foundation
import Synchronization

/// Two hundred browsers that have a live page open.
enum StreamRows {
    private static let streams = 200
    private static let changes = 5

    static let all: [BenchRow] = [
        BenchRow(
            "portal.streams.200", unit: "ms",
            doc: """
                From the sending of a change to when all \(streams) live pages over TLS are told; a page is told at most \
                once a second. Worst of \(changes) changes. A stream that is not told fails the row.
                """,
            statistic: .worstIsMost
        ) { _ in Measurement(try await figures().milliseconds) },
        BenchRow(
            "portal.streams.200.memory", unit: "KiB",
            doc: "What the site holds more (VmRSS) with \(streams) live pages open, for each of them."
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
        let open = try (0..<streams).map { _ in
            let connection = try TLSConnection(port: site.port)
            try connection.open("/live?kinds=tenants", token: site.token)
            return connection
        }
        figures.kibibytes = (try site.memory() - before) / 1024 / Double(streams)
        for change in 0..<changes {
            let start = ContinuousClock.now
            let last = Mutex(start)
            let failed = Mutex(0)
            let body =
                "{apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: bench}, spec: {displayName: C\(change)}}"
            guard try writer.ask("POST", "/api/v1/apply", body: body, token: site.token).status == 200 else {
                throw BenchFailure("the change was refused")
            }
            try Crew.run(streams) { number in
                do {
                    try open[number].wait(for: "event: changed")
                    let now = ContinuousClock.now
                    last.withLock { $0 = max($0, now) }
                } catch {
                    failed.withLock { $0 += 1 }
                }
            }
            guard failed.withLock({ $0 }) == 0 else { throw BenchFailure("live pages were cut off") }
            figures.milliseconds.append((last.withLock { $0 } - start) / .milliseconds(1))
        }
        return figures
    }
}
