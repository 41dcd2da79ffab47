import Faults
import Foundation
import GRDB
import Ledger
import Resources
import ResourcesTestKit
import Testing

@Suite struct RecordingTests {
    private let peer = Party().site

    @Test func whatIsRecordedIsThereAfterOpeningAgain() async throws {
        try await withTemporaryFolder { folder in
            let party = Party()
            let ledger = try party.open(in: folder)
            try await ledger.record((0..<5).map { .sample($0, peer: peer) })
            try await ledger.record([.sample(0, peer: peer, task: "train")])
            try await ledger.refuse(refusal("out of order"))
            let before = try await ledger.reader.exported()
            try ledger.close()
            let again = try party.open(in: folder)
            #expect(try await again.reader.exported() == before)
            try await again.record([.sample(5, peer: peer)])
            let report = try await again.reader.verify()
            #expect(report.isWhole, "\(report.findings)")
            #expect(report.lines == 8)
            try again.close()
        }
    }

    @Test func callsThatComeTogetherShareFlushesAndKeepTheirOrder() async throws {
        try await withTemporaryFolder { folder in
            let ledger = try Party().open(in: folder)
            let peer = peer
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<50 {
                    group.addTask {
                        for sequence in 0..<20 {
                            try await ledger.record([.sample(UInt64(sequence), peer: peer, task: "task-\(task)")])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let objects = try await ledger.reader.exported()
            let report = verified(objects)
            #expect(report.isWhole, "\(report.findings)")
            #expect(report.lines == 1000)
            let flushes = objects.count { $0["type"] == "site" }
            #expect(flushes < 1000, "50 writers took \(flushes) flushes")
            try ledger.close()
        }
    }

    @Test func aCallThatIsRefusedLeavesTheOthersAlone() async throws {
        try await withTemporaryFolder { folder in
            let ledger = try Party().open(in: folder)
            let peer = peer
            try await ledger.record([.sample(0, peer: peer)])
            var short = FrameRecord.sample(1, peer: peer)
            short.payloadDigest = [1]
            var unsalted = FrameRecord.sample(1, peer: peer)
            unsalted.salt = []
            var unnumbered = FrameRecord.sample(1, peer: peer)
            unnumbered.attempt = 0
            var wordy = FrameRecord.sample(1, peer: peer)
            wordy.task = String(repeating: "t", count: 129)
            for record in [short, unsalted, unnumbered, wordy] {
                await expect(LedgerFaults.invalidRecord) { try await ledger.record([.sample(1, peer: peer), record]) }
            }
            await expect(LedgerFaults.outOfSequence) { try await ledger.record([.sample(2, peer: peer)]) }
            // Of a call, all or nothing.
            await expect(LedgerFaults.outOfSequence) {
                try await ledger.record([.sample(1, peer: peer), .sample(3, peer: peer)])
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        if number % 2 == 0 {
                            try await ledger.record([.sample(0, peer: peer, task: "t-\(number)")])
                        } else {
                            await expect(LedgerFaults.outOfSequence) {
                                try await ledger.record([.sample(9, peer: peer, task: "t-\(number)")])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let report = try await ledger.reader.verify()
            #expect(report.isWhole, "\(report.findings)")
            #expect(report.lines == 21)
            try ledger.close()
        }
    }

    @Test func repeatedFramesAreCountedApart() async throws {
        try await withTemporaryFolder { folder in
            let ledger = try Party().open(in: folder)
            try await ledger.record((0..<4).map { .sample($0, peer: peer) })
            // Sent again after a cut, then repeated from 2 with another content.
            try await ledger.record([.sample(1, peer: peer), .sample(3, peer: peer)])
            try await ledger.record((2..<6).map { .sample($0, peer: peer, content: 9) })
            try await ledger.record([.sample(2, peer: peer, content: 9), .sample(0, peer: peer)])
            let chains = try await ledger.reader.chains(job: Pair.job, peer: peer)
            let chain = try #require(chains.first)
            var sum = LedgerTally()
            for flow in chain.flows {
                sum.frames += flow.tally.frames
                sum.resent += flow.tally.resent
                sum.replaced += flow.tally.replaced
                sum.bits += flow.tally.bits
            }
            #expect(sum.frames == 6 && sum.resent == 4 && sum.replaced == 2)
            // Six frames of 100 to 105 elements of 64 bits.
            #expect(sum.bits == 64 * 615)
            #expect(try await ledger.reader.verify().isWhole)
            try ledger.close()
        }
    }

    @Test func refusalsAreRecordedWithHarmlessNames() async throws {
        try await withTemporaryFolder { folder in
            let ledger = try Party().open(in: folder)
            try await ledger.refuse(refusal("<script>\u{1B}[2J" + String(repeating: "x", count: 300)))
            let lines = try await ledger.reader.lines(job: Pair.job, peer: peer, after: nil, limit: 10)
            #expect(lines.count == 1)
            #expect(lines[0]["kind"] == "refusal" && lines[0]["fault"] == 3051)
            #expect(lines[0]["task"]?.string?.utf8.count == 64)
            #expect(lines[0]["task"]?.string?.hasPrefix("?script?") == true)
            try ledger.close()
        }
    }

    @Test func aLedgerBelongsToOneSite() async throws {
        try await withTemporaryFolder { folder in
            try Party().open(in: folder).close()
            await expect(LedgerFaults.otherSite) { _ = try Party().open(in: folder) }
            await expect(LedgerFaults.unreadable) { _ = try LedgerReader(stopped: "\(folder)/absent.db") }
        }
    }

    @Test func theFileOfAStoppedSiteCanBeReadAndVerified() async throws {
        try await withTemporaryFolder { folder in
            let party = Party()
            let ledger = try party.open(in: folder)
            try await ledger.record((0..<300).map { .sample($0, peer: peer) })
            try ledger.close()
            let reader = try LedgerReader(stopped: "\(folder)/ledger.db")
            #expect(reader.site == party.site)
            let report = try await reader.verify()
            #expect(report.isWhole && report.lines == 300, "\(report.findings)")
            let page = try await reader.lines(job: Pair.job, peer: peer, after: 99, limit: 7)
            #expect(page.compactMap { $0["number"]?.integer } == Array(100..<107))
        }
    }

    @Test func aChangedFileIsFound() async throws {
        try await withTemporaryFolder { folder in
            let ledger = try Party().open(in: folder)
            for sequence in 0..<10 { try await ledger.record([.sample(UInt64(sequence), peer: peer)]) }
            try ledger.close()
            let queue = try DatabaseQueue(path: "\(folder)/ledger.db")
            try await queue.write { db in try db.execute(sql: "DELETE FROM segment WHERE first = 4") }
            try queue.close()
            let report = try await LedgerReader(stopped: "\(folder)/ledger.db").verify()
            #expect(!report.isWhole)
            #expect(report.fault?.is(LedgerFaults.notVerified) == true)
            let damaged = try DatabaseQueue(path: "\(folder)/ledger.db")
            try await damaged.write { db in try db.execute(sql: "UPDATE segment SET bytes = x'00000005AA'") }
            try damaged.close()
            let reader = try LedgerReader(stopped: "\(folder)/ledger.db")
            await expect(LedgerFaults.damaged) { _ = try await reader.verify() }
        }
    }

    private func refusal(_ task: String) -> RefusalRecord {
        RefusalRecord(
            direction: .received, peer: peer, job: Pair.job, task: task, step: 3, sequence: 7, messageType: "a.b",
            number: 3051)
    }
}

/// Expects the body to throw this fault.
func expect(
    _ entry: FaultEntry, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("no fault where \(entry.number) was expected", sourceLocation: sourceLocation)
    } catch {
        let fault = error as? Fault
        #expect(fault?.number == entry.number, "\(error)", sourceLocation: sourceLocation)
    }
}
