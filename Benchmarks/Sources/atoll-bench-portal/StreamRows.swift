import BenchAPI
import BenchKit

/// Two hundred browsers that have a live page open.
enum StreamRows {
    private static let streams = 200
    private static let figures = StreamFigures(count: streams, path: "/live?kinds=tenants") { _ in "event: changed" }

    static let all: [BenchRow] = [
        BenchRow(
            "portal.streams.200", unit: "ms",
            doc: """
                From the sending of a change to when all \(streams) live pages over TLS are told; a page is told at most \
                once a second. Worst of five changes. A stream that is not told fails the row.
                """,
            statistic: .worstIsMost
        ) { _ in Measurement(try await figures.found().milliseconds) },
        BenchRow(
            "portal.streams.200.memory", unit: "KiB",
            doc: "What the site holds more (VmRSS) with \(streams) live pages open, for each of them."
        ) { _ in Measurement([try await figures.found().kibibytes]) },
    ]
}
