import Faults
import Foundation
import Ledger
import Resources
import ResourcesTestKit
import Sites
import SitesTestKit
import Synchronization
import Testing
import WorkerSocket

/// `kill -9` of a whole gateway while blocking workers stream through two of them.
@Suite(.timeLimit(.minutes(10))) struct GatewayProcessTests {
    /// What the threads of the workers and the test share.
    private struct Progress {
        var received: UInt64 = 0
        /// Where the sender goes on: everything before is with the receiver.
        var kept: UInt64 = 0
        /// Nothing more is killed: the sender comes to an end.
        var isEnough = false
    }

    @Test func aStreamSurvivesKillsOfEitherGatewayAndBothLedgersAgree() async throws {
        let rounds = ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] == "1" ? 40 : 4
        var generator = SeededGenerator.printed(for: "kill -9 of a gateway")
        try await withSiteFolder { folder in
            let ids = try ["a", "b"].map { name in
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
                return try SiteIdentity.open(folder: "\(folder)/\(name)/identity", now: .now).id
            }
            let a = HostedGateway(ids[0], "\(folder)/a", peer: ids[1])
            let b = HostedGateway(ids[1], "\(folder)/b", peer: ids[0])
            let isOver = SharedFlag()
            defer {
                isOver.set()
                a.kill()
                b.kill()
            }
            try await b.start(.listens)
            try await a.start(.dials(b))
            let progress = Shared(Progress())
            try await withTaskCancellationHandler {
                async let received: Void = onThread { try Self.receive(at: b, from: a, progress, isOver) }
                async let sent: Void = onThread { try Self.send(from: a, to: b, progress, isOver) }
                for round in 0..<rounds {
                    let goal = progress.withLock { $0.received } + UInt64.random(in: 5...40, using: &generator)
                    try await eventually { progress.withLock { $0.received } >= goal }
                    let victim = round.isMultiple(of: 2) ? a : b
                    victim.kill()
                    try await victim.start(round.isMultiple(of: 2) ? .dials(b) : .listens)
                }
                progress.withLock { $0.isEnough = true }
                try await sent
                try await received
            } onCancel: {
                isOver.set()
                a.kill()
                b.kill()
            }
            a.kill()
            b.kill()
            try await Self.compare(a, b, count: progress.withLock { $0.received })
        }
    }

    private static func compare(_ a: HostedGateway, _ b: HostedGateway, count: UInt64) async throws {
        let (one, two) = (try await a.ledger(), try await b.ledger())
        #expect(one.report.isWhole, "\(one.report.findings)")
        #expect(two.report.isWhole, "\(two.report.findings)")
        #expect(LedgerVerifier.compare(one.verifier, two.verifier).isEmpty)
        let sent = one.flows.filter { $0.direction == .sent }
        let received = two.flows.filter { $0.direction == .received }
        #expect(sent.map(\.tally.frames) == [count])
        #expect(received.map(\.tally.frames) == [count])
        #expect(sent.first?.tally.bytes == received.first?.tally.bytes)
        #expect(count > 0)
    }

    private static func send(
        from site: HostedGateway, to peer: HostedGateway, _ progress: Shared<Progress>, _ isOver: SharedFlag
    ) throws {
        try untilDone(isOver) {
            let channel = try site.worker().sender(to: peer.site.text, from: progress.withLock { $0.kept })
            var sequence = progress.withLock { $0.kept }
            while !progress.withLock({ $0.isEnough }) {
                let bytes = payload(sequence, bytes: GatewayTests.size(sequence))
                try channel.send(step: UInt32(sequence % 10), type: "block", elements: sequence, payload: bytes)
                sequence += 1
                if sequence % 20 == 0 {
                    try channel.flush()
                    progress.withLock { $0.kept = sequence }
                }
            }
            try channel.finish()
        }
    }

    private static func receive(
        at site: HostedGateway, from peer: HostedGateway, _ progress: Shared<Progress>, _ isOver: SharedFlag
    ) throws {
        try untilDone(isOver) {
            let next = progress.withLock { $0.received }
            let channel = try site.worker().receiver(from: peer.site.text, from: next)
            while let frame = try channel.receive() {
                let expected = progress.withLock { $0.received }
                #expect(frame.sequence == expected, "nothing is lost and nothing comes twice")
                #expect(frame.payload == payload(expected, bytes: GatewayTests.size(expected)))
                progress.withLock { $0.received = expected + 1 }
            }
        }
    }

    /// Begins again while the gateway is away.
    private static func untilDone(_ isOver: SharedFlag, _ body: () throws -> Void) throws {
        while true {
            do {
                return try body()
            } catch let fault as Fault
                where !isOver.isSet
                && (fault.is(GatewayFaults.socketLost) || fault.is(GatewayFaults.socketUnusable)
                    || fault.is(GatewayFaults.tokenRefused) || fault.is(GatewayFaults.tokenExpired))
            {
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }
}
