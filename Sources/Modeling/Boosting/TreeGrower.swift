/// Grows one tree over the columns of all parties in one place, as the parties would together.
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

    func grow(tree: Int, gradients: Gradients, rows: [Int32], others: [Int32]) -> Grown {
        var growth = TreeGrowth(gradients: gradients, rows: rows, others: others, settings: settings, rule: rule)
        var conditions = [[SplitCondition]](repeating: [], count: sides.count)
        // For every open node, one for each party.
        var parties = [sides.map { $0.root(growth.level[0].rows, used: $0.used(tree: tree)) }]
        while !growth.level.isEmpty {
            let childrenMaySplit = growth.childrenMaySplit
            var parents: [[PartySide.Node]] = []
            let splits = zip(growth.level, parties).map { open, nodes -> TreeGrowth.Split? in
                guard let (party, split) = best(open, nodes) else { return nil }
                let side = sides[party]
                conditions[party].append(side.condition(split.place, tree: tree, node: open.node))
                parents.append(nodes)
                return TreeGrowth.Split(
                    owner: party, gain: split.gain, goLeft: side.directions(of: open.rows.rows, by: split.place),
                    othersGoLeft: side.directions(of: open.others, by: split.place))
            }
            growth.advance(splits)
            guard childrenMaySplit else { break }
            parties = parents.enumerated().flatMap { pair, nodes in
                let (left, right) = (growth.level[2 * pair].rows, growth.level[2 * pair + 1].rows)
                let children = zip(sides, nodes).map { $0.children(of: $1, left: left, right: right) }
                return [children.map(\.left), children.map(\.right)]
            }
        }
        let (tree, leaves) = growth.grown()
        return Grown(tree: tree, conditions: conditions, leaves: leaves)
    }

    /// Between parties the guest comes first, then the hosts in their order: a later one must have more gain.
    private func best(_ open: TreeGrowth.Open, _ nodes: [PartySide.Node]) -> (party: Int, split: CandidateSplit)? {
        var best: (party: Int, split: CandidateSplit)?
        for (side, node) in zip(sides, nodes) {
            guard let found = side.best(node, total: open.sums, rule: rule), found.gain > best?.split.gain ?? 0 else {
                continue
            }
            best = (side.party, found)
        }
        return best
    }
}
