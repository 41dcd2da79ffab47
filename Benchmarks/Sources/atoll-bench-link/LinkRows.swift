import BenchKit
import Foundation
import Sites

/// Rows about one link: how much it carries and how long an answer takes.
enum LinkRows {
    /// One frame; the size that protocols use.
    static let frame = 256 << 10
    /// A tenth of everything, to see that the bench works: `ATOLL_BENCH_SHORT=1`. Such figures mean nothing.
    static let short = ProcessInfo.processInfo.environment["ATOLL_BENCH_SHORT"] != nil
    /// Bytes of one run.
    static let amount = short ? 48 << 20 : 512 << 20
    static let runs = short ? 2 : 5

    static let all: [BenchRow] = [
        BenchRow(
            "link.bare", unit: "MB/s",
            doc: "Bare grpc-swift, one stream, mutual TLS, the same window, frame and buffer; median of five runs."
        ) { _ in
            Measurement(try await throughput.value().bare)
        },
        BenchRow(
            "link.transport", unit: "MB/s",
            doc: """
                A link of this program, frames of 256 KiB from one end to the other; median of five runs, taken in turn \
                with link.bare. Ratio: ours over bare.
                """,
            ratio: .measured
        ) { _ in
            let both = try await throughput.value()
            let ratio = Statistics.median(both.link) / Statistics.median(both.bare)
            return Measurement(
                both.link, ratio: ratio,
                against: Against(
                    name: "bare grpc-swift", value: Statistics.median(both.bare), source: "measured in this run"))
        },
        BenchRow(
            "link.bare.worst", unit: "MB/s", doc: "The worst of link.bare's five runs.", statistic: .worstIsLeast
        ) { _ in
            Measurement(try await throughput.value().bare)
        },
        BenchRow(
            "link.transport.worst", unit: "MB/s",
            doc: "The worst of link.transport's five runs. Ratio: over the worst of link.bare.",
            statistic: .worstIsLeast, ratio: .measured, goal: .value(.atLeast, 300)
        ) { _ in
            let both = try await throughput.value()
            let worst = both.bare.min() ?? 0
            return Measurement(
                both.link, ratio: (both.link.min() ?? 0) / worst,
                against: Against(name: "bare grpc-swift", value: worst, source: "measured in this run"))
        },
        BenchRow("link.rtt.p50", unit: "us", doc: "A request of 128 bytes and its answer over an open link; median.") {
            _ in
            Measurement([try await roundTrips.value().p50])
        },
        BenchRow("link.rtt.p99", unit: "us", doc: "As link.rtt.p50; the slowest of a hundred.") { _ in
            Measurement([try await roundTrips.value().p99])
        },
    ]

    private static let throughput = Once { () async throws -> (bare: [Double], link: [Double]) in
        var both: (bare: [Double], link: [Double]) = ([], [])
        try await LinkPair.with { pair in
            // One run of each that does not count.
            for run in 0...runs {
                let bare = try await BareStream.run(pair.identity, frames: amount / frame, size: frame)
                let link = try await pair.send(frames: amount / frame, size: frame)
                guard run > 0 else { continue }
                both.bare.append(Double(amount) / bare / 1e6)
                both.link.append(Double(amount) / link / 1e6)
            }
        }
        return both
    }

    private static let roundTrips = Once { () async throws -> (p50: Double, p99: Double) in
        var times: [Double] = []
        try await LinkPair.with { pair in
            times = try await pair.roundTrips(2_000, size: 128).sorted()
        }
        return (times[times.count / 2] * 1e6, times[times.count * 99 / 100] * 1e6)
    }
}

/// A value that several rows share, made when the first asks.
actor Once<Value: Sendable> {
    private let make: @Sendable () async throws -> Value
    private var task: Task<Value, any Error>?

    init(_ make: @escaping @Sendable () async throws -> Value) {
        self.make = make
    }

    func value() async throws -> Value {
        let make = make
        let task = task ?? Task { try await make() }
        self.task = task
        return try await task.value
    }
}
