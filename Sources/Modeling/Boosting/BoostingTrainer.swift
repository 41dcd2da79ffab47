public import Faults

/// Trains on the columns of all parties in one place: the model that a training between sites must equal, bit for bit.
public struct BoostingTrainer: Sendable {
    private let settings: BoostingSettings
    private let work: ColumnWork

    public init(_ settings: BoostingSettings, work: ColumnWork = .serial) {
        self.settings = settings
        self.work = work
    }

    public struct Result: Sendable {
        public let model: BoostedModel
        /// Mean losses after each tree, also of those that stopping early left out; empty without a validation part.
        public let losses: [(training: Double, validation: Double?)]
    }

    /// - Throws: what `LabelSide` throws.
    public func train(_ data: TrainingData) throws(Fault) -> Result {
        var label = try LabelSide(settings, keys: data.keys, labels: data.labels, weights: data.weights)
        let sides = data.parties.enumerated().map {
            PartySide(party: $0.offset, columns: $0.element, settings: settings, work: work)
        }
        var trees: [BoostedTree] = []
        var conditions = [[SplitCondition]](repeating: [], count: sides.count)
        var losses: [(training: Double, validation: Double?)] = []
        var stopping = EarlyStopping(patience: settings.patience)
        for tree in 0..<settings.trees {
            let rows = label.rows(tree: tree)
            let gradients = try label.gradients(rows: rows)
            let grower = TreeGrower(sides: sides, settings: settings, rule: label.rule(gradients))
            let grown = grower.grow(
                tree: tree, gradients: gradients, rows: rows, others: Self.others(rows, of: data.keys.count))
            trees.append(grown.tree)
            for party in sides.indices { conditions[party] += grown.conditions[party] }
            label.add(leaves: grown.leaves)
            guard settings.validationShare > 0 else { continue }
            let loss = label.losses()
            losses.append(loss)
            if let validation = loss.validation, stopping.stops(after: validation) { break }
        }
        let kept = stopping.bestCount ?? trees.count
        let parts = sides.map { side in
            ModelPart(
                party: side.party, columns: side.columns.columns.map(\.name),
                conditions: conditions[side.party].filter { $0.tree < kept })
        }
        let structure = ModelStructure(
            settings: settings, baseScore: label.baseScore, parties: sides.count, trees: Array(trees.prefix(kept)))
        return Result(model: BoostedModel(structure: structure, parts: parts), losses: losses)
    }

    /// The rows that are not in an ascending list.
    private static func others(_ rows: [Int32], of count: Int) -> [Int32] {
        if rows.count == count { return [] }
        var isIn = [Bool](repeating: false, count: count)
        for row in rows { isIn[Int(row)] = true }
        return (0..<Int32(count)).filter { !isIn[Int($0)] }
    }
}

/// Watches the validation loss.
public struct EarlyStopping: Sendable {
    private let patience: Int
    private var trees = 0
    private var best: (loss: Double, trees: Int)?

    /// - Parameter patience: how many trees without a new least loss are waited for; 0 for ever.
    public init(patience: Int) {
        self.patience = patience
    }

    /// How many trees had the least loss; nil when training never stops early.
    public var bestCount: Int? { patience > 0 ? best?.trees : nil }

    /// Whether training ends after a tree with this loss.
    public mutating func stops(after loss: Double) -> Bool {
        trees += 1
        if loss < best?.loss ?? .infinity { best = (loss, trees) }
        return patience > 0 && trees - (best?.trees ?? 0) >= patience
    }
}
