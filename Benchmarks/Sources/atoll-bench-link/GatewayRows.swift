import BenchKit
import BenchSites
import Foundation

/// Rows about what a job gets: from worker to worker, through both gateways and into both ledgers.
enum GatewayRows {
    /// One channel's window and credit.
    private static let window = 1 << 20
    private static let roundTrip = 0.02
    private static let channels = 8

    static let all: [BenchRow] = [
        BenchRow(
            "link.throughput", unit: "MB/s",
            doc: """
                Frames of 256 KiB from worker to worker through both gateways, each in both ledgers; the worst of five \
                runs. Ratio: its median over that of a bare grpc-swift stream with mutual TLS and the same settings, \
                taken in turn.
                """,
            statistic: .worstIsLeast, ratio: .measured, goal: .value(.atLeast, 300)
        ) { _ in
            let both = try await throughput.value()
            return Measurement(both.ours, ratio: both.ratio, against: both.against)
        },
        BenchRow(
            "link.throughput.ratio", unit: "times",
            doc: "link.throughput over the bare stream, run by run; median.", goal: .value(.atLeast, 0.4)
        ) { _ in
            let both = try await throughput.value()
            return Measurement(zip(both.ours, both.bare).map { $0 / $1 })
        },
        BenchRow(
            "link.throughput.rtt20ms", unit: "MB/s",
            doc: """
                As link.throughput over a line of 20 ms round trip with the window and credit of 1 MiB; median. Ratio: \
                over what such a window can carry at most, 52 MB/s.
                """,
            against: Against(
                name: "window over round trip", value: Double(window) / roundTrip / 1e6, source: "computed"),
            ratio: .valueOverAgainst, goal: .ratio(.atLeast, 0.6)
        ) { _ in
            var setting = GatewayPair.Setting()
            setting.delay = .milliseconds(10)
            let frames = LinkRows.short ? 64 : 400
            let rates = try await GatewayPair.with(setting) { pair in
                var rates: [Double] = []
                for run in 0...LinkRows.runs {
                    rates.append(try await rate(pair, run, frames: frames))
                }
                return rates
            }
            return Measurement(Array(rates.dropFirst()))
        },
        BenchRow(
            "link.memory_per_channel", unit: "MiB",
            doc: """
                Peak memory beyond that of the open link for each of 8 channels whose receivers take 20 ms for every \
                frame of 256 KiB, both ends of each channel together; one run in each direction, the worse counts.
                """,
            statistic: .worstIsMost, goal: .value(.atMost, 8)
        ) { _ in
            Measurement([try await memory(fromDialler: true), try await memory(fromDialler: false)])
        },
    ]

    private struct Throughput: Sendable {
        var bare: [Double] = []
        var ours: [Double] = []

        var ratio: Double { Statistics.median(ours) / Statistics.median(bare) }
        var against: Against {
            Against(name: "bare grpc-swift", value: Statistics.median(bare), source: "measured in this run")
        }
    }

    private static let throughput = Once { () async throws -> Throughput in
        try await GatewayPair.with { pair in
            var both = Throughput()
            let frames = LinkRows.amount / LinkRows.frame
            // One run of each that does not count.
            for run in 0...LinkRows.runs {
                let bare = try await BareStream.run(pair.identity, frames: frames, size: LinkRows.frame)
                let ours = try await rate(pair, run, frames: frames)
                guard run > 0 else { continue }
                both.bare.append(Double(frames * LinkRows.frame) / bare / 1e6)
                both.ours.append(ours)
            }
            return both
        }
    }

    /// MB/s of one run.
    private static func rate(_ pair: GatewayPair, _ run: Int, frames: Int) async throws -> Double {
        let seconds = try await pair.send(run, frames: frames, size: LinkRows.frame)
        return Double(frames * LinkRows.frame) / seconds / 1e6
    }

    private static func memory(fromDialler: Bool) async throws -> Double {
        try await GatewayPair.with { pair in
            let sender = fromDialler ? pair.dialler : pair.listener
            let frames = LinkRows.short ? 40 : 150
            // What the first use of everything takes is not a channel's.
            _ = try await pair.send(0, frames: 4, size: LinkRows.frame, from: sender)
            let before = ProcessFigures.resident
            let peak = try await ProcessFigures.peakResident {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for channel in 1...channels {
                        group.addTask {
                            _ = try await pair.send(
                                channel, frames: frames, size: LinkRows.frame, from: sender, pause: .milliseconds(20))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            return Double(peak - before) / Double(channels) / Double(1 << 20)
        }
    }
}
