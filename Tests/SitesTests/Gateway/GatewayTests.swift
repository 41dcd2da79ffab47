import Faults
import Ledger
import Sites
import SitesTestKit
import Synchronization
import Testing
import WorkerSocket

/// Frames from worker to worker through two gateways.
@Suite(.timeLimit(.minutes(3))) struct GatewayTests {
    @Test func framesArriveInOrderAndAreInBothLedgersWithTheSameDigests() async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let (a, b) = (sites.a, sites.b)
            let leaks = Mutex(0)
            await sites.connect(
                watch: PipeLink.Watch { message in
                    if case .frame(let frame) = message, !a.ledger.holds(frame) { leaks.withLock { $0 += 1 } }
                    return [message]
                })
            async let received = onThread { try Self.receive(b, from: a.id) }
            async let sent: Void = onThread { try Self.send(a, to: b.id, count: 200) }
            try await sent
            #expect(try await received == 200)
            #expect(leaks.withLock { $0 } == 0)

            let out = a.ledger.records
            let into = b.ledger.records
            #expect(out.map(\.sequence) == Array(0..<200))
            #expect(into.map(\.sequence) == Array(0..<200))
            #expect(out.map(\.payloadDigest) == into.map(\.payloadDigest))
            #expect(out.map(\.salt) == into.map(\.salt))
            #expect(Set(out.map(\.salt)).count == 200)
            #expect(out.allSatisfy { $0.direction == .sent && $0.peer == b.id && $0.route == "direct" })
            #expect(into.allSatisfy { $0.direction == .received && $0.peer == a.id && $0.elementBits == 64 })
            #expect(out[3].bytes == UInt64(Self.size(3)) && out[3].keyID == "key" && out[3].payloadDigest.count == 32)
            try await eventually { a.events.ends == ["train \(b.id.short)"] && b.events.ends.count == 1 }
        }
    }

    @Test func bothDirectionsAtOnceAndEchoes() async throws {
        try await TwoSites.with { sites in
            try sites.open()
            await sites.connect()
            let (a, b) = (sites.a, sites.b)
            async let echo: Void = onThread {
                let worker = try b.worker()
                let (input, output) = (try worker.receiver(from: a.id.text), try worker.sender(to: a.id.text))
                while let frame = try input.receive() {
                    try output.send(step: frame.step, type: "sums", elements: 1, payload: frame.payload)
                }
                try output.finish()
                try worker.finish(result: [])
            }
            try await onThread {
                let worker = try a.worker()
                let (input, output) = (try worker.receiver(from: b.id.text), try worker.sender(to: b.id.text))
                for sequence in 0..<100 as Range<UInt64> {
                    try output.send(step: 1, type: "sums", elements: 1, payload: payload(sequence, bytes: 100))
                    #expect(try input.receive()?.payload == payload(sequence, bytes: 100))
                }
                // The other side ends its channel only after ours; neither waits for the other's acknowledgement.
                let ender = PlainThread { try? output.finish() }
                #expect(try input.receive() == nil)
                ender.join()
                try worker.finish(result: [4])
            }
            try await echo
            try await eventually { a.events.workers.last == "done [4]" }
        }
    }

    @Test func cutsWithoutEndLoseNothing() async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let (a, b) = (sites.a, sites.b)
            let count = 300
            async let received = onThread { try Self.receive(b, from: a.id) }
            async let sent: Void = onThread { try Self.send(a, to: b.id, count: count) }
            let done = Mutex(false)
            async let cuts: Void = {
                var number = 0
                while !done.withLock({ $0 }) {
                    await sites.connect()
                    number += 1
                    try await Task.sleep(for: .milliseconds(number < 20 ? Int.random(in: 0...6) : 100))
                    if !done.withLock({ $0 }) { sites.cut() }
                }
            }()
            try await sent
            #expect(try await received == count)
            done.withLock { $0 = true }
            try await cuts
            let distinct = Set(a.ledger.records.map(\.sequence))
            #expect(distinct == Set(0..<UInt64(count)))
            // Every attempt is recorded once.
            let attempts = a.ledger.records.map { "\($0.sequence) \($0.attempt)" }
            #expect(Set(attempts).count == attempts.count)
            #expect(a.ledger.refusals.isEmpty && b.ledger.refusals.isEmpty)
        }
    }

    @Test(arguments: [0, 1])
    func aGatewayThatIsKilledIsGoneOnFromTheWorkersCheckpoint(_ killed: Int) async throws {
        try await TwoSites.with { sites in
            try sites.open()
            await sites.connect()
            let count = 150
            let got = Mutex<[UInt64]>([])
            let sending = Mutex(UInt64(0))
            async let receiving: Void = onThread {
                try Self.untilDone(sites) {
                    let site = sites.b
                    let worker = try site.worker()
                    let next = got.withLock { UInt64($0.count) }
                    let channel = try worker.receiver(from: sites.a.id.text, from: next)
                    while let frame = try channel.receive() {
                        #expect(frame.payload == payload(frame.sequence, bytes: Self.size(frame.sequence)))
                        got.withLock { $0.append(frame.sequence) }
                    }
                    try worker.finish(result: [])
                }
            }
            async let sent: Void = onThread {
                try Self.untilDone(sites) {
                    let worker = try sites.a.worker()
                    let start = sending.withLock { $0 }
                    let channel = try worker.sender(to: sites.b.id.text, from: start)
                    for sequence in start..<UInt64(count) {
                        try Self.send(sequence, on: channel)
                        // A checkpoint now and then: everything before is with the peer's worker.
                        if sequence % 40 == 39 {
                            try channel.flush()
                            sending.withLock { $0 = sequence + 1 }
                        }
                    }
                    try channel.finish()
                }
            }
            for limit in [30, 60, 110] {
                try await eventually { got.withLock { $0.count } >= limit }
                sites.replace(killed)
                try sites.open()
                await sites.connect()
            }
            try await sent
            try await receiving
            #expect(got.withLock { $0 } == Array(0..<UInt64(count)))
        }
    }

    // MARK: Workers

    static func size(_ sequence: UInt64) -> Int { [100, 40_000, 256 << 10][Int(sequence % 3)] }

    static func send(_ sequence: UInt64, on channel: OutgoingChannel) throws {
        let bytes = payload(sequence, bytes: size(sequence))
        try channel.send(step: UInt32(sequence % 10), type: "sums", elements: sequence, payload: bytes)
    }

    static func send(_ site: TwoSites.Site, to peer: SiteID, count: Int) throws {
        let worker = try site.worker()
        let channel = try worker.sender(to: peer.text)
        for sequence in 0..<UInt64(count) { try send(sequence, on: channel) }
        try channel.finish()
        try worker.finish(result: [])
    }

    /// - Returns: how many frames came, in order and as they were sent.
    static func receive(_ site: TwoSites.Site, from peer: SiteID) throws -> Int {
        let worker = try site.worker()
        let channel = try worker.receiver(from: peer.text)
        var count: UInt64 = 0
        while let frame = try channel.receive() {
            #expect(frame.sequence == count && frame.elements == count && frame.step == UInt32(count % 10))
            #expect(frame.payload == payload(count, bytes: size(count)))
            count += 1
        }
        try worker.finish(result: [])
        return Int(count)
    }

    /// Begins again while the gateway is being replaced, but not when the test is over: a thread cannot be cancelled.
    static func untilDone(_ sites: TwoSites, _ body: () throws -> Void) throws {
        while true {
            do {
                return try body()
            } catch let fault as Fault
                where !sites.isOver.isSet
                && (fault.is(GatewayFaults.socketLost) || fault.is(GatewayFaults.socketUnusable)
                    || fault.is(GatewayFaults.unknownJob))
            {
                continue
            }
        }
    }
}
