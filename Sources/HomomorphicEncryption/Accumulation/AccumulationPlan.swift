public import Faults

/// How the bucket sums of some columns in some nodes are formed with few additions.
///
/// In every node and column the largest bucket is skipped, or the one that the caller names: the side that knows the total
/// gets its sum by subtraction. Sums of a node and of its parent can be subtracted from each other only where both skip
/// the same bucket. Two columns may be summed jointly: every row is added once, to the cell of its pair of buckets, and the buckets are
/// the sums of their cells. With n rows, shares p1 and p2 of the skipped buckets and M_2 = (A−1)·B + (B−1)·A
/// additions to sum up the cells of A and B non-empty buckets, the pair costs n(1 − p1·p2) + M_2 jointly and
/// n(2 − p1 − p2) apart; the smaller is taken.
///
/// Memory: 4 bytes per row in a node, 2 bytes per row and column for the ids, and the working form of `cells`
/// ciphertexts times `parts` (see `BucketAccumulator`); joint cells are planned only up to `cellLimit` in all.
public struct AccumulationPlan: Sendable {
    public let columns: [BucketColumn]
    public let nodes: Int
    /// Rows that will be fed, taking part or not.
    public let rows: Int
    /// The units of work, in order of node and first column.
    let groups: [Group]
    /// Row numbers of each node, ascending.
    let rowsOfNode: [[Int32]]
    /// Rows per bucket, by node and column.
    private let counts: [[[Int32]]]
    /// By node and column.
    private let skips: [[Int]]

    /// One column of one node, or two summed jointly.
    struct Group: Sendable {
        let node: Int
        let first: Int
        let second: Int?
        /// Cell of a pair of ids (`first id · buckets of second + second id`), or of an id; −1 for what is not summed.
        let cellOf: [Int32]
        /// Non-empty cells that are summed.
        let cells: Int
        /// Rows that are added to a cell.
        let additions: Int
    }

    /// - Parameters:
    ///   - columns: all of one length.
    ///   - nodes: as long as the columns; all rows in one node by default.
    ///   - cellLimit: most joint cells over all nodes and pairs.
    ///   - joint: false sums every column apart.
    ///   - skipping: a bucket of each column to skip in every node; nil for the largest of each node.
    /// - Throws: `accumulation-shape` when the lengths differ or a skipped bucket is none.
    public init(
        columns: [BucketColumn], nodes: RowNodes? = nil, cellLimit: Int = 1 << 17, joint: Bool = true,
        skipping: [Int]? = nil
    ) throws(Fault) {
        let rows = nodes?.ids.count ?? columns.first?.ids.count ?? 0
        guard columns.allSatisfy({ $0.ids.count == rows }), rows <= Int(Int32.max) else {
            throw Fault(EncryptionFaults.accumulationShape, at: "columns")
        }
        if let skipping {
            guard skipping.count == columns.count, zip(skipping, columns).allSatisfy({ 0..<$1.buckets ~= $0 }) else {
                throw Fault(EncryptionFaults.accumulationShape, at: "skipping")
            }
        }
        let nodes = nodes ?? .all(rows: rows)
        self.columns = columns
        self.nodes = nodes.count
        self.rows = rows
        var rowsOfNode = [[Int32]](repeating: [], count: nodes.count)
        for (row, node) in nodes.ids.enumerated() where node != RowNodes.none {
            rowsOfNode[Int(node)].append(Int32(row))
        }
        var groups: [Group] = []
        var counts: [[[Int32]]] = []
        var skips: [[Int]] = []
        var cellsLeft = cellLimit
        for node in 0..<nodes.count {
            let members = rowsOfNode[node]
            let histograms = columns.map { Self.histogram($0, members) }
            let skipped = skipping ?? histograms.map(Self.largest)
            let pairs = joint ? Self.pairs(histograms, skipped, rows: members.count, cellsLeft: &cellsLeft) : []
            let paired = Set(pairs.flatMap { [$0.0, $0.1] })
            for (first, second) in pairs {
                groups.append(Self.jointGroup(node, first, second, columns, skipped, members))
            }
            for column in columns.indices where !paired.contains(column) {
                groups.append(Self.group(node, column, nil, histograms[column]) { $0 != skipped[column] })
            }
            counts.append(histograms)
            skips.append(skipped)
        }
        self.groups = groups
        self.rowsOfNode = rowsOfNode
        self.counts = counts
        self.skips = skips
    }

    /// Rows of a node in a bucket.
    public func rows(node: Int, column: Int, bucket: Int) -> Int {
        Int(counts[node][column][bucket])
    }

    /// The bucket that is not summed: the one that was named, or the largest, of equal ones the first.
    public func skipped(node: Int, column: Int) -> Int { skips[node][column] }

    /// Pairs of columns that are summed jointly in a node.
    public func jointPairs(node: Int) -> [(Int, Int)] {
        groups.filter { $0.node == node }.compactMap { group in group.second.map { (group.first, $0) } }
    }

    /// Additions of rows to cells, over all nodes: what accumulation costs, to within the merging of parts.
    public var additions: Int { groups.reduce(0) { $0 + $1.additions } }

    /// Ciphertexts that are kept while rows arrive, without parts.
    public var cells: Int { groups.reduce(0) { $0 + $1.cells } }
}

extension AccumulationPlan {
    /// What a pair of columns costs summed jointly and apart, in additions; counts are per bucket of one node.
    ///
    /// - Parameter skipped: the skipped bucket of each.
    static func cost(
        _ first: [Int32], _ second: [Int32], skipped: (Int, Int), rows: Int
    ) -> (joint: Double, apart: Double) {
        guard rows > 0 else { return (0, 0) }
        let all = Double(rows)
        let p1 = Double(first[skipped.0]) / all
        let p2 = Double(second[skipped.1]) / all
        let a = Double(first.count { $0 > 0 })
        let b = Double(second.count { $0 > 0 })
        return (all * (1 - p1 * p2) + (a - 1) * b + (b - 1) * a, all * (2 - p1 - p2))
    }

    /// Pairs by falling saving, each column in at most one. Columns are looked at in order of falling rows outside the
    /// skipped bucket, each with its next twelve, so that the work stays linear in the number of columns.
    private static func pairs(
        _ histograms: [[Int32]], _ skipped: [Int], rows: Int, cellsLeft: inout Int
    ) -> [(Int, Int)] {
        // A row in no bucket of a column has no cell: such a column is summed apart.
        let whole = histograms.indices.filter { histograms[$0].reduce(0, +) == rows }
        let order = whole.sorted { left, right in
            let (l, r) = (histograms[left][skipped[left]], histograms[right][skipped[right]])
            return l != r ? l < r : left < right
        }
        var savings: [(saving: Double, first: Int, second: Int)] = []
        for (position, first) in order.enumerated() {
            for second in order[(position + 1)...].prefix(12) {
                guard histograms[first].count * histograms[second].count <= 1 << 20 else { continue }
                let cost = cost(
                    histograms[first], histograms[second], skipped: (skipped[first], skipped[second]), rows: rows)
                guard cost.joint < cost.apart else { continue }
                savings.append((cost.apart - cost.joint, min(first, second), max(first, second)))
            }
        }
        savings.sort { ($1.saving, $0.first, $0.second) < ($0.saving, $1.first, $1.second) }
        var used: Set<Int> = []
        var pairs: [(Int, Int)] = []
        for (_, first, second) in savings where used.isDisjoint(with: [first, second]) {
            let cells = min(rows, histograms[first].count * histograms[second].count)
            guard cells <= cellsLeft else { continue }
            cellsLeft -= cells
            used.formUnion([first, second])
            pairs.append((first, second))
        }
        return pairs.sorted { $0 < $1 }
    }

    private static func histogram(_ column: BucketColumn, _ members: [Int32]) -> [Int32] {
        var counts = [Int32](repeating: 0, count: column.buckets)
        for row in members {
            let id = column.ids[Int(row)]
            if id != BucketColumn.none { counts[Int(id)] += 1 }
        }
        return counts
    }

    private static func largest(_ counts: [Int32]) -> Int {
        var best = 0
        for (bucket, count) in counts.enumerated() where count > counts[best] { best = bucket }
        return best
    }

    private static func jointGroup(
        _ node: Int, _ first: Int, _ second: Int, _ columns: [BucketColumn], _ skipped: [Int], _ members: [Int32]
    ) -> Group {
        let width = columns[second].buckets
        var counts = [Int32](repeating: 0, count: columns[first].buckets * width)
        for row in members {
            counts[Int(columns[first].ids[Int(row)]) * width + Int(columns[second].ids[Int(row)])] += 1
        }
        // A row in the skipped bucket of both columns is in no sum.
        let neither = skipped[first] * width + skipped[second]
        return group(node, first, second, counts) { $0 != neither }
    }

    private static func group(
        _ node: Int, _ first: Int, _ second: Int?, _ counts: [Int32], _ summed: (Int) -> Bool
    ) -> Group {
        var cells = 0
        var additions = 0
        let cellOf = counts.enumerated().map { id, count -> Int32 in
            guard count > 0, summed(id) else { return -1 }
            cells += 1
            additions += Int(count)
            return Int32(cells - 1)
        }
        return Group(node: node, first: first, second: second, cellOf: cellOf, cells: cells, additions: additions)
    }
}
