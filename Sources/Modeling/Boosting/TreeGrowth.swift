/// A tree while it grows level by level: gradients, rows and leaves, as the guest knows them. Who finds the splits, and
/// how, is the caller's: the plaintext trainer asks every party's side, a training between sites asks the sites.
public struct TreeGrowth: Sendable {
    /// A node that may be split.
    public struct Open: Sendable {
        /// Its place in the tree.
        public let node: Int
        /// Rows that the tree learns from.
        public let rows: NodeRows
        /// Rows that the tree does not learn from and that are here all the same, ascending.
        public let others: [Int32]

        public var sums: GradientSums { rows.sums }
    }

    /// What was found for a node.
    public struct Split: Sendable {
        public let owner: Int
        public let gain: Double
        /// For `rows` and `others` of the node, which go left.
        public let goLeft: [Bool]
        public let othersGoLeft: [Bool]

        public init(owner: Int, gain: Double, goLeft: [Bool], othersGoLeft: [Bool]) {
            self.owner = owner
            self.gain = gain
            self.goLeft = goLeft
            self.othersGoLeft = othersGoLeft
        }
    }

    /// The nodes of the level that may be split, in order; empty when the tree is grown.
    public private(set) var level: [Open]
    /// How many splits are above the level.
    public private(set) var depth = 0

    private let gradients: Gradients
    private let settings: BoostingSettings
    private let rule: SplitRule
    private var nodes: [BoostedTree.Node]
    private var leaves: [Float]

    /// - Parameters:
    ///   - rows: those that the tree learns from, ascending.
    ///   - others: the other rows of the table, ascending.
    public init(
        gradients: Gradients, rows: [Int32], others: [Int32], settings: BoostingSettings, rule: SplitRule
    ) {
        let root = NodeRows(rows, of: gradients)
        self.gradients = gradients
        self.settings = settings
        self.rule = rule
        nodes = [.init(content: .leaf(rule.leaf(root.sums, rate: settings.rate)), sums: root.sums)]
        leaves = [Float](repeating: 0, count: rows.count + others.count)
        level = [Open(node: 0, rows: root, others: others)]
    }

    /// Whether the children of this level's nodes may be split in turn.
    public var childrenMaySplit: Bool { depth + 1 < settings.depth }

    /// Goes to the next level: each split node has two children, left first, which follow each other in `level`; the other
    /// nodes are leaves.
    ///
    /// - Parameter splits: one per node of `level`; nil where there is none.
    public mutating func advance(_ splits: [Split?]) {
        precondition(splits.count == level.count, "a split or none for every node")
        var next: [Open] = []
        for (open, split) in zip(level, splits) {
            guard let split else {
                close(open)
                continue
            }
            let learning = Self.divide(open.rows.rows, split.goLeft)
            let rest = Self.divide(open.others, split.othersGoLeft)
            let place = nodes.count
            nodes[open.node].content = .split(owner: split.owner, gain: split.gain, left: place, right: place + 1)
            for (rows, others) in [(learning.left, rest.left), (learning.right, rest.right)] {
                let rows = NodeRows(rows, of: gradients)
                next.append(Open(node: nodes.count, rows: rows, others: others))
                nodes.append(.init(content: .leaf(rule.leaf(rows.sums, rate: settings.rate)), sums: rows.sums))
            }
        }
        depth += 1
        level = next
        if depth == settings.depth {
            for open in level { close(open) }
            level = []
        }
    }

    /// The tree, and the value of the leaf that each row of the table ends in.
    public func grown() -> (tree: BoostedTree, leaves: [Float]) {
        precondition(level.isEmpty, "the tree is grown")
        return (BoostedTree(units: gradients.units, nodes: nodes), leaves)
    }

    private mutating func close(_ open: Open) {
        guard case .leaf(let value) = nodes[open.node].content else { return }
        for row in open.rows.rows { leaves[Int(row)] = value }
        for row in open.others { leaves[Int(row)] = value }
    }

    private static func divide(_ rows: [Int32], _ goLeft: [Bool]) -> (left: [Int32], right: [Int32]) {
        precondition(rows.count == goLeft.count, "a direction for every row")
        var left: [Int32] = []
        var right: [Int32] = []
        for (row, isLeft) in zip(rows, goLeft) {
            if isLeft { left.append(row) } else { right.append(row) }
        }
        return (left, right)
    }
}
