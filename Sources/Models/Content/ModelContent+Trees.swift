import Modeling
import Resources

extension ModelContent {
    /// Trees by their nodes, the root first: rows, gain and owner of each split, value of each leaf; column, edge and way of
    /// missing values where the owner's part is here. None at a host, who has no structure.
    ///
    /// - Parameters:
    ///   - first: number of the first tree, from 1.
    ///   - most: trees.
    func trees(from first: Int, atMost most: Int) -> [JSONValue] {
        guard let model else { return [] }
        let trees = model.structure.trees
        return trees.indices.dropFirst(first - 1).prefix(most).map { index in
            var conditions: [Int: (party: Int, condition: SplitCondition)] = [:]
            for part in model.parts {
                for condition in part.conditions where condition.tree == index {
                    conditions[condition.node] = (part.party, condition)
                }
            }
            let nodes = trees[index].nodes.enumerated().map { place, node -> JSONValue in
                var members: [String: JSONValue] = ["rows": .integer(Int64(node.sums.rows))]
                switch node.content {
                case .leaf(let value): members["leaf"] = .number(Double(value))
                case .split(let owner, let gain, let left, let right):
                    members["party"] = .string(owner == 0 ? "guest" : "host\(owner)")
                    members["gain"] = .number(gain)
                    members["left"] = .integer(Int64(left))
                    members["right"] = .integer(Int64(right))
                    if let (party, condition) = conditions[place],
                        let part = model.parts.first(where: { $0.party == party })
                    {
                        members["column"] = .string(part.columns[condition.column])
                        members["edge"] = .number(Double(condition.edge))
                        members["missingLeft"] = .bool(condition.missingLeft)
                    }
                }
                return .object(members)
            }
            return ["tree": .integer(Int64(index + 1)), "nodes": .array(nodes)]
        }
    }

    /// The splits of a party that has no structure.
    var splits: [JSONValue] {
        guard model == nil else { return [] }
        return part.conditions.map { condition in
            [
                "tree": .integer(Int64(condition.tree + 1)), "node": .integer(Int64(condition.node)),
                "column": .string(part.columns[condition.column]), "edge": .number(Double(condition.edge)),
                "missingLeft": .bool(condition.missingLeft),
            ]
        }
    }
}
