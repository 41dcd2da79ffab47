import Faults
import Ledger
import Testing

@testable import Sites

@Suite struct CoSigningServiceTests {
    @Test func newLinesAreCoSignedAfterTheirPeriodByTheSmallerSite() async throws {
        try await CoSigningSites.with { sites in
            try await sites.send(0)
            for now in [0.0, 5, 9] {
                await sites.low.service.tick(now: now)
                await sites.high.service.tick(now: now)
            }
            #expect(sites.wire.count("ledger.propose") == 0)
            await sites.high.service.tick(now: 10)
            #expect(sites.wire.count("ledger.propose") == 0)
            await sites.low.service.tick(now: 10)
            try await expectSigned(sites)
            // Nothing new: nothing is asked.
            for now in [20.0, 40, 80] {
                await sites.low.service.tick(now: now)
                await sites.high.service.tick(now: now)
            }
            #expect(sites.wire.count("ledger.propose") == 1)
        }
    }

    @Test func theEndOfATaskIsCoSignedAtOnceByEitherSide() async throws {
        try await CoSigningSites.with { sites in
            try await sites.send(0)
            sites.high.service.taskEnded(job: CoSigningSites.job)
            await sites.high.service.tick(now: 0)
            try await expectSigned(sites)
        }
    }

    @Test func withoutALinkNothingIsDemandedAndAfterwardsItIsMadeUp() async throws {
        try await CoSigningSites.with { sites in
            try await sites.send(0)
            sites.wire.fail(LinkFaults.lost)
            for now in stride(from: 0.0, through: 300, by: 5) { await sites.low.service.tick(now: now) }
            #expect(sites.low.stops.faults.isEmpty)
            sites.wire.fail(nil)
            for now in stride(from: 305.0, through: 330, by: 5) { await sites.low.service.tick(now: now) }
            try await expectSigned(sites)
        }
    }

    @Test func aPeerThatDoesNotAnswerStopsTheJobOnce() async throws {
        try await CoSigningSites.with { sites in
            try await sites.send(0)
            sites.wire.fail(LinkFaults.noAnswer)
            for now in stride(from: 0.0, to: 30, by: 1) { await sites.low.service.tick(now: now) }
            #expect(sites.low.stops.faults.isEmpty)
            for now in [30.0, 31, 60] { await sites.low.service.tick(now: now) }
            #expect(sites.low.stops.faults == [Fault(LedgerFaults.coSignatureMissing)])
            #expect(!sites.low.service.isOpen(job: CoSigningSites.job))
        }
    }

    @Test func aDisagreementStopsTheJobAtBothSites() async throws {
        try await CoSigningSites.with { sites in
            try await sites.send(0, content: 1, arriving: 2)
            sites.high.service.taskEnded(job: CoSigningSites.job)
            await sites.high.service.tick(now: 0)
            await sites.low.service.tick(now: 0)
            #expect(sites.high.stops.faults == [Fault(LedgerFaults.disagreement)])
            #expect(sites.low.stops.faults == [Fault(LedgerFaults.disagreement)])
            #expect(try await sites.low.chain?.refusals == 1)
        }
    }

    @Test func theReceiptWaitsForBothAndSurvivesALostMessage() async throws {
        try await CoSigningSites.with { sites in
            try await sites.send(0)
            sites.low.service.close(job: CoSigningSites.job)
            for now in [0.0, 1, 2, 3] { await sites.low.service.tick(now: now) }
            #expect(try await sites.low.chain?.isClosed == false)
            // What there is has been signed meanwhile.
            #expect(try await sites.low.chain?.isWaiting == false)
            sites.high.service.close(job: CoSigningSites.job)
            sites.wire.loseNext("ledger.sign")
            await sites.low.service.tick(now: 5)
            #expect(try await sites.low.chain?.isClosed == true)
            #expect(try await sites.high.chain?.isClosed == false)
            // The peer asks itself and gets the same receipt.
            await sites.high.service.tick(now: 6)
            #expect(try await sites.high.chain?.isClosed == true)
            for side in [sites.low, sites.high] {
                #expect(!side.service.isOpen(job: CoSigningSites.job))
                #expect(side.stops.faults.isEmpty)
                let report = try await side.ledger.reader.verify()
                #expect(report.isWhole && report.receipts == 1, "\(report.findings)")
            }
        }
    }

    @Test func bothAskingAtOnceEndsSigned() async throws {
        try await CoSigningSites.with { sites in
            for round in 0..<20 {
                try await sites.send(UInt64(round))
                for side in [sites.low, sites.high] { side.service.taskEnded(job: CoSigningSites.job) }
                async let low: Void = sites.low.service.tick(now: Double(round) * 5)
                async let high: Void = sites.high.service.tick(now: Double(round) * 5)
                _ = await (low, high)
            }
            await sites.low.service.tick(now: 200)
            await sites.low.service.tick(now: 210)
            try await expectSigned(sites)
            #expect(sites.low.stops.faults.isEmpty && sites.high.stops.faults.isEmpty)
        }
    }

    @Test func anAbandonedJobIsNeitherAskedForNorStopped() async throws {
        try await CoSigningSites.with { sites in
            try await sites.send(0)
            sites.low.service.abandon(job: CoSigningSites.job)
            for now in [0.0, 30, 60] { await sites.low.service.tick(now: now) }
            #expect(sites.wire.count("ledger.propose") == 0 && sites.low.stops.faults.isEmpty)
        }
    }

    private func expectSigned(_ sites: CoSigningSites) async throws {
        for side in [sites.low, sites.high] {
            let chain = try #require(try await side.chain)
            #expect(!chain.isWaiting && chain.signedLines > 0)
            let report = try await side.ledger.reader.verify()
            #expect(report.isWhole, "\(report.findings)")
        }
    }
}
