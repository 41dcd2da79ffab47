import Faults
import Foundation
import Ledger
import Resources
import ResourcesTestKit
import Testing

/// Two ledgers through random sends, losses, cuts, resends, repeated attempts and lost signatures: both end agreed.
@Suite struct InterleavingTests {
    @Test func everyInterleavingEndsAgreed() async throws {
        let rounds = ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] == "1" ? 100 : 3
        var generator = SeededGenerator.printed(for: "interleavings of two ledgers")
        for _ in 0..<rounds {
            try await Pair.with { pair in
                var world = World(pair: pair)
                for _ in 0..<60 { try await world.step(&generator) }
                try await world.finish()
                let one = try await pair.first.reader.exported()
                let other = try await pair.second.reader.exported()
                for report in [verified(one), verified(other)] {
                    #expect(report.isWhole, "seed \(generator.seed): \(report.findings)")
                    #expect(report.receipts == 1)
                }
                #expect(compared(one, other).isEmpty, "seed \(generator.seed)")
                try await PythonVerifier.expectWhole(one, other)
            }
        }
    }
}

private struct World {
    let pair: Pair
    private var channels = [
        Channel(task: "align", back: false), Channel(task: "align", back: true), Channel(task: "train", back: false),
    ]
    private var epoch: UInt64 = 1

    init(pair: Pair) {
        self.pair = pair
    }

    private struct Channel {
        let task: String
        let back: Bool
        /// What the sender sends next, and what the receiver wants next.
        var sent: UInt64 = 0
        var received: UInt64 = 0
        /// The most that was ever sent.
        var most: UInt64 = 0
        /// The content of each frame as it was last sent.
        var content: [UInt64: UInt8] = [:]
    }

    mutating func step(_ generator: inout SeededGenerator) async throws {
        let index = Int.random(in: 0..<channels.count, using: &generator)
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<8: try await send(index, isLost: false, &generator)
        case 8..<11: try await send(index, isLost: true, &generator)
        case 11..<13: try await resend(index)
        case 13..<15: channels[index].sent = channels[index].received
        case 15: try await restart()
        default: try await coSign(losing: Int.random(in: 0..<4, using: &generator))
        }
    }

    /// Everything arrives, then the receipt.
    mutating func finish() async throws {
        var generator = SeededGenerator(seed: 1)
        for index in channels.indices {
            while channels[index].received < channels[index].most { try await send(index, isLost: false, &generator) }
        }
        try await pair.coSign(isClosed: true)
    }

    /// After a cut the sender goes on from what the receiver wants, with a new content or the same.
    private mutating func send(_ index: Int, isLost: Bool, _ generator: inout SeededGenerator) async throws {
        var channel = channels[index]
        // A frame arrives only after the ones before it: after a loss the link is cut.
        if !isLost { channel.sent = channel.received }
        let sequence = channel.sent
        let content = UInt8.random(in: 0..<3, using: &generator)
        channel.content[sequence] = content
        channel.sent += 1
        channel.most = max(channel.most, channel.sent)
        let (sent, received) = pair.frame(sequence, back: channel.back, task: channel.task, content: content)
        try await (channel.back ? pair.second : pair.first).record([sent])
        if !isLost {
            try await (channel.back ? pair.first : pair.second).record([received])
            channel.received = channel.sent
        }
        channels[index] = channel
    }

    /// The acknowledgement was lost: the newest frame that has arrived comes once more.
    private mutating func resend(_ index: Int) async throws {
        let channel = channels[index]
        guard channel.received > 0, let content = channel.content[channel.received - 1] else { return }
        let frame = pair.frame(
            channel.received - 1, back: channel.back, task: channel.task, attempt: 2, content: content)
        try await (channel.back ? pair.second : pair.first).record([frame.sent])
        try await (channel.back ? pair.first : pair.second).record([frame.received])
        channels[index].sent = channel.received
    }

    /// The job begins again: a new epoch, every channel from its start.
    private mutating func restart() async throws {
        epoch += 1
        try await pair.open(epoch: epoch)
        for index in channels.indices {
            channels[index].sent = 0
            channels[index].received = 0
        }
    }

    /// - Parameter message: which message is lost; 0 for none.
    private func coSign(losing message: Int) async throws {
        let isBack = epoch % 2 == 0
        let (proposer, answerer) = isBack ? (pair.second, pair.first) : (pair.first, pair.second)
        let (own, peer) = isBack ? (pair.other.site, pair.one.site) : (pair.one.site, pair.other.site)
        let proposal = try await proposer.propose(job: Pair.job, to: peer)
        if message == 1 { return }
        let answer = try await answerer.answer(proposal, from: own)
        if message == 2 { return }
        let signed = try await proposer.sign(answer, from: peer, job: Pair.job)
        if message == 3 { return }
        try await answerer.accept(signed, from: own)
    }
}
