/// What one party does while a tree grows: it knows its own columns, which rows are in which node, and nothing else of the
/// other parties. The plaintext trainer runs one of these for every party; between sites the sums are encrypted and the
/// search is the guest's.
public struct PartySide: Sendable {
    public let party: Int
    public let columns: PartyColumns
    private let settings: BoostingSettings
    private let sampling: SamplingFunction
    private let work: ColumnWork

    /// What the party keeps of a node until its children are made.
    public struct Node: Sendable {
        public let histogram: PartyHistogram
        /// For every used column; nil where no guard holds.
        public let cells: [CellPartition]?
    }

    /// - Parameter party: 0 for the guest, which needs no guard against itself.
    public init(party: Int, columns: PartyColumns, settings: BoostingSettings, work: ColumnWork = .serial) {
        self.party = party
        self.columns = columns
        self.settings = settings
        self.work = work
        sampling = SamplingFunction(seed: settings.seed, purpose: .columns)
    }

    /// The columns that a tree may use: none for a host in the first tree where that is the guest's alone.
    public func used(tree: Int) -> [Int] {
        if tree == 0, party > 0, settings.firstTreeByGuestAlone { return [] }
        return sampling.columns(
            tree: tree, party: party, names: columns.columns.map(\.name), share: settings.columnShare)
    }

    public func root(_ rows: NodeRows, used: [Int]) -> Node {
        let histogram = PartyHistogram(columns, used: used, over: rows, work: work)
        guard isGuarded else { return Node(histogram: histogram, cells: nil) }
        let cells = zip(used, histogram.columns).map { column, sums in
            CellPartition.whole(bins: columns.columns[column].edges.bins)
                .coarsened(counts: sums.counts, sibling: nil, least: settings.cellGuard)
        }
        return Node(histogram: histogram, cells: cells)
    }

    /// Both children of a node; only the one with fewer rows is added up.
    public func children(of parent: Node, left: NodeRows, right: NodeRows) -> (left: Node, right: Node) {
        let isLeftBuilt = left.count <= right.count
        let built = PartyHistogram(
            columns, used: parent.histogram.used, over: isLeftBuilt ? left : right, work: work)
        let other = built.sibling(in: parent.histogram)
        let cells = parent.cells.map { cells in
            cells.indices.map { place in
                cells[place].coarsened(
                    counts: built.columns[place].counts, sibling: other.columns[place].counts,
                    least: settings.cellGuard)
            }
        }
        let builtNode = Node(histogram: built, cells: cells)
        let otherNode = Node(histogram: other, cells: cells)
        return isLeftBuilt ? (builtNode, otherNode) : (otherNode, builtNode)
    }

    /// The party's best split of a node; nil when there is none or the node is too small for a host.
    public func best(_ node: Node, total: GradientSums, rule: SplitRule) -> CandidateSplit? {
        if isGuarded, total.rows < 10 * Int64(settings.cellGuard) { return nil }
        return SplitSearch.best(node.histogram, total: total, rule: rule, cells: node.cells)
    }

    /// Which of the rows go left.
    public func directions(of rows: [Int32], by split: SplitPlace) -> [Bool] {
        let column = columns.columns[split.column]
        let missing = column.edges.missingCode
        return rows.map { row in
            let code = column.codes[Int(row)]
            return code == missing ? split.missingLeft : Int(code) < split.threshold
        }
    }

    /// What the party keeps of a split of its own.
    public func condition(_ split: SplitPlace, tree: Int, node: Int) -> SplitCondition {
        SplitCondition(
            tree: tree, node: node, column: split.column,
            edge: columns.columns[split.column].edges.values[split.threshold - 1], missingLeft: split.missingLeft)
    }

    private var isGuarded: Bool { party > 0 && settings.cellGuard > 0 }
}
