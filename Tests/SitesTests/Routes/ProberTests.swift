import Faults
import Ledger
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Sites

@Suite struct ProberTests {
    @Test func aGoodWayPassesEveryLayer() async throws {
        let report = try await FakePeer.probe(FakePeer.Way())
        #expect(report.steps.map(\.layer) == ProbeLayer.allCases)
        #expect(report.steps.allSatisfy { $0.outcome == .pass }, "\(report.steps.map(\.text))")
        #expect(report.figures.largestMessage == 4 << 20)
        let rate = try #require(report.figures.bandwidth)
        #expect((900_000_000...1_001_000_000).contains(rate))
    }

    @Test func figuresAreThoseOfTheWay() async throws {
        var random = SeededGenerator.printed(for: "ways")
        for _ in 0..<25 {
            var way = FakePeer.Way()
            way.roundTrip = .random(in: 200...500_000, using: &random)
            way.bitsPerSecond = .random(in: 3_000_000...2_000_000_000, using: &random)
            way.clockAhead = .random(in: -59_000...59_000, using: &random)
            let report = try await FakePeer.probe(way)
            let figures = report.figures
            let roundTrip = try #require(figures.roundTrip)
            // Besides the way itself, 32 bytes take their time.
            #expect((way.roundTrip...way.roundTrip + 200).contains(roundTrip))
            let rate = try #require(figures.bandwidth)
            #expect(abs(Double(rate) / Double(way.bitsPerSecond) - 1) < 0.05, "\(rate) \(way)")
            let clock = try #require(figures.clock)
            #expect(abs(clock - way.clockAhead) <= 2, "\(clock) \(way)")
        }
    }

    @Test func slowWaysAreMeasuredWithSmallMessages() async throws {
        var way = FakePeer.Way()
        way.bitsPerSecond = 1_000_000
        let report = try await FakePeer.probe(way)
        #expect(report[.bandwidth]?.outcome == .warn)
        #expect(report.figures.largestMessage == 256 << 10)
        #expect(report[.largestMessage]?.outcome == .warn)
        #expect(report[.largestMessage]?.found.contains("too long") == true)
        #expect(report.failing == nil)
    }

    @Test func aWayThatCutsLargeMessagesIsNamed() async throws {
        var way = FakePeer.Way()
        way.largest = 300 << 10
        let report = try await FakePeer.probe(way)
        #expect(report.failing?.layer == .largestMessage)
        #expect(report.failing?.found.contains("256 KiB came through") == true)
        #expect(report.figures.largestMessage == 256 << 10)
        way.largest = 1 << 10
        #expect(try await FakePeer.probe(way).failing?.layer == .bandwidth)
    }

    @Test func aProxyThatHoldsSmallMessagesIsSeen() async throws {
        var way = FakePeer.Way()
        way.hold = (below: 4 << 10, time: 200_000)
        let report = try await FakePeer.probe(way)
        #expect(report[.buffering]?.outcome == .warn)
        #expect((190_000...210_000).contains(try #require(report.figures.held)))
        way.hold = (below: 4 << 10, time: 20_000)
        #expect(try await FakePeer.probe(way)[.buffering]?.outcome == .pass)
    }

    @Test func clocksThatDifferWarnAndThenRefuse() async throws {
        var way = FakePeer.Way()
        way.clockAhead = -30_000
        let behind = try await FakePeer.probe(way, .quick)
        #expect(behind[.clock]?.outcome == .warn)
        #expect(behind[.clock]?.found == "The peer's clock is 30 s behind of this site's.")
        way.clockAhead = 3_600_000
        let ahead = try await FakePeer.probe(way, .quick)
        #expect(ahead.failing?.layer == .clock)
        #expect(ahead.failing?.number == Fault(RouteFaults.clockDifference).number.description)
    }

    @Test func aQuickProbeMovesLittle() async throws {
        let peer = FakePeer(FakePeer.Way())
        var report = ProbeReport(at: Timestamp(milliseconds: 0))
        try await Prober(calls: peer, time: peer.time).measure(FakePeer.site, depth: .quick, into: &report)
        #expect(report.steps.map(\.layer) == [.policy, .roundTrip, .clock])
        #expect(!peer.calls.contains("probe.bulk"))
    }

    @Test func aPeerThatRefusesIsToldAtItsLayer() async throws {
        var way = FakePeer.Way()
        way.fault = Fault(RouteFaults.untrustedPeer, "Not here.")
        #expect(try await FakePeer.probe(way).failing?.layer == .policy)
        way.fault = Fault(LinkFaults.noAnswer)
        #expect(try await FakePeer.probe(way).failing?.layer == .roundTrip)
        way.fault = Fault(LinkFaults.lost)
        let lost = try await FakePeer.probe(way)
        #expect(lost.steps.map(\.layer) == [.name, .tcp])
    }

    @Test func strangeAnswersAreRefused() async throws {
        var way = FakePeer.Way()
        way.isStrange = true
        let report = try await FakePeer.probe(way)
        #expect(report.failing?.layer == .roundTrip)
        #expect(report.failing?.number == Fault(RouteFaults.strangeEcho).number.description)
    }

    /// What a peer answers to a probe is bytes of its choice.
    @Test func anyAnswerEndsInANumberOrAFault() {
        var random = SeededGenerator.printed(for: "answers")
        for _ in 0..<5000 {
            let sent = (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
            var answer = [UInt8](repeating: .random(in: 0...255, using: &random), count: 8) + sent
            let isWhole = Bool.random(using: &random)
            if !isWhole {
                switch Int.random(in: 0..<3, using: &random) {
                case 0: answer.removeLast(Int.random(in: 1...answer.count, using: &random))
                case 1: answer.append(0)
                default: answer[answer.count - 1] ^= 1
                }
            }
            do {
                _ = try ProbeMessages.readEcho(answer, of: sent)
                #expect(isWhole || sent.isEmpty)
            } catch {
                #expect(error.is(RouteFaults.strangeEcho) && !isWhole)
            }
            // Eight bytes are the clock alone: the right answer to nothing.
            let bulk = answer.count == 7 ? answer : answer + [0]
            if let error = #expect(throws: Fault.self, performing: { try ProbeMessages.checkBulk(bulk, of: 0) }) {
                #expect(error.is(RouteFaults.strangeEcho))
            }
        }
    }

    @Test func aSiteAnswersProbesOfPeers() async throws {
        let served = ServedCalls()
        Prober.serve(on: served, time: ProbeTime(steady: { 0 }, wall: { Timestamp(milliseconds: 77) }))
        let body: [UInt8] = [1, 2, 3]
        let echo = try await served.call("probe.echo", body, of: FakePeer.site)
        #expect(try ProbeMessages.readEcho(echo, of: body) == 77)
        let bulk = try await served.call("probe.bulk", body, of: FakePeer.site)
        try ProbeMessages.checkBulk(bulk, of: 3)
        let large = [UInt8](repeating: 0, count: ProbeMessages.largestEcho + 1)
        await #expect(throws: Fault(RouteFaults.strangeEcho)) {
            try await served.call("probe.echo", large, of: FakePeer.site)
        }
    }
}

/// Calls that a site answers, asked by itself.
private final class ServedCalls: LinkCalls {
    private struct Handler: Sendable {
        let answer: @Sendable (SiteID, [UInt8]) async throws -> [UInt8]
    }

    private let handlers = Mutex<[String: Handler]>([:])

    func call(_ method: String, _ body: [UInt8], of peer: SiteID) async throws -> [UInt8] {
        guard let handler = handlers.withLock({ $0[method] }) else { throw Fault(LinkFaults.lost) }
        return try await handler.answer(peer, body)
    }

    func serve(_ method: String, _ handler: @escaping @Sendable (SiteID, [UInt8]) async throws -> [UInt8]) {
        handlers.withLock { $0[method] = Handler(answer: handler) }
    }
}
