/// A candidate split of one column in one node and the side whose sum stands for it.
public struct Candidate: Sendable, Equatable {
    public enum Side: Sendable {
        case left
        case right
    }

    public let node: Int
    public let column: Int
    /// Rows with a bucket at or below it go left.
    public let threshold: Int
    /// Where rows without a value go; nil for a column that has no bucket for them.
    public let missing: Side?
    /// The side that is summed: the one without the largest bucket. The gain of a split is the same from either side.
    public let side: Side
}

/// Which buckets of a column hold values, in order, and which one holds the rows without a value.
public struct ColumnShape: Sendable, Equatable {
    /// Buckets 0 ..< values are ordered values.
    public let values: Int
    /// The bucket of missing values is the one after the last value's.
    public let hasMissing: Bool

    public init(values: Int, hasMissing: Bool) {
        self.values = values
        self.hasMissing = hasMissing
    }
}

/// For every candidate threshold the one-sided sum that avoids the largest bucket: the prefix below it, the suffix
/// above it; for columns with missing values both directions of missing.
///
/// Candidates stand in canonical order: node, column, threshold, missing right last. They are to be permuted before
/// they leave. Additions: one per candidate beyond the first of each run of a column.
public struct CandidateSums<Key: AdditivePublicKey>: Sendable {
    public let candidates: [Candidate]
    /// One per candidate.
    public let ciphertexts: Key.Ciphertexts

    /// - Parameter shape: the shape of a column in a node; its values and its missing bucket are within the column's
    ///   buckets. Fewer than two values make no candidate.
    public init(_ key: Key, _ sums: BucketSums<Key>, shape: (_ node: Int, _ column: Int) -> ColumnShape) {
        var builder = Builder()
        for node in 0..<sums.plan.nodes {
            for column in sums.plan.columns.indices {
                builder.add(node, column, shape(node, column), sums)
            }
        }
        self.candidates = builder.candidates
        self.ciphertexts = builder.sums(key, sums.ciphertexts)
    }

    /// Collects chains of prefix and suffix sums, to be run side by side in the lanes.
    private struct Builder {
        var candidates: [Candidate] = []
        /// Bucket sum that a candidate starts from.
        private var start: [Int32] = []
        /// Candidates whose sum is the start plus another candidate's, by depth in the chain.
        private var steps: [[(from: Int32, to: Int32)]] = []
        /// Candidates that get the other direction's sum at the end.
        private var last: [(from: Int32, to: Int32)] = []

        mutating func add(_ node: Int, _ column: Int, _ shape: ColumnShape, _ sums: BucketSums<Key>) {
            precondition(shape.values + (shape.hasMissing ? 1 : 0) <= sums.plan.columns[column].buckets)
            guard shape.values >= 2 else { return }
            let skipped = sums.plan.skipped(node: node, column: column)
            // Both directions of missing: left first. The sum holds the missing bucket when it goes to the summed side.
            for threshold in 0..<(shape.values - 1) {
                for direction in shape.hasMissing ? [Candidate.Side.left, .right] : [nil] {
                    let side: Candidate.Side =
                        if skipped < shape.values {
                            threshold < skipped ? .left : .right
                        } else {
                            direction == .right ? .left : .right
                        }
                    candidates.append(
                        Candidate(node: node, column: column, threshold: threshold, missing: direction, side: side))
                }
            }
            let count = (shape.values - 1) * (shape.hasMissing ? 2 : 1)
            let own = (candidates.count - count)..<candidates.count
            start += [Int32](repeating: 0, count: count)
            // A sum with the missing bucket on its side is the other direction's sum, which stands beside it, plus it.
            let joins = { (candidate: Candidate) in skipped < shape.values && candidate.missing == candidate.side }
            for direction in shape.hasMissing ? [Candidate.Side.left, .right] : [nil] {
                let chain = own.filter { candidates[$0].missing == direction && !joins(candidates[$0]) }
                link(chain.filter { candidates[$0].side == .left }, sums) { $0.threshold }
                link(chain.filter { candidates[$0].side == .right }.reversed(), sums) { $0.threshold + 1 }
            }
            for index in own where joins(candidates[index]) {
                start[index] = sums.place(node: node, column: column, bucket: shape.values) ?? 0
                last.append((Int32(candidates[index].missing == .left ? index + 1 : index - 1), Int32(index)))
            }
        }

        /// One chain: each candidate is its own bucket plus the candidate before.
        private mutating func link(
            _ chain: some Collection<Int>, _ sums: BucketSums<Key>, bucket: (Candidate) -> Int
        ) {
            var previous: Int?
            for (depth, index) in chain.enumerated() {
                let candidate = candidates[index]
                guard
                    let place = sums.place(node: candidate.node, column: candidate.column, bucket: bucket(candidate))
                else { preconditionFailure("the summed side holds the skipped bucket") }
                start[index] = place
                if let previous {
                    while steps.count < depth { steps.append([]) }
                    steps[depth - 1].append((Int32(previous), Int32(index)))
                }
                previous = index
            }
        }

        func sums(_ key: Key, _ buckets: Key.Ciphertexts) -> Key.Ciphertexts {
            var result = key.gather(buckets, start)
            for step in steps {
                key.addWithin(&result, step.map(\.from), into: step.map(\.to))
            }
            key.addWithin(&result, last.map(\.from), into: last.map(\.to))
            return result
        }
    }
}
