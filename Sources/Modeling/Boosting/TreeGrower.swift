/// Grows one tree level by level over the columns of all parties, as the parties would together.
struct TreeGrower {
    let sides: [PartySide]
    let settings: BoostingSettings
    let rule: SplitRule

    struct Grown {
        var tree: BoostedTree
        /// One list per party, by node.
        var conditions: [[SplitCondition]]
        /// The value of the leaf that each row of the table ends in.
        var leaves: [Float]
    }

    private struct Open {
        let node: Int
        let rows: NodeRows
        /// Rows that the tree does not learn from and that are here all the same.
        let others: [Int32]
        /// One per party.
        let parties: [PartySide.Node]
    }

    func grow(tree: Int, gradients: Gradients, rows: [Int32], others: [Int32]) -> Grown {
        let root = NodeRows(rows, of: gradients)
        var nodes = [BoostedTree.Node(content: .leaf(rule.leaf(root.sums, rate: settings.rate)), sums: root.sums)]
        var conditions = [[SplitCondition]](repeating: [], count: sides.count)
        var leaves = [Float](repeating: 0, count: rows.count + others.count)
        var level = [
            Open(node: 0, rows: root, others: others, parties: sides.map { $0.root(root, used: $0.used(tree: tree)) })
        ]
        func close(_ open: Open) {
            guard case .leaf(let value) = nodes[open.node].content else { return }
            for row in open.rows.rows { leaves[Int(row)] = value }
            for row in open.others { leaves[Int(row)] = value }
        }
        for depth in 0..<settings.depth {
            var next: [Open] = []
            for open in level {
                guard let (party, split) = best(open, nodes[open.node].sums) else {
                    close(open)
                    continue
                }
                let side = sides[party]
                let learning = Self.divide(open.rows.rows, side.directions(of: open.rows.rows, by: split.place))
                let rest = Self.divide(open.others, side.directions(of: open.others, by: split.place))
                let children = [learning.left, learning.right].map { NodeRows($0, of: gradients) }
                let place = nodes.count
                nodes[open.node].content = .split(owner: party, gain: split.gain, left: place, right: place + 1)
                conditions[party].append(side.condition(split.place, tree: tree, node: open.node))
                for child in children {
                    nodes.append(.init(content: .leaf(rule.leaf(child.sums, rate: settings.rate)), sums: child.sums))
                }
                let isLast = depth + 1 == settings.depth
                let pairs = zip(sides, open.parties).map { side, node in
                    isLast ? (node, node) : side.children(of: node, left: children[0], right: children[1])
                }
                next.append(
                    Open(node: place, rows: children[0], others: rest.left, parties: pairs.map { $0.0 }))
                next.append(
                    Open(node: place + 1, rows: children[1], others: rest.right, parties: pairs.map { $0.1 }))
            }
            level = next
        }
        for open in level { close(open) }
        return Grown(
            tree: BoostedTree(units: gradients.units, nodes: nodes), conditions: conditions, leaves: leaves)
    }

    /// Between parties the guest comes first, then the hosts in their order: a later one must have more gain.
    private func best(_ open: Open, _ total: GradientSums) -> (party: Int, split: CandidateSplit)? {
        var best: (party: Int, split: CandidateSplit)?
        for (side, node) in zip(sides, open.parties) {
            guard let found = side.best(node, total: total, rule: rule), found.gain > best?.split.gain ?? 0 else {
                continue
            }
            best = (side.party, found)
        }
        return best
    }

    private static func divide(_ rows: [Int32], _ goLeft: [Bool]) -> (left: [Int32], right: [Int32]) {
        var left: [Int32] = []
        var right: [Int32] = []
        for (row, isLeft) in zip(rows, goLeft) {
            if isLeft { left.append(row) } else { right.append(row) }
        }
        return (left, right)
    }
}
