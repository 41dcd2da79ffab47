import BenchAPI
import BenchKit

/// Five hundred browsers that all look at the same list.
enum WatcherRows {
    private static let figures = StreamFigures(count: 500, path: "/api/v1/tenants?watch=true") { $0 }

    static let all: [BenchRow] = [
        BenchRow(
            "api.watchers.500", unit: "ms",
            doc: "From the sending of a change to when all 500 event streams over TLS have it. Worst of five changes.",
            statistic: .worstIsMost
        ) { _ in Measurement(try await figures.found().milliseconds) },
        BenchRow(
            "api.watchers.500.memory", unit: "KiB",
            doc: "What the site holds more (VmRSS) with 500 event streams open, for each of them."
        ) { _ in Measurement([try await figures.found().kibibytes]) },
    ]
}
