import Arithmetic
import Faults
import ResourcesTestKit
import Testing

@testable import HomomorphicEncryption

/// Weighted sums over buckets, masked for the key's owner to open.
@Suite struct MaskedFieldsTests {
    /// From rows to the sums that only the other side sees.
    @Test(arguments: Kernel.available) func weightedSumsComeBackUnderTheirMasks(kernel: Kernel) throws {
        var numbers = SeededGenerator(seed: 5)
        let pair = try TestKeys.small(kernel)
        let key = pair.publicKey
        for rows in [1, 40, 300] {
            let columns = try (0..<5).map { column in
                let buckets = [1, 2, 3, 7, 12][column]
                return try BucketColumn(
                    buckets: buckets, ids: (0..<rows).map { _ in UInt16(Int.random(in: 0..<buckets, using: &numbers)) })
            }
            let weights = columns.map { column in
                (0..<column.buckets).map { _ in Int64.random(in: -(1 << 32)...(1 << 32), using: &numbers) }
            }
            let values = (0..<rows).map { _ in Int128(Int64.random(in: -(1 << 28)...(1 << 28), using: &numbers)) }
            let all = try BucketColumn(buckets: 2, ids: [UInt16](repeating: 0, count: rows))
            let skipped = columns.map { Int.random(in: 0..<$0.buckets, using: &numbers) }
            let plan = try AccumulationPlan(columns: columns + [all], skipping: skipped + [1])
            let accumulator = BucketAccumulator(key: key, plan: plan, workers: Workers(2))
            try accumulator.add(try key.receive(try pair.encrypt(PlaintextBatch(values)), count: rows))
            let sums = try accumulator.finish().weighted(key, node: 0, weights: weights, all: columns.count)
            #expect(key.count(sums) == 5)

            let fields = try MaskedFields(valueBits: 72, plaintextBits: key.plaintextBits)
            let masks = fields.masks(5, using: &numbers)
            let block = key.seal(try fields.pack(key, sums, masks: masks))
            let opened = try fields.open(try pair.decrypt(block, count: fields.ciphertexts(5)), sums: 5)
            let found = try zip(opened, masks).map { try fields.unmask($0, $1) }
            let wanted = columns.indices.map { column in
                (0..<rows).reduce(Int128(0)) {
                    $0 + values[$1] * Int128(weights[column][Int(columns[column].ids[$1])])
                }
            }
            #expect(found == wanted)
        }
    }

    @Test func fieldsAreAsWideAsTheyMustBe() throws {
        let fields = try MaskedFields(valueBits: 76, plaintextBits: 2047)
        #expect(fields.fieldBits == 118 && fields.slots == 17)
        #expect(fields.ciphertexts(17) == 1 && fields.ciphertexts(18) == 2 && fields.ciphertexts(0) == 0)
        var numbers = SeededGenerator(seed: 1)
        let masks = fields.masks(2_000, using: &numbers)
        let least = Int128(1) << 76
        #expect(masks.allSatisfy { $0 >= least && $0 < least + (Int128(1) << 116) })
        #expect(masks.contains { $0 >> 115 == 1 } && masks.contains { $0 >> 115 == 0 }, "masks use all their width")
        // The largest sums stay within their field, and come back.
        for sum in [(Int128(1) << 75) - 1, -((Int128(1) << 75) - 1), 0] {
            for mask in [least, least + (Int128(1) << 116) - 1] {
                #expect((sum + mask).magnitude >> 118 == 0 && sum + mask > 0)
                #expect(try fields.unmask(UInt128(sum + mask), mask) == sum)
            }
        }
        #expect(throws: Fault(EncryptionFaults.packingReplyRange)) {
            try fields.unmask(UInt128(least + (Int128(1) << 75)), least)
        }
        #expect(throws: Fault(EncryptionFaults.packingReplyRange)) { try fields.unmask(UInt128(1) << 118, least) }
        #expect(throws: Fault(EncryptionFaults.packingFieldTooWide)) {
            try MaskedFields(valueBits: 85, plaintextBits: 2047)
        }
        #expect(throws: Fault(EncryptionFaults.packingNoSlot)) { try MaskedFields(valueBits: 76, plaintextBits: 117) }
        let wide = PlaintextBatch(count: 1, width: 33)
        #expect(throws: Fault(EncryptionFaults.packingShape)) { try fields.open(wide, sums: 18) }
    }
}
