import Faults
import Foundation
import Ledger
import ResourcesTestKit
import Testing
import WorkerSocket

@testable import Sites

@Suite struct ChannelStateTests {
    /// Whatever is cut, lost, repeated, slow or not recorded: every frame arrives once, in order, and memory is bounded.
    @Test func everyFrameArrivesOnceInOrderWithinBounds() throws {
        let seed = ProcessInfo.processInfo.environment["ATOLL_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0...9_999)
        print("channel state tests: seed \(seed)")
        for run in 0..<200 as Range<UInt64> {
            var world = World(seed: seed &* 1_000 &+ run)
            var steps = 0
            while !world.isDone {
                steps += 1
                try world.step()
                try #require(steps < 200_000, "stuck with seed \(seed), run \(run)")
            }
            #expect(world.consumed == Array(0..<World.count), "seed \(seed), run \(run)")
            #expect(world.recordedOutside == [], "sent without a record: seed \(seed), run \(run)")
        }
    }

    @Test func anOutgoingChannelRefusesWhatIsNotNext() throws {
        var channel = OutgoingChannelState(from: 5)
        #expect(throws: Fault(GatewayFaults.outOfOrder)) { _ = try channel.admit(6, payload: 1) }
        #expect(try channel.admit(5, payload: 1))
        channel.append(.example(5, bytes: 1))
        #expect(throws: Fault(GatewayFaults.outOfOrder)) { try channel.finish(at: 9) }
        #expect(throws: Fault(GatewayFaults.outOfOrder)) { try channel.acknowledge(next: 6, credit: 0) }
        #expect(throws: Fault(GatewayFaults.behind)) { try channel.ready(next: 4, credit: 1) }
        #expect(throws: Fault(GatewayFaults.behind)) { try channel.reopen(from: 7) }
        try channel.finish(at: 6)
        #expect(throws: Fault(GatewayFaults.unexpectedMessage)) { _ = try channel.admit(6, payload: 1) }
    }

    @Test func aWorkerThatSendsBeyondItsCreditIsRefused() throws {
        var channel = OutgoingChannelState(from: 0, limits: .init(queue: 1_000, unacknowledged: 1_000))
        for sequence in 0..<2 as Range<UInt64> {
            #expect(try channel.admit(sequence, payload: 600))
            channel.append(.example(sequence, bytes: 600))
        }
        #expect(throws: Fault(GatewayFaults.creditExceeded)) { _ = try channel.admit(2, payload: 600) }
    }

    @Test func anIncomingChannelRefusesGapsReplaysAndWhatWasNotGranted() throws {
        var channel = IncomingChannelState(from: 3, credit: 1_000)
        #expect(throws: Fault(GatewayFaults.creditExceeded)) { _ = try channel.receive(.example(3), attempt: 1) }
        let ready = channel.ready()
        #expect(ready.next == 3 && ready.credit == 1_000)
        #expect(throws: Fault(GatewayFaults.outOfOrder)) { _ = try channel.receive(.example(4), attempt: 1) }
        #expect(throws: Fault(GatewayFaults.replayed)) { _ = try channel.receive(.example(2), attempt: 9) }
        guard case .new = try channel.receive(.example(3, bytes: 700), attempt: 1) else { return }
        #expect(throws: Fault(GatewayFaults.replayed)) { _ = try channel.receive(.example(3), attempt: 1) }
        guard case .repeated = try channel.receive(.example(3, bytes: 1), attempt: 2) else { return }
        #expect(throws: Fault(GatewayFaults.replayed)) { _ = try channel.receive(.example(3), attempt: 2) }
        #expect(throws: Fault(GatewayFaults.creditExceeded)) { _ = try channel.receive(.example(4), attempt: 1) }
        #expect(throws: Fault(GatewayFaults.outOfOrder)) { try channel.end(at: 9) }
        #expect(throws: Fault(GatewayFaults.outOfOrder)) { try channel.consume(to: 4) }
        #expect(channel.takeForWorker()?.sequence == 3)
        try channel.consume(to: 4)
        #expect(throws: Fault(GatewayFaults.behind)) { try channel.reopen(from: 3) }
        #expect(throws: Fault(GatewayFaults.behind)) { try channel.reopen(from: 5) }
    }

    @Test func anotherWorkerOfTheSameStartIsGivenWhatTheFirstHadNotConsumed() throws {
        var channel = IncomingChannelState(from: 0, credit: 10_000)
        _ = channel.ready()
        for sequence in 0..<4 as Range<UInt64> { _ = try channel.receive(.example(sequence), attempt: 1) }
        for _ in 0..<3 { _ = channel.takeForWorker() }
        try channel.consume(to: 1)
        try channel.reopen(from: 2)
        #expect(channel.takeForWorker()?.sequence == 2)
        #expect(channel.takeForWorker()?.sequence == 3)
        #expect(channel.takeForWorker() == nil)
    }

    @Test func aBucketGivesItsRateOverTimeAndABurst() {
        var bucket = TokenBucket(bytesPerSecond: 1_000, now: .zero)
        #expect(bucket.take(250, now: .zero) == .zero)
        #expect(bucket.take(500, now: .zero) == .milliseconds(500))
        // After that half second there is nothing again.
        #expect(bucket.take(1, now: .milliseconds(500)) == .milliseconds(1))
        #expect(bucket.take(1, now: .seconds(100)) == .zero)
    }
}

/// Both ends of a channel, two ledgers and a link, driven by chance.
private struct World {
    static let count: UInt64 = 60
    private static let largest = 500
    private static let limits = OutgoingChannelState.Limits(queue: 1_500, unacknowledged: 4_000)
    private static let credit = 2_000

    private enum Message {
        case frame(Frame)
        case end(UInt64)
        case ready(UInt64, UInt64)
        case acknowledge(UInt64, UInt64)
    }

    private var random: SeededGenerator
    private var out = OutgoingChannelState(from: 0, limits: Self.limits)
    private var into = IncomingChannelState(from: 0, credit: Self.credit)
    private var workerCredit = Self.limits.queue
    private var next: UInt64 = 0
    private var recording: [[FrameRecord]] = []
    private var recorded: Set<String> = []
    private var there: [Message] = []
    private var back: [Message] = []
    private var isUp = false
    private var arrived: [UInt64] = []
    private var given: [UInt64] = []
    private var wasEnded = false
    private(set) var consumed: [UInt64] = []
    private(set) var recordedOutside: [UInt64] = []

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    var isDone: Bool { out.isComplete && into.isComplete && wasEnded }

    mutating func step() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: try work()
        case 20..<30: recording.append(out.takeForRecord(most: 3, route: "direct"))
        case 30..<42: finishRecording()
        case 42..<55: send()
        case 55..<70: try deliver()
        case 70..<78: try consume()
        case 78..<84:
            if let last = arrived.last { into.recorded(to: last + 1) }
        case 84..<90:
            if isUp, let (next, credit) = into.takeAcknowledgement() { back.append(.acknowledge(next, credit)) }
        case 90..<97: try answer()
        case 97: cut()
        default: connect()
        }
        workerCredit += out.takeWorkerCredit()
        let frame = WorkerSocket.cost(ofPayload: Self.largest)
        #expect(out.queuedBytes + out.unacknowledgedBytes < Self.limits.queue + Self.limits.unacknowledged + 2 * frame)
        #expect(into.bufferedBytes < Self.credit + frame)
    }

    private mutating func work() throws {
        if next == Self.count {
            if out.end == next, !wasFinished { try out.finish(at: next) }
            wasFinished = true
            return
        }
        guard workerCredit > 0 else { return }
        let bytes = Int.random(in: 0...Self.largest, using: &random)
        workerCredit -= WorkerSocket.cost(ofPayload: bytes)
        #expect(try out.admit(next, payload: bytes))
        out.append(.example(next, bytes: bytes))
        next += 1
    }

    private var wasFinished = false

    private mutating func finishRecording() {
        guard !recording.isEmpty else { return }
        let records = recording.removeFirst()
        if Int.random(in: 0..<5, using: &random) == 0 {
            out.notRecorded(records)
        } else {
            for record in records { recorded.insert("\(record.sequence) \(record.attempt)") }
            out.recorded(records)
        }
    }

    private mutating func send() {
        guard isUp else { return }
        if let frame = out.takeForSend() {
            if !recorded.contains("\(frame.sequence) \(frame.attempt)") { recordedOutside.append(frame.sequence) }
            there.append(.frame(frame))
        } else if let end = out.takeEnd() {
            there.append(.end(end))
        }
    }

    private mutating func deliver() throws {
        guard isUp, !there.isEmpty else { return }
        switch there.removeFirst() {
        case .frame(let frame):
            let kept = WorkerFrame(
                channel: 0, step: 0, sequence: frame.sequence, elements: 0, type: "t", payload: frame.payload)
            guard case .new = try into.receive(kept, attempt: frame.attempt) else { return }
            arrived.append(frame.sequence)
        case .end(let end): try into.end(at: end)
        case .ready, .acknowledge: break
        }
    }

    private mutating func consume() throws {
        while let frame = into.takeForWorker() { given.append(frame.sequence) }
        if into.takeEnd() != nil { wasEnded = true }
        guard !given.isEmpty else { return }
        let count = Int.random(in: 1...given.count, using: &random)
        consumed += given.prefix(count)
        given.removeFirst(count)
        try into.consume(to: consumed.last! + 1)
    }

    private mutating func answer() throws {
        guard isUp, !back.isEmpty else { return }
        switch back.removeFirst() {
        case .ready(let next, let credit): try out.ready(next: next, credit: credit)
        case .acknowledge(let next, let credit): try out.acknowledge(next: next, credit: credit)
        case .frame, .end: break
        }
    }

    private mutating func cut() {
        isUp = false
        there = []
        back = []
        out.unready()
    }

    private mutating func connect() {
        guard !isUp else { return }
        isUp = true
        let (next, credit) = into.ready()
        back.append(.ready(next, credit))
    }
}

extension WorkerFrame {
    fileprivate static func example(_ sequence: UInt64, bytes: Int = 10) -> WorkerFrame {
        WorkerFrame(
            channel: 0, step: 0, sequence: sequence, elements: 0, type: "t",
            payload: [UInt8](repeating: 0, count: bytes))
    }
}

extension OutgoingChannelState.Entry {
    fileprivate static func example(_ sequence: UInt64, bytes: Int) -> OutgoingChannelState.Entry {
        let peer = SiteID(digest: [UInt8](repeating: 1, count: 32))
        let frame = Frame(
            channel: ChannelID(job: "j", task: "t", epoch: 1), step: 0, sequence: sequence, attempt: 1,
            messageType: "t", elements: 0, salt: [UInt8](repeating: 0, count: 16),
            payload: [UInt8](repeating: 0, count: bytes))
        let declaration = MessageDeclaration(
            type: "t", senders: [], receivers: [], steps: 0...0, schemaDigest: [], elementBits: 1, maximumBytes: bytes)
        let record = FrameRecord(.sent, frame, peer: peer, declaration: declaration, digest: [], route: "")
        return OutgoingChannelState.Entry(frame: frame, record: record)
    }
}
