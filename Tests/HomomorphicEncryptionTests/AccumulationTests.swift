import Faults
import ResourcesTestKit
import Testing

@testable import HomomorphicEncryption

/// Columns whose shapes are the ones that break schedules: one bucket, empty buckets, one huge bucket, uniform.
private func columns(rows: Int, _ numbers: inout SeededGenerator) throws -> [BucketColumn] {
    let shapes: [(Int, (inout SeededGenerator) -> Int)] = [
        (1, { _ in 0 }),
        (5, { numbers in [0, 2].randomElement(using: &numbers)! }),
        (8, { numbers in Int.random(in: 0..<20, using: &numbers) == 0 ? Int.random(in: 0..<8, using: &numbers) : 6 }),
        (16, { numbers in Int.random(in: 0..<16, using: &numbers) }),
        (3, { numbers in Int.random(in: 0..<3, using: &numbers) }),
        (12, { numbers in min(11, Int.random(in: 0..<5, using: &numbers) * Int.random(in: 0..<4, using: &numbers)) }),
    ]
    return try shapes.map { buckets, draw in
        try BucketColumn(buckets: buckets, ids: (0..<rows).map { _ in UInt16(draw(&numbers)) })
    }
}

private func nodes(rows: Int, count: Int, _ numbers: inout SeededGenerator) throws -> RowNodes {
    let ids = (0..<rows).map { _ -> UInt16 in
        let node = Int.random(in: 0...count, using: &numbers)
        return node == count ? RowNodes.none : UInt16(node)
    }
    return try RowNodes(count: count, ids: ids)
}

/// The definition: every row added to its bucket, one after another.
private func naive(_ values: [Int128], _ columns: [BucketColumn], _ nodes: RowNodes) -> [[[Int128]]] {
    var sums = (0..<nodes.count).map { _ in columns.map { [Int128](repeating: 0, count: $0.buckets) } }
    for (row, node) in nodes.ids.enumerated() where node != RowNodes.none {
        for (index, column) in columns.enumerated() where column.ids[row] != BucketColumn.none {
            sums[Int(node)][index][Int(column.ids[row])] += values[row]
        }
    }
    return sums
}

@Suite struct AccumulationTests {
    private let key = ClearKey()

    private func accumulate(
        _ values: [Int128], _ plan: AccumulationPlan, blocks: [Int], workers: Int
    ) throws -> BucketSums<ClearKey> {
        let accumulator = BucketAccumulator(key: key, plan: plan, workers: Workers(workers))
        var start = 0
        for block in blocks {
            try accumulator.add(key.rows(PlaintextBatch(Array(values[start..<(start + block)]))))
            start += block
        }
        return try accumulator.finish()
    }

    @Test(arguments: [0, 1, 7, 8, 9, 100, 1000], [1, 3])
    func equalsTheNaiveSums(rows: Int, nodeCount: Int) throws {
        var numbers = SeededGenerator(seed: UInt64(rows * 10 + nodeCount))
        let columns = try columns(rows: rows, &numbers)
        let nodes = try nodes(rows: rows, count: nodeCount, &numbers)
        let values = (0..<rows).map { _ in Int128.random(in: -(1 << 88)...(1 << 88), using: &numbers) }
        let expected = naive(values, columns, nodes)
        for (joint, workers) in [(true, 1), (false, 1), (true, 2), (true, 16), (false, 5)] {
            let plan = try AccumulationPlan(columns: columns, nodes: nodes, joint: joint)
            let single = [Int](repeating: 1, count: min(rows, 100)) + [max(0, rows - 100)]
            for blocks in [[rows], [rows / 3, rows - rows / 3], single] {
                let sums = try accumulate(values, plan, blocks: blocks, workers: workers)
                for node in 0..<nodeCount {
                    for (column, buckets) in expected[node].enumerated() {
                        for (bucket, value) in buckets.enumerated() {
                            guard let place = sums.place(node: node, column: column, bucket: bucket) else {
                                #expect(bucket == plan.skipped(node: node, column: column))
                                continue
                            }
                            #expect(key.value(sums.ciphertexts, Int(place)) == value)
                        }
                    }
                }
            }
        }
    }

    /// What is skipped can be named: then a parent's sums less those of one child are the other's, bucket by bucket.
    @Test(arguments: [7, 100, 900], [true, false])
    func theSameBucketCanBeSkippedInEveryNode(rows: Int, joint: Bool) throws {
        var numbers = SeededGenerator(seed: UInt64(rows))
        let columns = try columns(rows: rows, &numbers)
        let nodes = try nodes(rows: rows, count: 2, &numbers)
        let values = (0..<rows).map { _ in Int128.random(in: -(1 << 60)...(1 << 60), using: &numbers) }
        // Large ones, small ones, and buckets without rows in a node.
        let skipping = columns.map { Int.random(in: 0..<$0.buckets, using: &numbers) }
        let all = try RowNodes(count: 1, ids: nodes.ids.map { $0 == RowNodes.none ? $0 : 0 })
        func sums(_ nodes: RowNodes) throws -> BucketSums<ClearKey> {
            let plan = try AccumulationPlan(columns: columns, nodes: nodes, joint: joint, skipping: skipping)
            return try accumulate(values, plan, blocks: [rows / 2, rows - rows / 2], workers: 2)
        }
        let (parent, children) = (try sums(all), try sums(nodes))
        let (ofParent, ofChildren) = (naive(values, columns, all), naive(values, columns, nodes))
        for (column, buckets) in columns.enumerated() {
            for bucket in 0..<buckets.buckets {
                let places = [0, 1].map { children.place(node: $0, column: column, bucket: bucket) }
                guard let place = parent.place(node: 0, column: column, bucket: bucket) else {
                    #expect(bucket == skipping[column] && places == [nil, nil])
                    continue
                }
                #expect(key.value(parent.ciphertexts, Int(place)) == ofParent[0][column][bucket])
                for (node, place) in places.enumerated() {
                    let found = key.value(children.ciphertexts, Int(try #require(place)))
                    #expect(found == ofChildren[node][column][bucket])
                }
            }
        }
        for wrong in [Array(skipping.dropLast()), skipping.map { _ in 99 }] {
            #expect(throws: Fault(EncryptionFaults.accumulationShape)) {
                try AccumulationPlan(columns: columns, nodes: nodes, skipping: wrong)
            }
        }
    }

    @Test func rowsInNoBucketAreInNoSum() throws {
        let ids: [UInt16] = [0, BucketColumn.none, 1, 1, 1, BucketColumn.none, 0]
        let whole: [UInt16] = [0, 1, 2, 3, 0, 1, 2]
        let columns = [try BucketColumn(buckets: 2, ids: ids), try BucketColumn(buckets: 4, ids: whole)]
        let plan = try AccumulationPlan(columns: columns)
        let sums = try accumulate([1, 2, 4, 8, 16, 32, 64], plan, blocks: [7], workers: 1)
        #expect(plan.skipped(node: 0, column: 0) == 1)
        #expect(key.value(sums.ciphertexts, Int(try #require(sums.place(node: 0, column: 0, bucket: 0)))) == 65)
        #expect(plan.jointPairs(node: 0).isEmpty)
    }

    @Test func jointCellsAreChosenByCost() throws {
        var numbers = SeededGenerator(seed: 4)
        func uniform(_ rows: Int) throws -> BucketColumn {
            try BucketColumn(buckets: 16, ids: (0..<rows).map { _ in UInt16.random(in: 0..<16, using: &numbers) })
        }
        // 16 × 16 cells: 2·16·15 = 480 additions to sum up against some 0.94²·rows saved.
        let few = [try uniform(400), try uniform(400)]
        #expect(try AccumulationPlan(columns: few).jointPairs(node: 0).isEmpty)
        let many = [try uniform(900), try uniform(900)]
        let plan = try AccumulationPlan(columns: many)
        let pair = try #require(plan.jointPairs(node: 0).first)
        #expect(pair == (0, 1) && plan.jointPairs(node: 0).count == 1)
        #expect(plan.additions < 900)
        #expect(try AccumulationPlan(columns: many, joint: false).additions > 1600)
        // No room for the cells: apart.
        #expect(try AccumulationPlan(columns: many, cellLimit: 255).jointPairs(node: 0).isEmpty)
    }

    @Test func costIsTheFormula() {
        // p1 = 0.5, p2 = 0.8, 2 and 3 non-empty buckets, 100 rows.
        let cost = AccumulationPlan.cost([50, 0, 50], [80, 10, 10], skipped: (0, 0), rows: 100)
        // 100·(1 − 0.4) + 1·3 + 2·2 against 100·(2 − 1.3).
        #expect(cost.joint == 67)
        #expect(abs(cost.apart - 70) < 1e-9)
    }

    @Test func additionsStayCloseToThePlan() throws {
        var numbers = SeededGenerator(seed: 9)
        let rows = 3000
        let columns = try columns(rows: rows, &numbers)
        let plan = try AccumulationPlan(columns: columns)
        let key = ClearKey()
        let accumulator = BucketAccumulator(key: key, plan: plan, workers: .one)
        try accumulator.add(key.rows(PlaintextBatch([Int128](repeating: 1, count: rows))))
        #expect(key.additions.count >= plan.additions)
        #expect(key.additions.count <= plan.additions + columns.count * Segments.spillLimit)
    }

    @Test func refusesWrongShapesAndOrders() throws {
        #expect(throws: Fault(EncryptionFaults.bucketOutOfRange)) { try BucketColumn(buckets: 2, ids: [0, 2]) }
        #expect(throws: Fault(EncryptionFaults.bucketOutOfRange)) { try BucketColumn(buckets: 0, ids: []) }
        let column = try BucketColumn(buckets: 2, ids: [0, 1, 1])
        let other = try BucketColumn(buckets: 2, ids: [0, 1])
        #expect(throws: Fault(EncryptionFaults.accumulationShape)) { try AccumulationPlan(columns: [column, other]) }
        let plan = try AccumulationPlan(columns: [column])
        let accumulator = BucketAccumulator(key: key, plan: plan)
        #expect(throws: Fault(EncryptionFaults.accumulationOrder)) { _ = try accumulator.finish() }
        #expect(throws: Fault(EncryptionFaults.accumulationOrder)) { try accumulator.add(key.neutral(4)) }
        try accumulator.add(key.neutral(3))
        #expect(throws: Fault(EncryptionFaults.accumulationOrder)) { try accumulator.add(key.neutral(1)) }
        _ = try accumulator.finish()
        #expect(throws: Fault(EncryptionFaults.accumulationOrder)) { _ = try accumulator.finish() }
    }

    @Test func memoryIsAsStated() throws {
        var numbers = SeededGenerator(seed: 2)
        let plan = try AccumulationPlan(columns: try columns(rows: 500, &numbers))
        let groups = 6 - plan.jointPairs(node: 0).count
        let one = BucketAccumulator(key: key, plan: plan, workers: .one)
        // The column with a single bucket has no sum at all.
        #expect(one.ciphertexts == plan.cells + (groups - 1) * Segments.spillLimit)
    }
}

@Suite struct CandidateSumsTests {
    private let key = ClearKey()

    /// Left side's sum by definition.
    private func left(_ candidate: Candidate, _ values: [Int128], _ ids: [UInt16], _ missing: Int) -> Int128 {
        zip(values, ids).reduce(0) { sum, row in
            let goesLeft = Int(row.1) == missing ? candidate.missing == .left : Int(row.1) <= candidate.threshold
            return goesLeft ? sum + row.0 : sum
        }
    }

    @Test(arguments: [2, 3, 9], 0..<4)
    func everyCandidateIsOneSideWithoutTheLargestBucket(values: Int, variant: Int) throws {
        var numbers = SeededGenerator(seed: UInt64(values * 10 + variant))
        let hasMissing = variant > 0
        let buckets = values + (hasMissing ? 1 : 0)
        let rows = 60
        // Variant 1: missing is the largest; 2: a value is; 3: missing has no rows.
        let ids = (0..<rows).map { _ -> UInt16 in
            switch variant {
            case 1 where Bool.random(using: &numbers): UInt16(values)
            case 3: UInt16.random(in: 0..<UInt16(values), using: &numbers)
            default: UInt16.random(in: 0..<UInt16(buckets), using: &numbers)
            }
        }
        let plan = try AccumulationPlan(columns: [try BucketColumn(buckets: buckets, ids: ids)])
        let rowValues = (0..<rows).map { _ in Int128.random(in: -1000...1000, using: &numbers) }
        let accumulator = BucketAccumulator(key: key, plan: plan)
        try accumulator.add(key.rows(PlaintextBatch(rowValues)))
        let made = CandidateSums(key, try accumulator.finish()) { _, _ in
            ColumnShape(values: values, hasMissing: hasMissing)
        }
        #expect(made.candidates.count == (values - 1) * (hasMissing ? 2 : 1))
        let total = rowValues.reduce(0, +)
        let missing = hasMissing ? values : -1
        let skipped = plan.skipped(node: 0, column: 0)
        for (index, candidate) in made.candidates.enumerated() {
            let left = left(candidate, rowValues, ids, missing)
            #expect(key.value(made.ciphertexts, index) == (candidate.side == .left ? left : total - left))
            let skippedIsLeft = skipped == missing ? candidate.missing == .left : skipped <= candidate.threshold
            #expect(skippedIsLeft == (candidate.side == .right))
        }
        // Canonical order: by threshold, missing right last.
        for (before, after) in zip(made.candidates, made.candidates.dropFirst()) {
            #expect(
                before.threshold < after.threshold
                    || (before.threshold == after.threshold && before.missing == .left && after.missing == .right))
        }
    }

    @Test func manyColumnsAndNodesRunSideBySide() throws {
        var numbers = SeededGenerator(seed: 77)
        let rows = 300
        let columns = try (2..<14).map { buckets in
            try BucketColumn(
                buckets: buckets, ids: (0..<rows).map { _ in UInt16.random(in: 0..<UInt16(buckets), using: &numbers) })
        }
        let nodes = try RowNodes(count: 2, ids: (0..<rows).map { UInt16($0 % 2) })
        let plan = try AccumulationPlan(columns: columns, nodes: nodes)
        let values = (0..<rows).map { _ in Int128.random(in: -1000...1000, using: &numbers) }
        let accumulator = BucketAccumulator(key: key, plan: plan)
        try accumulator.add(key.rows(PlaintextBatch(values)))
        let made = CandidateSums(key, try accumulator.finish()) { _, column in
            ColumnShape(values: columns[column].buckets, hasMissing: false)
        }
        for (index, candidate) in made.candidates.enumerated() {
            let members = (0..<rows).filter { $0 % 2 == candidate.node }
            let side = members.filter {
                (Int(columns[candidate.column].ids[$0]) <= candidate.threshold) == (candidate.side == .left)
            }
            #expect(key.value(made.ciphertexts, index) == side.reduce(0) { $0 + values[$1] })
        }
    }

    @Test func aColumnWithOneValueHasNoCandidate() throws {
        let plan = try AccumulationPlan(columns: [try BucketColumn(buckets: 2, ids: [0, 0, 1])])
        let accumulator = BucketAccumulator(key: key, plan: plan)
        try accumulator.add(key.neutral(3))
        let made = CandidateSums(key, try accumulator.finish()) { _, _ in ColumnShape(values: 1, hasMissing: true) }
        #expect(made.candidates.isEmpty && key.count(made.ciphertexts) == 0)
    }
}

@Suite struct SegmentsTests {
    @Test(arguments: [0, 1, 5, 8, 13, 64, 2000])
    func everyRowOnceInPiecesOfBoundedLength(rows: Int) {
        var numbers = SeededGenerator(seed: UInt64(rows))
        for cells in [1, 2, 9, 300] {
            let cellOf = (0..<rows).map { _ in Int32.random(in: -1..<Int32(cells), using: &numbers) }
            let segments = Segments(rows: (0..<Int32(rows)).map { $0 + 1000 }, cellOf: cellOf, cells: cells)
            #expect(Set(segments.targets).count == segments.targets.count)
            #expect(segments.starts.count == segments.targets.count + 1)
            #expect(segments.spills.count <= Segments.spillLimit)
            var cellOfTarget = Dictionary(uniqueKeysWithValues: segments.spills.map { ($0.spill, $0.cell) })
            for cell in 0..<Int32(cells) { cellOfTarget[cell] = cell }
            var seen: [Int32: Int32] = [:]
            var last = Int.max
            for (segment, target) in segments.targets.enumerated() {
                let range = Int(segments.starts[segment])..<Int(segments.starts[segment + 1])
                #expect(range.count <= last && range.count <= max(16, rows / Segments.spillLimit + 1))
                last = range.count
                for row in segments.indices[range] {
                    #expect(seen.updateValue(cellOfTarget[target]!, forKey: row - 1000) == nil)
                }
            }
            #expect(seen.count == cellOf.count { $0 >= 0 })
            #expect(seen.allSatisfy { cellOf[Int($0.key)] == $0.value })
        }
    }
}
