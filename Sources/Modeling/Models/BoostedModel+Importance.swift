/// How much a column does in a model.
public struct ColumnImportance: Hashable, Sendable {
    public let party: Int
    public let column: String
    /// How many splits it makes.
    public let splits: Int
    /// Sum of those splits' gains.
    public let gain: Double
    /// Sum of those nodes' second derivatives.
    public let cover: Double
}

extension BoostedModel {
    /// The columns in use of the parties whose part is here, by gain, highest first, then by party and name.
    public var importance: [ColumnImportance] {
        var found: [ColumnImportance] = []
        for part in parts {
            for (column, own) in Dictionary(grouping: part.conditions, by: \.column) {
                var gain = 0.0
                var cover = 0.0
                for condition in own {
                    let tree = structure.trees[condition.tree]
                    cover += tree.cover(condition.node)
                    if case .split(_, let more, _, _) = tree.nodes[condition.node].content { gain += more }
                }
                found.append(
                    ColumnImportance(
                        party: part.party, column: part.columns[column], splits: own.count, gain: gain,
                        cover: cover))
            }
        }
        return found.sorted { ($1.gain, $0.party, $0.column) < ($0.gain, $1.party, $1.column) }
    }
}
