import Crypto
import Faults
import Ledger
import Resources
import Synchronization
import Testing

@Suite struct CoSigningTests {
    @Test func bothEndsSignTheSameStatement() async throws {
        try await Pair.with { pair in
            for sequence in 0..<6 { try await pair.exchange(UInt64(sequence)) }
            for sequence in 0..<3 { try await pair.exchange(UInt64(sequence), back: true) }
            // On its way: sent and recorded, not yet received.
            try await pair.first.record([pair.frame(6).sent])
            try await pair.coSign()
            let one = try await pair.first.reader.exported()
            let other = try await pair.second.reader.exported()
            let statements = [one, other].map { $0.filter { $0["kind"] == "statement" } }
            #expect(statements[0].count == 1)
            #expect(statements[0][0]["statement"] == statements[1][0]["statement"])
            for report in [verified(one), verified(other)] { #expect(report.isWhole, "\(report.findings)") }
            #expect(compared(one, other).isEmpty)
            let chain = try #require(try await pair.first.reader.chains().first)
            #expect(chain.signedLines == 11 && !chain.isWaiting && chain.signedAt != nil)
        }
    }

    @Test func eitherSideMayPropose() async throws {
        try await Pair.with { pair in
            try await pair.exchange(0)
            let proposal = try await pair.second.propose(job: Pair.job, to: pair.one.site)
            #expect(try SiteLedger.subject(ofProposal: proposal).job == Pair.job)
            let answer = try await pair.first.answer(proposal, from: pair.other.site)
            let signed = try await pair.second.sign(answer, from: pair.one.site, job: Pair.job)
            #expect(try !SiteLedger.subject(ofStatement: signed).isClosed)
            try await pair.first.accept(signed, from: pair.other.site)
            #expect(try await pair.first.reader.verify().statements == 1)
        }
    }

    @Test func theThirdMessageMayComeTwiceAndIsRecordedOnce() async throws {
        try await Pair.with { pair in
            try await pair.exchange(0)
            let proposal = try await pair.first.propose(job: Pair.job, to: pair.other.site)
            let answer = try await pair.second.answer(proposal, from: pair.one.site)
            let signed = try await pair.first.sign(answer, from: pair.other.site, job: Pair.job)
            try await pair.second.accept(signed, from: pair.one.site)
            try await pair.second.accept(signed, from: pair.one.site)
            #expect(try await pair.second.reader.verify().statements == 1)
        }
    }

    @Test func anotherFrameThanWasSentStopsTheSigningAndIsRecorded() async throws {
        try await Pair.with { pair in
            try await pair.exchange(0)
            try await pair.first.record([pair.frame(1).sent])
            try await pair.second.record([pair.frame(1, content: 7).received])
            let proposal = try await pair.second.propose(job: Pair.job, to: pair.one.site)
            await expect(LedgerFaults.disagreement) { _ = try await pair.first.answer(proposal, from: pair.other.site) }
            let own = try await pair.first.propose(job: Pair.job, to: pair.other.site)
            let answer = try await pair.second.answer(own, from: pair.one.site)
            await expect(LedgerFaults.disagreement) {
                _ = try await pair.first.sign(answer, from: pair.other.site, job: Pair.job)
            }
            #expect(try await pair.first.reader.chains().first?.refusals == 2)
            let findings = compared(
                try await pair.first.reader.exported(), try await pair.second.reader.exported())
            #expect(findings.count == 1 && findings[0].place.hasSuffix("task align, frame 1"), "\(findings)")
        }
    }

    @Test func aFrameThatWasNeverSentStopsTheSigning() async throws {
        try await Pair.with { pair in
            try await pair.second.record([pair.frame(0).received])
            let proposal = try await pair.second.propose(job: Pair.job, to: pair.one.site)
            await expect(LedgerFaults.disagreement) { _ = try await pair.first.answer(proposal, from: pair.other.site) }
        }
    }

    @Test func differentPlansAndEpochsAreNotSigned() async throws {
        try await Pair.with { pair in
            try await pair.second.open(job: Pair.job, planDigest: Pair.plan, epoch: 2, peers: [pair.one.site])
            let late = try await pair.first.propose(job: Pair.job, to: pair.other.site)
            await expect(LedgerFaults.outdated) { _ = try await pair.second.answer(late, from: pair.one.site) }
            let plan = [UInt8](repeating: 6, count: 32)
            try await pair.first.open(job: Pair.job, planDigest: plan, epoch: 2, peers: [pair.other.site])
            let other = try await pair.first.propose(job: Pair.job, to: pair.other.site)
            await expect(LedgerFaults.disagreement) { _ = try await pair.second.answer(other, from: pair.one.site) }
            await expect(LedgerFaults.notOpened) { _ = try await pair.first.propose(job: "none", to: pair.other.site) }
            await expect(LedgerFaults.unknownKey) {
                try await pair.first.open(job: Pair.job, planDigest: plan, epoch: 3, peers: [Party().site])
            }
            await expect(LedgerFaults.invalidRecord) {
                try await pair.first.open(job: Pair.job, planDigest: [1], epoch: 3, peers: [pair.other.site])
            }
        }
    }

    @Test func aSignatureOfAnotherKeyIsRefused() async throws {
        try await Pair.with { pair in
            try await pair.exchange(0)
            let proposal = try await pair.first.propose(job: Pair.job, to: pair.other.site)
            let answer = try await pair.second.answer(proposal, from: pair.one.site)
            let stranger = Party()
            var forged = answer
            let signature = try stranger.sign(Array("atoll/ledger/statement/1\0".utf8) + answer[4..<answer.count - 64])
            forged.replaceSubrange(answer.count - 64..<answer.count, with: signature)
            await expect(LedgerFaults.badSignature) {
                _ = try await pair.first.sign(forged, from: pair.other.site, job: Pair.job)
            }
            // A site id is the hash of its key: another key does not become known under it.
            pair.one.known.keys.withLock { $0[pair.other.site] = stranger.publicKey }
            await expect(LedgerFaults.unknownKey) {
                _ = try await pair.first.sign(answer, from: pair.other.site, job: Pair.job)
            }
        }
    }

    @Test func aPeerThatChangesItsCoSignedLinesIsFound() async throws {
        try await Pair.with { pair in
            for sequence in 0..<3 { try await pair.exchange(UInt64(sequence)) }
            try await pair.coSign()
            // The same site begins anew and writes another story of the same length.
            try await withTemporaryFolder { folder in
                let forger = try pair.one.open(in: folder)
                try await forger.open(job: Pair.job, planDigest: Pair.plan, epoch: 1, peers: [pair.other.site])
                for sequence in 0..<3 { try await forger.record([pair.frame(UInt64(sequence)).sent]) }
                let story = try await forger.propose(job: Pair.job, to: pair.other.site)
                await expect(LedgerFaults.disagreement) { _ = try await pair.second.answer(story, from: pair.one.site) }
                let short = try pair.one.open(in: folder, named: "short.db")
                try await short.open(job: Pair.job, planDigest: Pair.plan, epoch: 1, peers: [pair.other.site])
                let proposal = try await short.propose(job: Pair.job, to: pair.other.site)
                await expect(LedgerFaults.outdated) { _ = try await pair.second.answer(proposal, from: pair.one.site) }
                // Its export does not hold what it has signed.
                let findings = compared(try await pair.second.reader.exported(), try await forger.reader.exported())
                #expect(findings.contains { $0.what.contains("has signed a head that its chain does not have") })
                try forger.close()
                try short.close()
            }
        }
    }

    @Test func theReceiptIsSignedWhenEverythingHasArrivedAndClosesTheChain() async throws {
        try await Pair.with { pair in
            try await pair.exchange(0)
            try await pair.exchange(0, back: true)
            let (sent, received) = pair.frame(1)
            try await pair.first.record([sent])
            await expect(LedgerFaults.notEnded) { try await pair.coSign(isClosed: true) }
            try await pair.second.record([received])
            try await pair.coSign(isClosed: true)
            for ledger in [pair.first, pair.second] {
                #expect(try await ledger.reader.chains().first?.isClosed == true)
                let report = try await ledger.reader.verify()
                #expect(report.isWhole && report.receipts == 1, "\(report.findings)")
            }
            await expect(LedgerFaults.chainClosed) { try await pair.first.record([pair.frame(2).sent]) }
            await expect(LedgerFaults.chainClosed) { try await pair.coSign() }
            // A new epoch opens it again.
            try await pair.open(epoch: 2)
            try await pair.exchange(2)
            try await pair.coSign()
        }
    }
}
