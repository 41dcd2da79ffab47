import BenchKit
import BenchSites
import Foundation

/// What recording costs the frames that are recorded, from worker to worker through both gateways.
enum CostRows {
    private static let frame = 256 << 10
    private static let line = 125_000_000
    private static let isShort = ProcessInfo.processInfo.environment["ATOLL_BENCH_SHORT"] != nil
    private static let runs = isShort ? 2 : 5

    static let all: [BenchRow] = [
        BenchRow(
            "ledger.cost", unit: "share",
            doc: """
                Throughput lost with the ledgers of both sites on, against off, over a link of 125 MB/s (1 Gbit/s), frames \
                of 256 KiB; pairs of runs taken in turn, median.
                """,
            goal: .value(.atMost, 0.05)
        ) { _ in
            let figures = try await compare(bytesPerSecond: line, bytes: isShort ? 32 << 20 : 256 << 20)
            return Measurement(zip(figures.with, figures.without).map { 1 - $1.seconds / $0.seconds })
        },
        BenchRow(
            "ledger.cost.cpu", unit: "CPU s per GB",
            doc: """
                Processor time of both sites with their ledgers on, less that with them off, at full speed: lines, chains \
                and flushes. The payloads' digests are made in either case: ledger.digest, once at each end.
                """
        ) { _ in
            let bytes = isShort ? 64 << 20 : 512 << 20
            let figures = try await compare(bytesPerSecond: nil, bytes: bytes)
            return Measurement(zip(figures.with, figures.without).map { ($0.cpu - $1.cpu) / Double(bytes) * 1e9 })
        },
    ]

    private struct Figure: Sendable {
        let seconds: Double
        let cpu: Double
    }

    private struct Figures: Sendable {
        var with: [Figure] = []
        var without: [Figure] = []
    }

    private static func compare(bytesPerSecond: Int?, bytes: Int) async throws -> Figures {
        var on = GatewayPair.Setting()
        on.bytesPerSecond = bytesPerSecond
        var off = on
        off.hasLedger = false
        return try await GatewayPair.with(on) { [off] recording in
            try await GatewayPair.with(off) { free in
                var figures = Figures()
                // One run of each that does not count.
                for run in 0...runs {
                    let with = try await measure(recording, run, bytes)
                    let without = try await measure(free, run, bytes)
                    guard run > 0 else { continue }
                    figures.with.append(with)
                    figures.without.append(without)
                }
                return figures
            }
        }
    }

    private static func measure(_ pair: GatewayPair, _ run: Int, _ bytes: Int) async throws -> Figure {
        let cpu = ProcessFigures.processorTime
        let seconds = try await pair.send(run, frames: bytes / frame, size: frame)
        return Figure(seconds: seconds, cpu: ProcessFigures.processorTime - cpu)
    }
}
