public import Faults

/// Why rows have their scores: what each column adds to what the model expects without knowing any.
public struct Reasons: Sendable {
    public struct Column: Hashable, Sendable {
        public let party: Int
        public let name: String
    }

    /// The columns that the model uses, by party and place.
    public let columns: [Column]
    /// The score that the model gives on average over the rows it learnt from, each tree by its own sums.
    public let expected: Double
    /// For every row what each column adds to the score: together with `expected` the score itself.
    public let rows: [[Double]]

    /// The columns that move a row's score most in one direction, strongest first; ties by place.
    ///
    /// - Parameter raising: whether to look for what makes the score higher.
    public func strongest(row: Int, count: Int, raising: Bool) -> [(column: Column, amount: Double)] {
        let amounts = rows[row].map { raising ? $0 : -$0 }
        let ranked = amounts.indices.filter { amounts[$0] > 0 }
            .sorted { (amounts[$1], $0) < (amounts[$0], $1) }
        return ranked.prefix(count).map { (columns[$0], rows[row][$0]) }
    }
}

extension BoostedModel {
    /// Shapley values of the score, where a column that is not known sends a row down both sides of its splits in
    /// proportion to their second derivatives: the path-dependent TreeSHAP of Lundberg, Erion and Lee, "Consistent
    /// Individualized Feature Attribution for Tree Ensembles" (2018), algorithm 2.
    ///
    /// - Throws: as `scores`.
    public func reasons(_ values: [ColumnValues]) throws(Fault) -> Reasons {
        let table = try conditions()
        let (looked, rows) = try looked(up: values)
        var columns: [Reasons.Column] = []
        var features: [[Int]] = []
        for (party, own) in looked.enumerated() {
            features.append(own.indices.map { _ in -1 })
            for place in own.indices where own[place] != nil {
                features[party][place] = columns.count
                columns.append(Reasons.Column(party: party, name: parts[party].columns[place]))
            }
        }
        var amounts = [[Double]](repeating: [Double](repeating: 0, count: columns.count), count: rows)
        var expected = structure.baseScore
        for (tree, conditions) in zip(structure.trees, table) {
            expected += tree.expected(0)
            let places = zip(tree.nodes, conditions).map { node, condition -> Int in
                guard case .split(let owner, _, _, _) = node.content, let condition else { return -1 }
                return features[owner][condition.column]
            }
            for row in 0..<rows {
                var walk = ShapleyWalk(tree: tree, features: places) { node, owner in
                    conditions[node]!.goesLeft(looked[owner][conditions[node]!.column]![row])
                }
                walk.run(into: &amounts[row])
            }
        }
        return Reasons(columns: columns, expected: expected, rows: amounts)
    }
}

extension BoostedTree {
    /// The mean of the leaves below a node, by second derivatives.
    func expected(_ node: Int) -> Double {
        switch nodes[node].content {
        case .leaf(let value): return Double(value)
        case .split(_, _, let left, let right):
            let (a, b) = (share(of: left, in: node), share(of: right, in: node))
            return a * expected(left) + b * expected(right)
        }
    }

    func share(of child: Int, in parent: Int) -> Double {
        let whole = nodes[parent].sums.second
        return whole > 0 ? Double(nodes[child].sums.second) / Double(whole) : 0.5
    }
}

/// One row's walk through one tree.
private struct ShapleyWalk {
    let tree: BoostedTree
    /// By node; -1 for leaves.
    let features: [Int]
    let goesLeft: (_ node: Int, _ owner: Int) -> Bool

    /// One column on the way: its share of paths without and with it, and the weights of sets of each size.
    private struct Step {
        let feature: Int
        let without: Double
        let with: Double
        var weight: Double
    }

    mutating func run(into amounts: inout [Double]) {
        descend(0, [], without: 1, with: 1, feature: -1, &amounts)
    }

    private func descend(
        _ node: Int, _ path: [Step], without: Double, with: Double, feature: Int, _ amounts: inout [Double]
    ) {
        var path = path
        Self.extend(&path, without, with, feature)
        switch tree.nodes[node].content {
        case .leaf(let value):
            for place in path.indices.dropFirst() {
                var rest = path
                Self.unwind(&rest, place)
                let weight = rest.reduce(0) { $0 + $1.weight }
                amounts[path[place].feature] += weight * (path[place].with - path[place].without) * Double(value)
            }
        case .split(let owner, _, let left, let right):
            let (hot, cold) = goesLeft(node, owner) ? (left, right) : (right, left)
            var (inWithout, inWith) = (1.0, 1.0)
            if let earlier = path.firstIndex(where: { $0.feature == features[node] }) {
                (inWithout, inWith) = (path[earlier].without, path[earlier].with)
                Self.unwind(&path, earlier)
            }
            let (hotShare, coldShare) = (tree.share(of: hot, in: node), tree.share(of: cold, in: node))
            descend(hot, path, without: inWithout * hotShare, with: inWith, feature: features[node], &amounts)
            descend(cold, path, without: inWithout * coldShare, with: 0, feature: features[node], &amounts)
        }
    }

    private static func extend(_ path: inout [Step], _ without: Double, _ with: Double, _ feature: Int) {
        let length = path.count
        path.append(Step(feature: feature, without: without, with: with, weight: length == 0 ? 1 : 0))
        for place in stride(from: length - 1, through: 0, by: -1) {
            path[place + 1].weight += with * path[place].weight * Double(place + 1) / Double(length + 1)
            path[place].weight = without * path[place].weight * Double(length - place) / Double(length + 1)
        }
    }

    private static func unwind(_ path: inout [Step], _ place: Int) {
        let last = path.count - 1
        let (without, with) = (path[place].without, path[place].with)
        var next = path[last].weight
        for index in stride(from: last - 1, through: 0, by: -1) {
            if with != 0 {
                let kept = path[index].weight
                path[index].weight = next * Double(last + 1) / (Double(index + 1) * with)
                next = kept - path[index].weight * without * Double(last - index) / Double(last + 1)
            } else {
                path[index].weight = path[index].weight * Double(last + 1) / (without * Double(last - index))
            }
        }
        for index in place..<last {
            path[index] = Step(
                feature: path[index + 1].feature, without: path[index + 1].without, with: path[index + 1].with,
                weight: path[index].weight)
        }
        path.removeLast()
    }
}
