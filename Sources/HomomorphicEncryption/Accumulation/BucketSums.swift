/// The sums that an accumulation made, addressed by node, column and bucket.
public struct BucketSums<Key: AdditivePublicKey>: Sendable {
    public let plan: AccumulationPlan
    /// All sums in working form; number 0 is a neutral one, shared by the empty buckets.
    public let ciphertexts: Key.Ciphertexts
    /// Number of a sum, by node, then column, then bucket; −1 for the skipped bucket.
    private let numbers: [Int32]
    /// Where a column begins inside a node.
    private let columnStart: [Int]

    /// One group's sums: for each of its columns, the bucket of each place (−1: no sum of its own) and the sums.
    struct Finished: Sendable {
        let group: AccumulationPlan.Group
        let column: [Int]
        let bucketOf: [[Int32]]
        let sums: [Key.Ciphertexts]
    }

    init(_ key: Key, _ plan: AccumulationPlan, _ finished: [Finished]) {
        var columnStart = [0]
        for column in plan.columns { columnStart.append(columnStart[columnStart.count - 1] + column.buckets) }
        let width = columnStart[columnStart.count - 1]
        var numbers = [Int32](repeating: 0, count: width * plan.nodes)
        for node in 0..<plan.nodes {
            for column in plan.columns.indices {
                numbers[node * width + columnStart[column] + plan.skipped(node: node, column: column)] = -1
            }
        }
        // Every bucket with rows gets a number; then its sum is copied there.
        var next: Int32 = 1
        var copies: [(sums: Key.Ciphertexts, sources: [Int32], targets: [Int32])] = []
        for group in finished {
            for (side, column) in group.column.enumerated() {
                var sources: [Int32] = []
                var targets: [Int32] = []
                for (place, bucket) in group.bucketOf[side].enumerated() where bucket >= 0 {
                    let index = group.group.node * width + columnStart[column] + Int(bucket)
                    guard numbers[index] == 0,
                        plan.rows(node: group.group.node, column: column, bucket: Int(bucket)) > 0
                    else { continue }
                    numbers[index] = next
                    sources.append(Int32(place))
                    targets.append(next)
                    next += 1
                }
                copies.append((group.sums[side], sources, targets))
            }
        }
        var ciphertexts = key.neutral(Int(next))
        for copy in copies { key.copy(copy.sums, copy.sources, into: &ciphertexts, copy.targets) }
        self.plan = plan
        self.ciphertexts = ciphertexts
        self.numbers = numbers
        self.columnStart = columnStart
    }

    /// The place of a bucket's sum in `ciphertexts`; nil for the bucket that was skipped.
    public func place(node: Int, column: Int, bucket: Int) -> Int32? {
        precondition((0..<plan.columns[column].buckets).contains(bucket))
        let number = numbers[node * columnStart[columnStart.count - 1] + columnStart[column] + bucket]
        return number < 0 ? nil : number
    }
}
