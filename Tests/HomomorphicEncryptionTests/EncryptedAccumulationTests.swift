import Arithmetic
import Faults
import ResourcesTestKit
import Testing

@testable import HomomorphicEncryption

/// Accumulation under Paillier on every kernel, and the whole way from rows to checked sums.
@Suite struct EncryptedAccumulationTests {
    private func columns(_ rows: Int, _ numbers: inout SeededGenerator) throws -> [BucketColumn] {
        func column(_ buckets: Int, _ draw: (inout SeededGenerator) -> Int) throws -> BucketColumn {
            try BucketColumn(buckets: buckets, ids: (0..<rows).map { _ in UInt16(draw(&numbers)) })
        }
        return [
            try column(1) { _ in 0 },
            try column(6) { numbers in Int.random(in: 0..<12, using: &numbers) == 0 ? 1 : 4 },
            try column(4) { Int.random(in: 0..<4, using: &$0) },
            try column(4) { Int.random(in: 0..<4, using: &$0) },
        ]
    }

    @Test(arguments: Kernel.available, [1, 9, 260])
    func equalsTheNaiveSums(kernel: Kernel, rows: Int) throws {
        var numbers = SeededGenerator(seed: UInt64(rows))
        let pair = try TestKeys.small(kernel)
        let key = pair.publicKey
        let columns = try columns(rows, &numbers)
        let nodes = try RowNodes(count: 2, ids: (0..<rows).map { $0 % 5 == 4 ? RowNodes.none : UInt16($0 % 2) })
        let values = (0..<rows).map { _ in Int128.random(in: -(1 << 80)...(1 << 80), using: &numbers) }
        let batch = try key.receive(try pair.encrypt(PlaintextBatch(values)), count: rows)
        var canonical: Set<[UInt8]> = []
        for (workers, block) in [(1, rows), (2, rows), (7, rows), (1, 50), (3, 17)] {
            let plan = try AccumulationPlan(columns: columns, nodes: nodes)
            let accumulator = BucketAccumulator(key: key, plan: plan, workers: Workers(workers))
            for start in stride(from: 0, to: rows, by: block) {
                try accumulator.add(batch[start..<min(start + block, rows)])
            }
            let sums = try accumulator.finish()
            // The same residues whatever the threads and blocks, down to the last bit of the canonical form.
            canonical.insert(sums.ciphertexts.leaveBytes())
            let opened = signed(
                try pair.decrypt(key.seal(sums.ciphertexts), count: sums.ciphertexts.count), pair)
            for node in 0..<2 {
                for (index, column) in columns.enumerated() {
                    for bucket in 0..<column.buckets {
                        guard let place = sums.place(node: node, column: index, bucket: bucket) else { continue }
                        let members = (0..<rows).filter { nodes.ids[$0] == node && column.ids[$0] == bucket }
                        #expect(opened[Int(place)] == members.reduce(0) { $0 + values[$1] })
                    }
                }
            }
        }
        #expect(canonical.count == 1)
    }

    /// Rows, encrypted, to candidate sums, permuted, packed, sealed, and back: equal to sums in the clear.
    @Test func theWholeWay() throws {
        var numbers = SeededGenerator(seed: 11)
        let rows = 150
        let pair = try TestKeys.vectors(2048, try Kernel.preferred())
        let peer = try PaillierPublicKey(decoding: pair.publicKey.encoded(), profile: .dedicated)
        let layout = try PackingLayout(.logistic, rows: rows, plaintextBits: peer.plaintextBits)
        let gradients = (0..<rows).map { _ in Int64.random(in: -65536...65536, using: &numbers) }
        let hessians = (0..<rows).map { _ in Int64.random(in: 1...16384, using: &numbers) }
        let (plaintexts, bounds) = try layout.plaintexts(gradients: gradients, hessians: hessians)

        // The host's side, block by block.
        let columns = try columns(rows, &numbers)
        let plan = try AccumulationPlan(columns: columns)
        let accumulator = BucketAccumulator(key: peer, plan: plan)
        for start in stride(from: 0, to: rows, by: 64) {
            let end = min(start + 64, rows)
            var part = PlaintextBatch(count: end - start, width: 2)
            part.words = Array(plaintexts.words[(2 * start)..<(2 * end)])
            try accumulator.add(try peer.receive(try pair.encrypt(part), count: end - start))
        }
        let made = CandidateSums(peer, try accumulator.finish()) { _, column in
            ColumnShape(values: columns[column].buckets, hasMissing: false)
        }
        let order = made.candidates.indices.map { Int32($0) }.shuffled(using: &numbers)
        let packed = try layout.pack(peer, made.ciphertexts, order: order)
        let reply = peer.seal(packed)

        // Back at the guest.
        let opened = try pair.decrypt(reply, count: layout.plaintexts(forCells: order.count))
        let sums = try layout.unpack(opened, cells: order.count, within: bounds)
        for (place, index) in order.enumerated() {
            let candidate = made.candidates[Int(index)]
            let members = (0..<rows).filter {
                (Int(columns[candidate.column].ids[$0]) <= candidate.threshold) == (candidate.side == .left)
            }
            #expect(sums.gradients[place] == members.reduce(0) { $0 + gradients[$1] })
            #expect(sums.hessians[place] == members.reduce(0) { $0 + hessians[$1] })
        }
    }
}
