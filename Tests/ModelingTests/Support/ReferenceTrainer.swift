import Foundation

@testable import Modeling

/// Boosting written straight from the formulas of docs/modeling.md: no codes, no histograms, no subtraction, every sum taken
/// over the rows themselves. Shares with the product its exponential, its sampling function and the value of a model.
struct ReferenceTrainer {
    let settings: BoostingSettings
    let sample: Sample
    let edges: [[[Float]]]

    private struct Condition {
        let party: Int
        let column: Int
        /// Place of the edge; bins 0 ... place go left.
        let place: Int
        let missingLeft: Bool
    }

    private final class Node {
        let rows: [Int]
        var condition: (Condition, gain: Double)?
        var children: [Node] = []
        /// Per party and column: first bins of the cells, and whether missing values joined the first.
        var cells: [[(starts: [Int], joined: Bool)]] = []

        init(_ rows: [Int]) { self.rows = rows }
    }

    func train() -> BoostedModel {
        let one = pow(2.0, Double(settings.fractionBits))
        let byKey = (0..<sample.rows).sorted { sample.keys[$0] < sample.keys[$1] }
        let validator = SamplingFunction(seed: settings.seed, purpose: .validation)
        let held = byKey.filter {
            validator.chooses(tree: 0, key: sample.keys[$0], share: settings.validationShare)
        }
        let learning = byKey.filter { !held.contains($0) }
        var base = 0.0
        if let given = settings.baseScore {
            base = given
        } else if settings.objective == .squared {
            let weight: (Int) -> Double = { sample.weights?[$0] ?? 1 }
            base = learning.reduce(0) { $0 + weight($1) * sample.labels[$1] } / learning.reduce(0) { $0 + weight($1) }
        }
        base = Double(Float(base))
        var scores = [Double](repeating: base, count: sample.rows)
        var trees: [BoostedTree] = []
        var conditions: [[SplitCondition]] = sample.values.map { _ in [] }
        var best = (loss: Double.infinity, trees: 0)
        let sampler = SamplingFunction(seed: settings.seed, purpose: .rows)
        for tree in 0..<settings.trees {
            let rows = learning.filter { sampler.chooses(tree: tree, key: sample.keys[$0], share: settings.rowShare) }
            let (g, h, units) = gradients(scores, rows, one)
            let root = Node(rows)
            grow(root, depth: 0, tree: tree, g, h, units)
            number(root, tree, g, h, units, &trees, &conditions)
            for row in scores.indices {
                var node = root
                while let (condition, _) = node.condition { node = node.children[goesLeft(row, condition) ? 0 : 1] }
                scores[row] += Double(leaf(node.rows, g, h, units))
            }
            if settings.validationShare > 0, !held.isEmpty {
                let loss = mean(held) { settings.objective.loss(score: scores[$0], label: sample.labels[$0]) }
                if loss < best.loss { best = (loss, tree + 1) }
                if settings.patience > 0, tree + 1 - best.trees >= settings.patience { break }
            }
        }
        let stopsEarly = settings.patience > 0 && best.trees > 0
        let kept = stopsEarly ? best.trees : trees.count
        return BoostedModel(
            structure: ModelStructure(
                settings: settings, baseScore: base, parties: sample.values.count, trees: Array(trees.prefix(kept))),
            parts: sample.values.indices.map { party in
                ModelPart(
                    party: party, columns: sample.values[party].map(\.name),
                    conditions: conditions[party].filter { $0.tree < kept })
            })
    }

    private func mean(_ rows: [Int], _ value: (Int) -> Double) -> Double {
        var sum = 0.0
        var weight = 0.0
        for row in rows {
            sum += (sample.weights?[row] ?? 1) * value(row)
            weight += sample.weights?[row] ?? 1
        }
        return sum / weight
    }

    // MARK: gradients, as integers in doubles

    private func gradients(
        _ scores: [Double], _ rows: [Int], _ one: Double
    ) -> ([Int], [Int], Gradients.Units) {
        let largestWeight = sample.weights?.max() ?? 1
        func fixed(_ row: Int) -> Double {
            sample.weights.map { max(1, ($0[row] / largestWeight * one).rounded(.toNearestOrEven)) } ?? one
        }
        var g = [Int](repeating: 0, count: scores.count)
        var h = g
        switch settings.objective {
        case .binary:
            for row in rows {
                let p = (Elementary.logistic(scores[row]) * one).rounded(.toNearestOrEven)
                let first = p - sample.labels[row] * one
                let second = max(1, (p * (one - p) / one).rounded(.down))
                // With weight 2^f these divide out exactly.
                g[row] = Int((first * fixed(row) / one).rounded(.toNearestOrEven))
                h[row] = Int(max(1, (second * fixed(row) / one).rounded(.toNearestOrEven)))
            }
            return (g, h, .init(first: largestWeight / one, second: largestWeight / one))
        case .squared:
            func difference(_ row: Int) -> Double { (scores[row] - sample.labels[row]) * (fixed(row) / one) }
            let largest = rows.map { abs(difference($0)) }.max() ?? 0
            var exponent = -900
            while pow(2.0, Double(exponent)) < largest { exponent += 1 }
            let scale = pow(2.0, Double(exponent))
            for row in rows {
                g[row] = Int((difference(row) / scale * one).rounded(.toNearestOrEven))
                h[row] = sample.weights == nil ? 1 : Int(fixed(row))
            }
            return (
                g, h,
                .init(first: scale / one * largestWeight, second: sample.weights == nil ? 1 : largestWeight / one)
            )
        }
    }

    // MARK: trees, depth first

    private func grow(
        _ node: Node, depth: Int, tree: Int, _ g: [Int], _ h: [Int], _ units: Gradients.Units
    ) {
        if depth == 0 {
            node.cells = edges.indices.map { party in
                edges[party].indices.map { column in
                    let all = (starts: Array(0...edges[party][column].count), joined: false)
                    return party > 0 && settings.cellGuard > 0
                        ? merged(all, party, column, [node.rows]) : all
                }
            }
        }
        guard depth < settings.depth, let (condition, gain) = bestSplit(node, tree, g, h, units) else { return }
        node.condition = (condition, gain)
        node.children = [true, false].map { side in Node(node.rows.filter { goesLeft($0, condition) == side }) }
        let cells = node.cells.enumerated().map { party, columns in
            columns.enumerated().map { column, cells in
                party > 0 && settings.cellGuard > 0
                    ? merged(cells, party, column, node.children.map(\.rows)) : cells
            }
        }
        for child in node.children {
            child.cells = cells
            grow(child, depth: depth + 1, tree: tree, g, h, units)
        }
    }

    private func bestSplit(
        _ node: Node, _ tree: Int, _ g: [Int], _ h: [Int], _ units: Gradients.Units
    ) -> (Condition, Double)? {
        var best: (Condition, Double)?
        for party in edges.indices {
            if party > 0, settings.cellGuard > 0, node.rows.count < 10 * settings.cellGuard { continue }
            if party > 0, tree == 0, settings.firstTreeByGuestAlone { continue }
            let used = SamplingFunction(seed: settings.seed, purpose: .columns).columns(
                tree: tree, party: party, names: sample.values[party].map(\.name), share: settings.columnShare)
            for column in used {
                let hasMissing = node.rows.contains { sample.values[party][column].values[$0].isNaN }
                let cells = node.cells[party][column]
                for start in cells.starts.dropFirst() {
                    for missingLeft in hasMissing && !cells.joined ? [true, false] : [true] {
                        let condition = Condition(
                            party: party, column: column, place: start - 1, missingLeft: missingLeft)
                        guard let gain = gain(condition, node.rows, g, h, units) else { continue }
                        if gain > best?.1 ?? 0 { best = (condition, gain) }
                    }
                }
            }
        }
        return best
    }

    private func gain(
        _ condition: Condition, _ rows: [Int], _ g: [Int], _ h: [Int], _ units: Gradients.Units
    ) -> Double? {
        let left = rows.filter { goesLeft($0, condition) }
        let right = rows.filter { !goesLeft($0, condition) }
        for side in [left, right] where hessian(side, h, units) < settings.minimumChildWeight { return nil }
        let gain = score(left, g, h, units) + score(right, g, h, units) - score(rows, g, h, units)
        return gain > settings.minimumGain && gain > pow(2, -20) ? gain : nil
    }

    private func hessian(_ rows: [Int], _ h: [Int], _ units: Gradients.Units) -> Double {
        Double(rows.reduce(0) { $0 + h[$1] }) * units.second
    }

    private func drawn(_ rows: [Int], _ g: [Int], _ units: Gradients.Units) -> Double {
        let sum = Double(rows.reduce(0) { $0 + g[$1] }) * units.first
        return sum > 0 ? max(0, sum - settings.l1) : min(0, sum + settings.l1)
    }

    private func score(_ rows: [Int], _ g: [Int], _ h: [Int], _ units: Gradients.Units) -> Double {
        let divisor = hessian(rows, h, units) + settings.l2
        return divisor > 0 ? drawn(rows, g, units) * drawn(rows, g, units) / divisor : 0
    }

    private func leaf(_ rows: [Int], _ g: [Int], _ h: [Int], _ units: Gradients.Units) -> Float {
        let divisor = hessian(rows, h, units) + settings.l2
        let value = divisor > 0 ? Float(-settings.rate * (drawn(rows, g, units) / divisor)) : 0
        return value == 0 ? 0 : value
    }

    private func goesLeft(_ row: Int, _ condition: Condition) -> Bool {
        let value = sample.values[condition.party][condition.column].values[row]
        return value.isNaN
            ? condition.missingLeft : Float(value) < edges[condition.party][condition.column][condition.place]
    }

    // MARK: the guard

    private func merged(
        _ cells: (starts: [Int], joined: Bool), _ party: Int, _ column: Int, _ nodes: [[Int]]
    ) -> (starts: [Int], joined: Bool) {
        let bins = edges[party][column].count + 1
        func rows(_ node: [Int], _ range: Range<Int>, missing: Bool) -> Int {
            node.count { row in
                let value = sample.values[party][column].values[row]
                if value.isNaN { return missing }
                return range.contains(edges[party][column].count { $0 <= Float(value) })
            }
        }
        func isFine(_ range: Range<Int>, missing: Bool) -> Bool {
            nodes.allSatisfy { node in
                let count = rows(node, range, missing: missing)
                return count == 0 || count >= settings.cellGuard
            }
        }
        let joined = cells.joined || !isFine(0..<0, missing: true)
        var starts: [Int] = []
        var begin = 0
        for end in cells.starts.dropFirst() + [bins] where isFine(begin..<end, missing: joined && begin == 0) {
            starts.append(begin)
            begin = end
        }
        if begin < bins {
            // The rest goes to the cells before it.
            while let last = starts.popLast() {
                begin = last
                if isFine(begin..<bins, missing: joined && begin == 0) { break }
            }
            starts.append(begin)
        }
        return (starts, joined)
    }

    // MARK: numbering, level by level

    private func number(
        _ root: Node, _ tree: Int, _ g: [Int], _ h: [Int], _ units: Gradients.Units, _ trees: inout [BoostedTree],
        _ conditions: inout [[SplitCondition]]
    ) {
        var list = [root]
        var nodes: [BoostedTree.Node] = []
        var place = 0
        while place < list.count {
            let node = list[place]
            let sums = GradientSums(
                first: Int64(node.rows.reduce(0) { $0 + g[$1] }), second: Int64(node.rows.reduce(0) { $0 + h[$1] }),
                rows: Int64(node.rows.count))
            if let (condition, gain) = node.condition {
                nodes.append(
                    .init(
                        content: .split(
                            owner: condition.party, gain: gain, left: list.count, right: list.count + 1),
                        sums: sums))
                conditions[condition.party].append(
                    SplitCondition(
                        tree: tree, node: place, column: condition.column,
                        edge: edges[condition.party][condition.column][condition.place],
                        missingLeft: condition.missingLeft))
                list += node.children
            } else {
                nodes.append(.init(content: .leaf(leaf(node.rows, g, h, units)), sums: sums))
            }
            place += 1
        }
        trees.append(BoostedTree(units: units, nodes: nodes))
    }
}
