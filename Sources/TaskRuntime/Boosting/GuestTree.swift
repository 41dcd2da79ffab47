import Faults
import Modeling

/// One tree at the guest: gradients, its own columns in the clear, and the sums that hosts sent. It knows hosts'
/// candidates by their numbers alone.
struct GuestTree {
    /// The best split of an open node.
    struct Choice {
        /// The party of the model that owns it.
        let owner: Int
        let gain: Double
        /// The guest's own place.
        var place: SplitPlace?
        /// All numbers of a host's candidates with this gain, rising; and their sums.
        var numbers: [Int32] = []
        var sums: [GradientSums] = []
    }

    /// What a host told of a node: the sums of one side of each candidate.
    private struct Told {
        var numbers: [Int32] = []
        var sums: [GradientSums] = []
    }

    private(set) var growth: TreeGrowth
    private let gradients: Gradients
    private let side: PartySide
    private let settings: BoostingSettings
    private let rule: SplitRule
    private let rows: Int
    private var own: [PartySide.Node]
    /// By host, by open node; and those of the level above.
    private var told: [[Told]]
    private var above: [[Told]] = []
    /// The place above of each pair's parent.
    private var parents: [Int] = []
    /// Candidates of each host in this tree; nil before it said so.
    private var candidates: [Int?]
    let tree: Int

    /// - Parameter hosts: how many take part.
    init(
        tree: Int, side: PartySide, label: LabelSide, gradients: Gradients, learning: [Int32], rows: Int, hosts: Int
    ) {
        var isLearnt = [Bool](repeating: false, count: rows)
        for row in learning { isLearnt[Int(row)] = true }
        let others = learning.count == rows ? [] : (0..<Int32(rows)).filter { !isLearnt[Int($0)] }
        rule = label.rule(gradients)
        settings = label.settings
        growth = TreeGrowth(
            gradients: gradients, rows: learning, others: others, settings: label.settings, rule: rule)
        own = [side.root(growth.level[0].rows, used: side.used(tree: tree))]
        told = [[Told]](repeating: [Told()], count: hosts)
        candidates = [Int?](repeating: nil, count: hosts)
        self.tree = tree
        self.side = side
        self.gradients = gradients
        self.rows = rows
    }

    var isGrown: Bool { growth.level.isEmpty }

    /// How many pairs of siblings the level has; the root counts as one.
    var pairs: Int { growth.depth == 0 ? 1 : growth.level.count / 2 }

    /// The open node of each row; −1 for none.
    var nodeOfRow: [Int32] {
        var nodes = [Int32](repeating: -1, count: rows)
        for (place, open) in growth.level.enumerated() {
            for row in open.rows.rows { nodes[Int(row)] = Int32(place) }
            for row in open.others { nodes[Int(row)] = Int32(place) }
        }
        return nodes
    }

    // MARK: Hosts' sums

    /// Takes what a host sent of the level: for each pair the sums of the child with fewer rows; those of the other are
    /// what the parent has more.
    ///
    /// - Parameters:
    ///   - candidates: how many the host has in this tree.
    ///   - sums: of all sets, one after the other.
    /// - Throws: `BoostFaults.messageMalformed` for candidates that cannot be; `.replyOutOfRange` for sums that rows of the
    ///   node cannot have.
    mutating func take(host: Int, candidates said: Int, sets: [CandidateSet], sums: [GradientSums]) throws(Fault) {
        guard candidates[host] ?? said == said else { throw Fault(BoostFaults.messageMalformed) }
        candidates[host] = said
        var start = 0
        for set in sets {
            let own = Array(sums[start..<start + set.numbers.count])
            start += set.numbers.count
            if growth.depth == 0 {
                guard isLarge(growth.level[0]) else { throw Fault(BoostFaults.messageMalformed) }
                try check(own, of: growth.level[0])
                told[host][0] = Told(numbers: set.numbers, sums: own)
                continue
            }
            let places = (2 * set.place, 2 * set.place + 1)
            let (left, right) = (growth.level[places.0], growth.level[places.1])
            guard isLarge(left) || isLarge(right) else { throw Fault(BoostFaults.messageMalformed) }
            let rest = try Self.rest(of: above[host][parents[set.place]], set.numbers, own)
            let isLeftBuilt = left.rows.count <= right.rows.count
            try check(isLeftBuilt ? own : rest, of: left)
            try check(isLeftBuilt ? rest : own, of: right)
            told[host][places.0] = Told(numbers: set.numbers, sums: isLeftBuilt ? own : rest)
            told[host][places.1] = Told(numbers: set.numbers, sums: isLeftBuilt ? rest : own)
        }
    }

    /// The parent's sums less those of one child.
    private static func rest(
        of parent: Told, _ numbers: [Int32], _ sums: [GradientSums]
    ) throws(Fault) -> [GradientSums] {
        var rest: [GradientSums] = []
        rest.reserveCapacity(numbers.count)
        var place = 0
        for (number, sum) in zip(numbers, sums) {
            while place < parent.numbers.count, parent.numbers[place] < number { place += 1 }
            guard place < parent.numbers.count, parent.numbers[place] == number else {
                throw Fault(BoostFaults.messageMalformed)
            }
            rest.append(parent.sums[place] - sum)
        }
        return rest
    }

    private func check(_ sums: [GradientSums], of open: TreeGrowth.Open) throws(Fault) {
        let (bounds, most) = (open.rows.firstBounds, open.sums.second)
        for sum in sums {
            guard bounds.contains(sum.first), 0...most ~= sum.second else { throw Fault(BoostFaults.replyOutOfRange) }
        }
    }

    private func isLarge(_ open: TreeGrowth.Open) -> Bool {
        open.rows.count >= (settings.cellGuard > 0 ? 10 * settings.cellGuard : 1)
    }

    // MARK: Splits

    /// The best split of every open node: the guest's own comes first, then the hosts' in their order; a later one needs
    /// more gain.
    func choices() -> [Choice?] {
        growth.level.indices.map { place in
            let open = growth.level[place]
            let total = open.sums
            var best = side.best(own[place], total: total, rule: rule).map {
                Choice(owner: 0, gain: $0.gain, place: $0.place)
            }
            guard isLarge(open) else { return best }
            let nodeScore = rule.score(total)
            for host in told.indices {
                var most = 0.0
                var ties: [Int] = []
                let told = told[host][place]
                for (index, sum) in told.sums.enumerated() {
                    guard let gain = rule.gain(side: sum, total: total, nodeScore: nodeScore), gain >= most else {
                        continue
                    }
                    if gain > most { (most, ties) = (gain, []) }
                    ties.append(index)
                }
                guard most > best?.gain ?? 0 else { continue }
                best = Choice(
                    owner: host + 1, gain: most, numbers: ties.map { told.numbers[$0] },
                    sums: ties.map { told.sums[$0] })
            }
            return best
        }
    }

    /// Divides the level's nodes and goes to the next.
    ///
    /// - Parameter left: of each host, the rows that go left in its nodes.
    /// - Throws: `BoostFaults.directionsDiffer` when a host's rows are not those of the sums that it sent for a winning
    ///   candidate, or rows of other nodes are among them.
    mutating func advance(_ choices: [Choice?], left: [RowSet]) throws(Fault) {
        var counted = [Int](repeating: 0, count: left.count)
        var splits: [TreeGrowth.Split?] = []
        for (open, choice) in zip(growth.level, choices) {
            guard let choice else {
                splits.append(nil)
                continue
            }
            if let place = choice.place {
                splits.append(
                    TreeGrowth.Split(
                        owner: 0, gain: choice.gain, goLeft: side.directions(of: open.rows.rows, by: place),
                        othersGoLeft: side.directions(of: open.others, by: place)))
                continue
            }
            let set = left[choice.owner - 1]
            let goLeft = open.rows.rows.map { set.contains(UInt32($0)) }
            let othersGoLeft = open.others.map { set.contains(UInt32($0)) }
            counted[choice.owner - 1] += goLeft.count { $0 } + othersGoLeft.count { $0 }
            try check(goLeft, of: open, choice)
            splits.append(
                TreeGrowth.Split(
                    owner: choice.owner, gain: choice.gain, goLeft: goLeft, othersGoLeft: othersGoLeft))
        }
        guard zip(counted, left).allSatisfy({ $0 == $1.count }) else { throw Fault(BoostFaults.directionsDiffer) }
        let childrenMaySplit = growth.childrenMaySplit
        growth.advance(splits)
        guard childrenMaySplit else { return }
        parents = splits.indices.filter { splits[$0] != nil }
        own = parents.enumerated().flatMap { pair, parent in
            let children = side.children(
                of: own[parent], left: growth.level[2 * pair].rows, right: growth.level[2 * pair + 1].rows)
            return [children.left, children.right]
        }
        above = told
        told = told.map { _ in [Told](repeating: Told(), count: growth.level.count) }
    }

    private func check(_ goLeft: [Bool], of open: TreeGrowth.Open, _ choice: Choice) throws(Fault) {
        var sum = GradientSums.zero
        for (row, isLeft) in zip(open.rows.rows, goLeft) where isLeft {
            sum.first += Int64(gradients.first[Int(row)])
            sum.second += Int64(gradients.second[Int(row)])
        }
        let total = open.sums
        let isKnown = choice.sums.contains { known in
            (known.first, known.second) == (sum.first, sum.second)
                || (total.first - known.first, total.second - known.second) == (sum.first, sum.second)
        }
        guard isKnown else { throw Fault(BoostFaults.directionsDiffer) }
    }

    /// The guest's own condition of a choice.
    func condition(_ choice: Choice?, place: Int) -> SplitCondition? {
        choice?.place.map { side.condition($0, tree: tree, node: growth.level[place].node) }
    }
}
