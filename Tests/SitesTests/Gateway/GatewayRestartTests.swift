import Faults
import Ledger
import SitesTestKit
import Synchronization
import Testing
import WorkerSocket

@testable import Sites

/// A job that starts again from a unit: channels go on where the workers' checkpoints stand.
@Suite(.timeLimit(.minutes(3))) struct GatewayRestartTests {
    /// Frames 0..<5 belong to unit 1 and 5..<9 to a unit that is repeated.
    @Test func framesAfterTheUnitCrossAgainAndOthersDoNot() async throws {
        try await TwoSites.with { sites in
            try sites.open()
            await sites.connect()
            try await Self.exchange(sites, epoch: 1, from: 0, to: 9, checkpointAt: 5)
            for site in [sites.a, sites.b] {
                site.gateway.suspend(job: TwoSites.job)
                #expect(try await site.gateway.checkpointUnits(job: TwoSites.job, task: TwoSites.task) == [1])
            }
            try sites.open(epoch: 2)
            try await Self.exchange(sites, epoch: 2, from: 5, to: 12, checkpointAt: nil, unit: 1)
            for ledger in [sites.a.ledger, sites.b.ledger] {
                let first = ledger.records.filter { $0.attempt < 1 << 16 }
                let second = ledger.records.filter { $0.attempt > 1 << 16 }
                #expect(first.map(\.sequence) == Array(0..<9) && second.map(\.sequence) == Array(5..<12))
                #expect(second.allSatisfy { $0.attempt == 1 << 16 + 1 })
                #expect(ledger.refusals.isEmpty)
            }
        }
    }

    /// The ledger of a site takes frames that cross again, the same ones and others.
    @Test func theLedgerOfASiteKeepsTheDeclaredCount() async throws {
        let ledgers = Mutex<[SiteLedger]>([])
        let open = { (index: Int, id: SiteID, folder: String) -> any FrameLedger in
            let ledger = try SiteLedger.open(path: "\(folder)/ledger-\(index).db", site: id, signer: NoSigner())
            ledgers.withLock { $0.append(ledger) }
            return ledger
        }
        try await GatewaySites.with(2, ledger: open) { base in
            let sites = base.sites
            let plan = { (epoch: UInt64) in
                let both = Set(sites.map(\.id))
                return DeclaredPlan(
                    job: TwoSites.job, planDigest: [UInt8](repeating: 9, count: 32), epoch: epoch,
                    peers: sites.map(\.id),
                    tasks: [
                        TwoSites.task: [
                            MessageDeclaration(
                                type: "sums", senders: both, receivers: both, steps: 0...9,
                                schemaDigest: [UInt8](repeating: 1, count: 32), elementBits: 64,
                                maximumBytes: 1 << 20)
                        ]
                    ])
            }
            await base.connect(0, 1)
            // From 5 on: the same, then others.
            for (epoch, start, shift) in [(1, 0, 0), (2, 5, 0), (3, 5, 1)] as [(UInt64, UInt64, UInt64)] {
                for site in sites { try site.gateway.open(plan(epoch)) }
                async let received: Void = onThread {
                    let worker = try sites[1].worker(job: TwoSites.job, task: TwoSites.task, epoch: epoch)
                    let channel = try worker.receiver(from: sites[0].id.text, from: start)
                    while try channel.receive() != nil {}
                    try worker.finish(result: [])
                }
                try await onThread {
                    let worker = try sites[0].worker(job: TwoSites.job, task: TwoSites.task, epoch: epoch)
                    let channel = try worker.sender(to: sites[1].id.text, from: start)
                    for sequence in start..<10 {
                        try channel.send(
                            step: 0, type: "sums", elements: 1, payload: payload(sequence + shift, bytes: 20))
                    }
                    try channel.finish()
                    try worker.finish(result: [])
                }
                try await received
            }
            let (a, b) = (sites[0], sites[1])
            for (ledger, peer) in zip(ledgers.withLock { $0 }, [b.id, a.id]) {
                let flows = try await ledger.reader.chains(job: TwoSites.job, peer: peer).flatMap(\.flows)
                #expect(flows.count == 1)
                let tally = try #require(flows.first?.tally)
                // Under a fresh salt nobody can tell the same content from another: both starts are replacements.
                #expect(tally.frames == 10 && tally.resent == 0 && tally.replaced == 10)
            }
            let count = try await b.ledger.receivedCount(from: a.id, job: TwoSites.job, task: TwoSites.task)
            #expect(count == 10)
        }
    }

    @Test func anAttemptBelowItsEpochIsNoFrame() async throws {
        try await TwoSites.with { sites in
            try sites.open(epoch: 3)
            let a = sites.a
            let (link, _) = await sites.connect()
            let channel = ChannelID(job: TwoSites.job, task: TwoSites.task, epoch: 3)
            #expect(channel.firstAttempt == 2 << 16 + 1)
            let frame = Frame(
                channel: channel, step: 0, sequence: 0, attempt: 5, messageType: "sums", elements: 1,
                salt: [UInt8](repeating: 0, count: 16), payload: [1])
            await a.gateway.receive(.frame(frame), on: link)
            try await eventually { a.ledger.refusals.count == 1 }
            #expect(a.ledger.refusals[0].number == GatewayFaults.malformedMessage.number.rawValue)
        }
    }

    /// A worker of the start before, whose checkpoint comes after the next start was opened.
    @Test func aCheckpointOfAnEarlierStartIsNotKept() async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let a = sites.a
            try await onThread {
                let worker = try a.worker()
                try worker.checkpoint([1], unit: 1)
                try a.gateway.open(sites.plan(epoch: 2))
                #expect(throws: Fault(GatewayFaults.oldEpoch)) { try worker.checkpoint([2], unit: 2) }
                let next = try a.worker(epoch: 2, unit: 1)
                #expect(next.lastCheckpoint == [1])
            }
            #expect(try await a.gateway.checkpointUnits(job: TwoSites.job, task: TwoSites.task) == [1])
            try await a.gateway.forgetCheckpoints(exceptOf: [TwoSites.job])
            #expect(try await a.gateway.checkpointUnits(job: TwoSites.job, task: TwoSites.task) == [1])
            try await a.gateway.forgetCheckpoints(exceptOf: [])
            #expect(try await a.gateway.checkpointUnits(job: TwoSites.job, task: TwoSites.task) == [])
        }
    }

    /// The first site's worker sends to the second's.
    private static func exchange(
        _ sites: TwoSites, epoch: UInt64, from start: UInt64, to end: UInt64, checkpointAt cut: UInt64?,
        unit: UInt64 = 0
    ) async throws {
        let (a, b) = (sites.a, sites.b)
        async let received: Void = onThread {
            let worker = try b.worker(epoch: epoch, unit: unit)
            let channel = try worker.receiver(from: a.id.text, from: start)
            while let frame = try channel.receive() {
                try channel.consumed()
                if frame.sequence + 1 == cut { try worker.checkpoint([UInt8(channel.next)], unit: 1) }
            }
            try worker.finish(result: [])
        }
        async let sent: Void = onThread {
            let worker = try a.worker(epoch: epoch, unit: unit)
            let channel = try worker.sender(to: b.id.text, from: start)
            for sequence in start..<end {
                if sequence == cut {
                    try channel.flush()
                    try worker.checkpoint([UInt8(sequence)], unit: 1)
                }
                try channel.send(step: 0, type: "sums", elements: 1, payload: payload(sequence, bytes: 20))
            }
            try channel.finish()
            try worker.finish(result: [])
        }
        try await sent
        try await received
    }
}

/// Nothing is signed here.
private struct NoSigner: LedgerSigner {
    let site = SiteID(digest: [UInt8](repeating: 0, count: 32))

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { throw Fault(LedgerFaults.unknownKey) }

    func rootKey(of site: SiteID) -> [UInt8]? { nil }
}
