public import Faults

/// A party's values by column name; NaN is missing.
public typealias ColumnValues = [String: [Double]]

extension BoostedModel {
    /// The score of every row: base score, then the leaves' values added in the order of the trees.
    ///
    /// - Parameter values: one per party, with at least the columns that the party's splits use.
    /// - Throws: `ModelingFaults.incomplete`, or `.scoring` for columns that are not there or differ in length.
    public func scores(_ values: [ColumnValues]) throws(Fault) -> [Double] {
        let table = try conditions()
        let (columns, rows) = try looked(up: values)
        var scores = [Double](repeating: structure.baseScore, count: rows)
        for (tree, conditions) in zip(structure.trees, table) {
            for row in 0..<rows {
                let node = tree.leaf { node, owner in
                    // `conditions` has one for every split, and `columns` the column of every condition.
                    let condition = conditions[node]!
                    return condition.goesLeft(columns[owner][condition.column]![row])
                }
                if case .leaf(let value) = tree.nodes[node].content { scores[row] += Double(value) }
            }
        }
        return scores
    }

    /// Probabilities or values: `Objective.prediction` of the scores.
    ///
    /// - Throws: as `scores`.
    public func predictions(_ values: [ColumnValues]) throws(Fault) -> [Double] {
        try scores(values).map(objective.prediction)
    }

    /// The values of the columns in use, by party and place, and the number of rows.
    func looked(up values: [ColumnValues]) throws(Fault) -> (columns: [[[Double]?]], rows: Int) {
        let parts = try completeParts()
        guard values.count == parts.count else {
            throw Fault(
                ModelingFaults.scoring, "values of \(values.count) parties", wanted: "\(parts.count) parties")
        }
        var rows = values.lazy.compactMap { $0.values.first?.count }.first ?? 0
        var isRowsKnown = false
        var columns: [[[Double]?]] = []
        for (part, own) in zip(parts, values) {
            var list = [[Double]?](repeating: nil, count: part.columns.count)
            for place in Set(part.conditions.map(\.column)).sorted() {
                let name = part.columns[place]
                guard let values = own[name] else {
                    throw Fault(ModelingFaults.scoring, "a column of the model is not there", at: name)
                }
                if !isRowsKnown { (rows, isRowsKnown) = (values.count, true) }
                guard values.count == rows else {
                    throw Fault(ModelingFaults.scoring, "the columns have different numbers of rows", at: name)
                }
                list[place] = values
            }
            columns.append(list)
        }
        return (columns, rows)
    }
}

extension BoostedTree {
    /// The leaf that a row ends in.
    ///
    /// - Parameter goesLeft: answers for a split's node and owner.
    public func leaf(_ goesLeft: (_ node: Int, _ owner: Int) -> Bool) -> Int {
        var node = 0
        while case .split(let owner, _, let left, let right) = nodes[node].content {
            node = goesLeft(node, owner) ? left : right
        }
        return node
    }
}
