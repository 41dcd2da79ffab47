/// A tree as the guest keeps it: which party splits a node and where the children are, but not by which column.
public struct BoostedTree: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case leaf(Float)
        /// `left` and `right` are places in `nodes`, after the node's own.
        case split(owner: Int, gain: Double, left: Int, right: Int)
    }

    public struct Node: Hashable, Sendable {
        public var content: Content
        /// Of the rows that the tree learnt from, as whole numbers.
        public let sums: GradientSums

        public init(content: Content, sums: GradientSums) {
            self.content = content
            self.sums = sums
        }
    }

    /// What a sum's one is worth in this tree.
    public let units: Gradients.Units
    /// The root first, then level by level, children left before right.
    public let nodes: [Node]

    public init(units: Gradients.Units, nodes: [Node]) {
        self.units = units
        self.nodes = nodes
    }

    /// The sum of second derivatives of a node: how much it counts.
    public func cover(_ node: Int) -> Double { Double(nodes[node].sums.second) * units.second }
}

/// What the owner of a split knows, and nobody else: its column and where it is cut.
public struct SplitCondition: Hashable, Sendable {
    public let tree: Int
    public let node: Int
    /// Place in the party's columns.
    public let column: Int
    /// Values with Float(value) < edge go left.
    public let edge: Float
    /// Where rows without a value go.
    public let missingLeft: Bool

    public init(tree: Int, node: Int, column: Int, edge: Float, missingLeft: Bool) {
        self.tree = tree
        self.node = node
        self.column = column
        self.edge = edge
        self.missingLeft = missingLeft
    }

    /// Whether a value goes left; NaN is missing.
    public func goesLeft(_ value: Double) -> Bool {
        value.isNaN ? missingLeft : Float(value) < edge
    }
}
