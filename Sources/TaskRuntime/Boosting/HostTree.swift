import Faults
import HomomorphicEncryption
import Modeling

/// One tree at a host: its columns, which rows are in which node, and the guest's encrypted gradients. Sums come out for
/// the candidates of each pair of siblings, under numbers that say nothing of column or threshold.
struct HostTree<Key: AdditivePublicKey> {
    /// An open node of the level.
    private struct Node {
        /// Its place in the tree.
        let number: Int
        /// Rows that the tree learns from.
        let learning: [Int32]
        /// Rows per bin of every used column, then those without a value.
        let counts: [[Int]]
        /// Of every used column.
        let cells: [CellPartition]
    }

    /// What goes to the guest of one level.
    struct Reply {
        var sets: [CandidateSet] = []
        /// Rows of the side that each candidate's sum stands for.
        var counts: [UInt32] = []
        /// Packed, not yet blinded.
        var packed: Key.Ciphertexts
        /// Ciphertexts of `packed`.
        var count = 0
    }

    let tree: Int
    private let key: Key
    private let side: PartySide
    private let settings: BoostingSettings
    private let layout: PackingLayout
    private let used: [Int]
    /// Rows that the tree learns from, rising.
    private let learning: [Int32]
    /// Place of each row among them; −1 for others.
    private let position: [Int32]
    /// Buckets of the used columns, of the rows in `learning`.
    private let buckets: [BucketColumn]
    private let places: CandidatePlaces
    /// The root's largest bucket of each used column: skipped in every node, so that a parent's sums less those of one
    /// child are the other's.
    private let skipped: [Int]
    private let accumulator: BucketAccumulator<Key>
    private let watch: StageWatch
    private var blocks: [Key.Ciphertexts] = []
    /// Of each row; −1 where it is in none of the level's.
    private var nodeOf: [Int32]
    private var nodes: [Node]
    /// The candidates that the guest was told sums of, by node; the guard stands for these alone.
    private var offered: [Int: Set<Int32>] = [:]
    /// The number that the next node of the tree gets.
    private var nextNumber = 1

    /// - Parameters:
    ///   - learning: rows that the tree learns from, rising.
    ///   - rows: of the training.
    ///   - watch: of what is done under encryption, `accumulate` and `pack`.
    init(
        tree: Int, key: Key, side: PartySide, settings: BoostingSettings, layout: PackingLayout, learning: [Int32],
        rows: Int, watch: StageWatch = StageWatch()
    ) throws(Fault) {
        self.watch = watch
        self.tree = tree
        self.key = key
        self.side = side
        self.settings = settings
        self.layout = layout
        self.learning = learning
        let used = side.used(tree: tree)
        self.used = used
        var position = [Int32](repeating: -1, count: rows)
        for (place, row) in learning.enumerated() { position[Int(row)] = Int32(place) }
        self.position = position
        var buckets: [BucketColumn] = []
        for column in used {
            let binned = side.columns.columns[column]
            buckets.append(
                try BucketColumn(
                    buckets: binned.edges.bins + 1, ids: learning.map { UInt16(binned.codes[Int($0)]) }))
        }
        self.buckets = buckets
        let counts = used.map { side.columns.columns[$0].counts(of: learning) }
        let skipped = counts.map { $0.firstIndex(of: $0.max()!)! }
        self.skipped = skipped
        let cells = counts.map {
            CellPartition.whole(bins: $0.count - 1)
                .coarsened(counts: $0, sibling: nil, least: settings.cellGuard)
        }
        places = CandidatePlaces(used: used, counts: counts, cells: cells)
        nodeOf = [Int32](repeating: 0, count: rows)
        nodes = [Node(number: 0, learning: learning, counts: counts, cells: cells)]
        accumulator = BucketAccumulator(
            key: key, plan: try Self.plan(buckets, nil, skipped), workers: key.workers)
    }

    /// Candidates of the whole tree.
    var candidates: Int { places.count }

    /// Takes the next encrypted gradients, in the order of the rows that the tree learns from.
    mutating func add(_ block: Key.Ciphertexts) throws(Fault) {
        blocks.append(block)
        if !used.isEmpty { try watch.timed("accumulate") { () throws(Fault) in try accumulator.add(block) } }
    }

    /// The root's sums, when all gradients have come.
    mutating func root() throws(Fault) -> Reply {
        offered = [:]
        guard isLarge(nodes[0]), !used.isEmpty else { return Reply(packed: key.neutral(0)) }
        let wanted = places.numbers(nodes[0].cells, hasMissing: missing(nodes[0]))
        offered[0] = Set(wanted)
        let sums = try watch.timed("accumulate") { () throws(Fault) in try accumulator.finish() }
        return try reply([(pair: 0, candidates: wanted)], [nodes[0]], sums)
    }

    /// Goes to the next level as the guest names it, and gives the sums of its pairs.
    ///
    /// - Parameters:
    ///   - numbers: the node of each row; −1 for none.
    ///   - pairs: how many pairs of siblings there are.
    /// - Throws: `BoostFaults.messageMalformed` when the nodes are not those of whole parents divided in two.
    mutating func descend(_ numbers: [Int32], pairs: Int) throws(Fault) -> Reply {
        let children = try divided(numbers, pairs: pairs)
        nodeOf = numbers
        nodes = children
        offered = [:]
        var wanted: [(pair: Int, candidates: [Int32])] = []
        var built: [Node] = []
        for pair in 0..<pairs {
            let (left, right) = (children[2 * pair], children[2 * pair + 1])
            guard isLarge(left) || isLarge(right) else { continue }
            let hasMissing = zip(missing(left), missing(right)).map { $0 || $1 }
            let candidates = places.numbers(left.cells, hasMissing: hasMissing)
            guard !candidates.isEmpty else { continue }
            wanted.append((pair, candidates))
            for place in [2 * pair, 2 * pair + 1] where isLarge(children[place]) { offered[place] = Set(candidates) }
            built.append(left.learning.count <= right.learning.count ? left : right)
        }
        guard !built.isEmpty else { return Reply(packed: key.neutral(0)) }
        var ids = [UInt16](repeating: RowNodes.none, count: learning.count)
        for (place, node) in built.enumerated() {
            for row in node.learning { ids[Int(position[Int(row)])] = UInt16(place) }
        }
        let plan = try Self.plan(buckets, try RowNodes(count: built.count, ids: ids), skipped)
        let accumulator = BucketAccumulator(key: key, plan: plan, workers: key.workers)
        let sums = try watch.timed("accumulate") { () throws(Fault) in
            for block in blocks { try accumulator.add(block) }
            return try accumulator.finish()
        }
        return try reply(wanted, built, sums)
    }

    /// Splits the nodes that this party has won, each at the lowest of the candidates with the highest gain.
    ///
    /// - Returns: its conditions, and the rows that go left.
    /// - Throws: `BoostFaults.messageMalformed` for a node without candidates or a candidate that was not offered in it.
    func split(_ winners: [CandidateSet]) throws(Fault) -> (conditions: [SplitCondition], left: RowSet) {
        var conditions: [SplitCondition] = []
        var splits = [SplitPlace?](repeating: nil, count: nodes.count)
        for set in winners {
            guard offered[set.place]?.isSuperset(of: set.numbers) == true, let best = places.lowest(set.numbers)
            else { throw Fault(BoostFaults.messageMalformed) }
            splits[set.place] = best
            conditions.append(side.condition(best, tree: tree, node: nodes[set.place].number))
        }
        var left = RowSet(rows: nodeOf.count)
        var rowsOf = [[Int32]](repeating: [], count: nodes.count)
        for (row, node) in nodeOf.enumerated() where node >= 0 { rowsOf[Int(node)].append(Int32(row)) }
        for (rows, split) in zip(rowsOf, splits) {
            guard let split else { continue }
            for (row, goesLeft) in zip(rows, side.directions(of: rows, by: split)) where goesLeft {
                left.insert(UInt32(row))
            }
        }
        return (conditions, left)
    }

    // MARK: Nodes

    /// Whether a node has rows enough for a host's candidates.
    private func isLarge(_ node: Node) -> Bool {
        node.learning.count >= (settings.cellGuard > 0 ? 10 * settings.cellGuard : 1)
    }

    private func missing(_ node: Node) -> [Bool] { node.counts.map { $0[$0.count - 1] > 0 } }

    /// The nodes that the guest names: every pair must divide one node of the level above, in their order, and leave
    /// rows to learn from on both sides.
    private mutating func divided(_ numbers: [Int32], pairs: Int) throws(Fault) -> [Node] {
        let malformed = Fault(BoostFaults.messageMalformed)
        guard numbers.count == nodeOf.count else { throw malformed }
        var parentOf = [Int32](repeating: -1, count: pairs)
        for (row, number) in numbers.enumerated() where number >= 0 {
            let pair = Int(number / 2)
            let parent = nodeOf[row]
            guard parent >= 0, parentOf[pair] < 0 || parentOf[pair] == parent else { throw malformed }
            parentOf[pair] = parent
        }
        guard zip(parentOf, parentOf.dropFirst()).allSatisfy({ $0 < $1 }), (parentOf.first ?? 0) >= 0 else {
            throw malformed
        }
        var isDivided = [Bool](repeating: false, count: nodes.count)
        for parent in parentOf { isDivided[Int(parent)] = true }
        for (row, parent) in nodeOf.enumerated() where parent >= 0 {
            // A parent is divided whole.
            guard isDivided[Int(parent)] == (numbers[row] >= 0) else { throw malformed }
        }
        var learningOf = [[Int32]](repeating: [], count: 2 * pairs)
        for row in learning where numbers[Int(row)] >= 0 { learningOf[Int(numbers[Int(row)])].append(row) }
        guard learningOf.allSatisfy({ !$0.isEmpty }) else { throw malformed }
        var children: [Node] = []
        for pair in 0..<pairs {
            let parent = nodes[Int(parentOf[pair])]
            let isLeftBuilt = learningOf[2 * pair].count <= learningOf[2 * pair + 1].count
            let built = used.map {
                side.columns.columns[$0].counts(of: learningOf[isLeftBuilt ? 2 * pair : 2 * pair + 1])
            }
            let other = zip(parent.counts, built).map { zip($0, $1).map { $0 - $1 } }
            let cells = parent.cells.indices.map {
                parent.cells[$0].coarsened(counts: built[$0], sibling: other[$0], least: settings.cellGuard)
            }
            for (isLeft, place) in [(true, 2 * pair), (false, 2 * pair + 1)] {
                children.append(
                    Node(
                        number: nextNumber, learning: learningOf[place], counts: isLeft == isLeftBuilt ? built : other,
                        cells: cells))
                nextNumber += 1
            }
        }
        return children
    }

    // MARK: Sums

    private static func plan(
        _ buckets: [BucketColumn], _ nodes: RowNodes?, _ skipped: [Int]
    ) throws(Fault) -> AccumulationPlan {
        try AccumulationPlan(columns: buckets, nodes: nodes, cellLimit: 1 << 14, skipping: skipped)
    }

    /// - Parameters:
    ///   - wanted: the candidates of each pair, by number.
    ///   - built: the node of each pair whose sums are made.
    private func reply(
        _ wanted: [(pair: Int, candidates: [Int32])], _ built: [Node], _ sums: BucketSums<Key>
    ) throws(Fault) -> Reply {
        let all = watch.timed("accumulate") { CandidateSums(key, sums) { _, column in places.shape(column) } }
        var reply = Reply(packed: key.neutral(0))
        var order: [Int32] = []
        for (place, wanted) in wanted.enumerated() {
            guard !wanted.candidates.isEmpty else { continue }
            reply.sets.append(CandidateSet(place: wanted.pair, numbers: wanted.candidates))
            for number in wanted.candidates {
                let index = places.sum(number, node: place)
                order.append(Int32(index))
                guard layout.hessianBound == nil else { continue }
                let rows = places.leftRows(number, built[place].counts)
                let isLeft = all.candidates[index].side == .left
                reply.counts.append(UInt32(isLeft ? rows : built[place].learning.count - rows))
            }
        }
        reply.count = layout.plaintexts(forCells: order.count)
        reply.packed = try watch.timed("pack") { () throws(Fault) in
            try layout.pack(key, all.ciphertexts, order: order)
        }
        return reply
    }
}
