import Faults

/// The trees of a model: whose split each node is, sums and leaves. The guest keeps it; sums and leaves tell of labels, and
/// hosts are not given it.
public struct ModelStructure: Hashable, Sendable {
    public let settings: BoostingSettings
    /// A value of `Float`.
    public let baseScore: Double
    /// How many parties there are, the guest included.
    public let parties: Int
    public let trees: [BoostedTree]

    public init(settings: BoostingSettings, baseScore: Double, parties: Int, trees: [BoostedTree]) {
        self.settings = settings
        self.baseScore = baseScore
        self.parties = parties
        self.trees = trees
    }
}

/// What one party keeps of a model: its columns' names and its own splits, by tree and node.
public struct ModelPart: Hashable, Sendable {
    public let party: Int
    public let columns: [String]
    /// Ascending by tree, then node.
    public let conditions: [SplitCondition]

    public init(party: Int, columns: [String], conditions: [SplitCondition]) {
        self.party = party
        self.columns = columns
        self.conditions = conditions.sorted { ($0.tree, $0.node) < ($1.tree, $1.node) }
    }
}

/// A model in one place: the structure and the parts of some or all parties.
public struct BoostedModel: Hashable, Sendable {
    public let structure: ModelStructure
    /// Ascending by party, each at most once.
    public let parts: [ModelPart]

    public init(structure: ModelStructure, parts: [ModelPart]) {
        self.structure = structure
        self.parts = parts.sorted { $0.party < $1.party }
    }

    public var objective: Objective { structure.settings.objective }

    /// - Throws: `ModelingFaults.incomplete` when a party's part is not here.
    func completeParts() throws(Fault) -> [ModelPart] {
        guard parts.map(\.party) == Array(0..<structure.parties) else { throw Fault(ModelingFaults.incomplete) }
        return parts
    }

    /// The condition of every split, by tree and node; nil for leaves.
    ///
    /// - Throws: `ModelingFaults.incomplete`.
    func conditions() throws(Fault) -> [[SplitCondition?]] {
        var table = structure.trees.map { [SplitCondition?](repeating: nil, count: $0.nodes.count) }
        for part in try completeParts() {
            for condition in part.conditions { table[condition.tree][condition.node] = condition }
        }
        return table
    }
}
