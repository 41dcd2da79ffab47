import Faults
import Ledger
import Sites
import SitesTestKit
import Synchronization
import Testing
import WorkerSocket

/// Slow peers, full disks, limits.
@Suite(.timeLimit(.minutes(3))) struct GatewayPressureTests {
    @Test(arguments: [true, false])
    func aSlowReceiverInEitherDirectionHoldsTheSenderAndTheMemory(_ fromFirst: Bool) async throws {
        try await TwoSites.with { sites in
            try sites.open()
            await sites.connect()
            let (from, to) = fromFirst ? (sites.a, sites.b) : (sites.b, sites.a)
            let taken = Mutex(0)
            let mayGoOn = Monitor(false)
            async let received: Void = onThread {
                let worker = try to.worker()
                let channel = try worker.receiver(from: from.id.text)
                mayGoOn.wait { $0 ? true : nil }
                while try channel.receive() != nil { taken.withLock { $0 += 1 } }
                try worker.finish(result: [])
            }
            let sentCount = Mutex(0)
            async let sent: Void = onThread {
                let channel = try from.worker().sender(to: to.id.text)
                for sequence in 0..<100 as Range<UInt64> {
                    let bytes = payload(sequence, bytes: 256 << 10)
                    try channel.send(step: 0, type: "sums", elements: 1, payload: bytes)
                    sentCount.withLock { $0 += 1 }
                }
                try channel.finish()
            }
            // Nothing is consumed: one credit crosses, and one queue fills.
            var last = -1
            while last != sentCount.withLock({ $0 }) || last < 8 {
                last = sentCount.withLock { $0 }
                try await Task.sleep(for: .milliseconds(50))
                #expect(from.gateway.heldBytes + to.gateway.heldBytes <= 8 << 20)
            }
            #expect(last < 30)
            #expect(to.gateway.heldBytes <= (1 << 20) + (256 << 10) + 256 * 6)
            mayGoOn.change { $0 = true }
            try await sent
            try await received
            #expect(taken.withLock { $0 } == 100)
            #expect(from.gateway.heldBytes == 0 && to.gateway.heldBytes == 0)
        }
    }

    @Test(arguments: [0, 1])
    func aFullLedgerAtEitherEndStopsTheChannelUntilThereIsRoom(_ full: Int) async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let (a, b) = (sites.a, sites.b)
            let ledger = full == 0 ? a.ledger : b.ledger
            let isFull = Mutex(false)
            let leaks = Mutex(0)
            await sites.connect(
                watch: PipeLink.Watch { message in
                    if case .frame(let frame) = message, !a.ledger.holds(frame) { leaks.withLock { $0 += 1 } }
                    return [message]
                },
                back: PipeLink.Watch { message in
                    // What the receiver has acknowledged is in its ledger.
                    if case .acknowledge(_, let next, _) = message,
                        next > UInt64(Set(b.ledger.records.map(\.sequence)).count)
                    {
                        leaks.withLock { $0 += 1 }
                    }
                    return [message]
                })
            async let received = onThread { try GatewayTests.receive(b, from: a.id) }
            async let sent: Void = onThread { try GatewayTests.send(a, to: b.id, count: 120) }
            try await eventually { ledger.records.count > 20 }
            ledger.fill(true)
            isFull.withLock { $0 = true }
            try await eventually { ledger.failures > 2 }
            let count = ledger.records.count
            #expect(a.events.ends.isEmpty)
            try await Task.sleep(for: .milliseconds(20))
            #expect(ledger.records.count == count)
            ledger.fill(false)
            try await sent
            #expect(try await received == 120)
            #expect(leaks.withLock { $0 } == 0)
        }
    }

    @Test func aLimitOfBytesPerSecondIsKeptByTheClockGiven() async throws {
        let time = Mutex(Duration.zero)
        let clock = GatewayClock(
            now: { time.withLock { $0 } }, sleep: { pause in time.withLock { $0 += pause } })
        let limited: @Sendable (inout GatewayOptions) -> Void = { options in
            options.clock = clock
            options.bytesPerSecond = { _ in 1_000_000 }
        }
        try await TwoSites.with(configure: limited) { sites in
            try sites.open()
            await sites.connect()
            let (a, b) = (sites.a, sites.b)
            async let received = onThread { try GatewayTests.receive(b, from: a.id) }
            try await onThread { try GatewayTests.send(a, to: b.id, count: 60) }
            #expect(try await received == 60)
            let bytes = (0..<60 as Range<UInt64>).reduce(0) { $0 + GatewayTests.size($1) }
            let least = Duration.seconds(Double(bytes) / 1_000_000 - 0.26)
            #expect(time.withLock { $0 } >= least)
            #expect(time.withLock { $0 } < least + .seconds(2))
        }
    }

    @Test func aSlowLedgerLosesNothing() async throws {
        try await TwoSites.with(delay: .milliseconds(3)) { sites in
            try sites.open()
            await sites.connect()
            let (a, b) = (sites.a, sites.b)
            async let received = onThread { try GatewayTests.receive(b, from: a.id) }
            try await onThread { try GatewayTests.send(a, to: b.id, count: 100) }
            #expect(try await received == 100)
        }
    }
}
