import Faults
import Ledger
import ResourcesTestKit
import Testing

/// Whatever bytes a peer sends end in a value or in a numbered fault.
@Suite struct PeerBytesTests {
    @Test func whatIsNoMessageIsRefused() async throws {
        try await Pair.with { pair in
            let peer = pair.one.site
            for bytes in [[], [0], Array("ATLP".utf8), Array("ATLS\u{1}".utf8)] as [[UInt8]] {
                await expect(LedgerFaults.malformedStatement) { _ = try await pair.second.answer(bytes, from: peer) }
                await expect(LedgerFaults.malformedStatement) { try await pair.second.accept(bytes, from: peer) }
                await expect(LedgerFaults.malformedStatement) {
                    _ = try await pair.second.sign(bytes, from: peer, job: Pair.job)
                }
            }
        }
    }

    @Test func changedMessagesEndInAFaultAndAreNeverSigned() async throws {
        var generator = SeededGenerator.printed(for: "changed ledger messages")
        try await Pair.with { pair in
            for sequence in 0..<3 { try await pair.exchange(UInt64(sequence)) }
            for sequence in 0..<2 { try await pair.exchange(UInt64(sequence), back: true) }
            let proposal = try await pair.first.propose(job: Pair.job, to: pair.other.site)
            let answer = try await pair.second.answer(proposal, from: pair.one.site)
            let signed = try await pair.first.sign(answer, from: pair.other.site, job: Pair.job)
            for _ in 0..<60 {
                let changed = Self.changed(signed, &generator)
                if changed != signed { await faulty { try await pair.second.accept(changed, from: pair.one.site) } }
                let strange = Self.changed(answer, &generator)
                if strange != answer {
                    await faulty { _ = try await pair.first.sign(strange, from: pair.other.site, job: Pair.job) }
                }
                // A changed proposal may be good: another head of the proposer's is the proposer's affair.
                _ = try? await pair.second.answer(Self.changed(proposal, &generator), from: pair.one.site)
            }
            #expect(try await pair.second.reader.verify().statements == 0)
            #expect(try await pair.first.reader.verify().statements == 1)
        }
    }

    @Test func randomBytesEndInAFaultOrAreWrittenBackAsTheyWere() async throws {
        var generator = SeededGenerator.printed(for: "random ledger messages")
        let seeds: [[UInt8]] = [Array("ATLP\u{1}\0".utf8), Array("ATLS\u{1}\0".utf8), [0, 0, 0, 4]]
        for number in 0..<20_000 {
            let count = Int.random(in: 0..<200, using: &generator)
            let bytes = seeds[number % 3] + (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            do throws(Fault) {
                for written in try PeerBytes.rewritten(bytes) { #expect(written == bytes) }
            } catch {
                #expect(error.is(LedgerFaults.malformedStatement))
            }
        }
    }

    private func faulty(_ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("taken")
        } catch {
            #expect(error is Fault, "\(error)")
        }
    }

    private static func changed(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        let index = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes.removeSubrange(index...)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        default: bytes[index] = 255
        }
        return bytes
    }
}
