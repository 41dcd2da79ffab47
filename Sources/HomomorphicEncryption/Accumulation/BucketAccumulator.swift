public import Faults
import Synchronization

/// Encrypted bucket accumulation: rows come in blocks, in order; one sum per node, column and bucket comes out.
///
/// All additions of a block are spread over the workers: each unit of work is one column, or pair of columns, of one
/// node, and when there are fewer units than workers each is split into parts that are added up at the end.
///
/// Memory beside the blocks themselves: `AdditivePublicKey.workingBytes` times `ciphertexts`, and 16 bytes per row of
/// at most `rowsAtOnce` rows per worker.
public final class BucketAccumulator<Key: AdditivePublicKey>: Sendable {
    public let key: Key
    public let plan: AccumulationPlan
    private let workers: Workers
    private let units: [Unit]
    private let parts: Int
    private let progress = Mutex(Progress())

    /// Rows of a block that one unit works off at a time: bounds the memory of its schedule.
    public static var rowsAtOnce: Int { 1 << 16 }

    private struct Progress {
        var nextRow = 0
        var finished = false
    }

    /// One group's sums, or a part of them. The mutex is never waited for: a unit is one item of work.
    private final class Unit: Sendable {
        let group: AccumulationPlan.Group
        let part: Int
        let sums: Mutex<Key.Ciphertexts>

        init(_ group: AccumulationPlan.Group, part: Int, sums: sending Key.Ciphertexts) {
            self.group = group
            self.part = part
            self.sums = Mutex(sums)
        }
    }

    public init(key: Key, plan: AccumulationPlan, workers: Workers = .all) {
        self.key = key
        self.plan = plan
        self.workers = workers
        let groups = plan.groups.filter { $0.cells > 0 }
        let parts = groups.isEmpty ? 1 : (workers.count + groups.count - 1) / groups.count
        self.parts = parts
        self.units = groups.flatMap { group in
            (0..<parts).map { Unit(group, part: $0, sums: key.neutral(group.cells + Segments.spillLimit)) }
        }
    }

    /// Ciphertexts in working form that are kept until `finish`.
    public var ciphertexts: Int {
        units.reduce(0) { $0 + $1.group.cells + Segments.spillLimit }
    }

    /// Adds the next rows.
    ///
    /// - Throws: `accumulation-order` for more rows than the plan has, or after `finish`.
    public func add(_ block: Key.Ciphertexts) throws(Fault) {
        let count = key.count(block)
        let first = try progress.withLock { progress throws(Fault) in
            guard !progress.finished, progress.nextRow + count <= plan.rows else {
                throw Fault(EncryptionFaults.accumulationOrder, wanted: "at most \(plan.rows) rows, before the end")
            }
            defer { progress.nextRow += count }
            return progress.nextRow
        }
        _ = try workers.map(units.count) { index throws(Fault) in
            self.work(self.units[index], block, first..<(first + count))
        }
    }

    /// The sums, when all rows have come.
    ///
    /// - Throws: `accumulation-order` when rows are missing, or at the second call.
    public func finish() throws(Fault) -> BucketSums<Key> {
        try progress.withLock { progress throws(Fault) in
            guard !progress.finished, progress.nextRow == plan.rows else {
                throw Fault(EncryptionFaults.accumulationOrder, wanted: "\(plan.rows) rows, once")
            }
            progress.finished = true
        }
        let finished = try workers.map(units.count / parts) { index throws(Fault) in
            self.merged(self.units[(index * self.parts)..<((index + 1) * self.parts)])
        }
        return BucketSums(key, plan, finished)
    }

    /// Adds the rows of a block that belong to a unit.
    private func work(_ unit: Unit, _ block: Key.Ciphertexts, _ range: Range<Int>) {
        let members = plan.rowsOfNode[unit.group.node]
        let inBlock = members.partition(below: range.lowerBound)..<members.partition(below: range.upperBound)
        let share = inBlock.part(unit.part, of: parts)
        for start in stride(from: share.lowerBound, to: share.upperBound, by: Self.rowsAtOnce) {
            let rows = members[start..<min(start + Self.rowsAtOnce, share.upperBound)]
            let cells = cells(unit.group, rows)
            let local = rows.map { $0 - Int32(range.lowerBound) }
            let segments = Segments(rows: local, cellOf: cells, cells: unit.group.cells)
            unit.sums.withLock { key.accumulate(block, cells: segments, into: &$0) }
        }
    }

    private func cells(_ group: AccumulationPlan.Group, _ rows: ArraySlice<Int32>) -> [Int32] {
        let first = plan.columns[group.first].ids
        guard let second = group.second else {
            return rows.map { row in
                let id = first[Int(row)]
                return id == BucketColumn.none ? -1 : group.cellOf[Int(id)]
            }
        }
        let width = plan.columns[second].buckets
        let ids = plan.columns[second].ids
        return rows.map { group.cellOf[Int(first[Int($0)]) * width + Int(ids[Int($0)])] }
    }

    /// Adds the parts of a group and, for a pair, sums the cells up to buckets.
    private func merged(_ parts: ArraySlice<Unit>) -> BucketSums<Key>.Finished {
        let group = parts[parts.startIndex].group
        let all = (0..<group.cells).map { Int32($0) }
        var cells = parts[parts.startIndex].sums.withLock { $0 }
        for part in parts.dropFirst() {
            key.add(part.sums.withLock { $0 }, all, into: &cells, all)
        }
        guard let second = group.second else {
            return .init(group: group, column: [group.first], bucketOf: [singleBuckets(group)], sums: [cells])
        }
        let width = plan.columns[second].buckets
        var firstOf = [Int32](repeating: -1, count: group.cells)
        var secondOf = firstOf
        for (id, cell) in group.cellOf.enumerated() where cell >= 0 {
            firstOf[Int(cell)] = Int32(id / width)
            secondOf[Int(cell)] = Int32(id % width)
        }
        let sides = [(group.first, firstOf), (second, secondOf)].map { column, bucketOf in
            summedUp(
                cells, bucketOf, buckets: plan.columns[column].buckets,
                skipped: plan.skipped(node: group.node, column: column))
        }
        return .init(group: group, column: [group.first, second], bucketOf: sides.map(\.0), sums: sides.map(\.1))
    }

    private func singleBuckets(_ group: AccumulationPlan.Group) -> [Int32] {
        var bucketOf = [Int32](repeating: -1, count: group.cells)
        for (id, cell) in group.cellOf.enumerated() where cell >= 0 { bucketOf[Int(cell)] = Int32(id) }
        return bucketOf
    }

    /// Sums of cells by bucket, without the skipped one; the buckets in order of their place in the sums.
    private func summedUp(
        _ cells: Key.Ciphertexts, _ bucketOf: [Int32], buckets: Int, skipped: Int
    ) -> ([Int32], Key.Ciphertexts) {
        let summed = bucketOf.map { $0 == Int32(skipped) ? -1 : $0 }
        let segments = Segments(rows: bucketOf.indices.map { Int32($0) }, cellOf: summed, cells: buckets)
        var sums = key.neutral(buckets + Segments.spillLimit)
        key.accumulate(cells, cells: segments, into: &sums)
        return ((0..<Int32(buckets)).map { $0 == Int32(skipped) ? -1 : $0 }, sums)
    }
}

extension [Int32] {
    /// How many entries are below a bound, in an ascending list.
    fileprivate func partition(below bound: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if Int(self[middle]) < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Range<Int> {
    /// Part `index` of `parts` of nearly equal length.
    fileprivate func part(_ index: Int, of parts: Int) -> Range<Int> {
        (lowerBound + count * index / parts)..<(lowerBound + count * (index + 1) / parts)
    }
}
