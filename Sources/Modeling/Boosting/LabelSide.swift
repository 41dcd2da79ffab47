public import Faults

/// What the guest alone does while a model grows: it knows labels, weights and scores and no column of another party.
///
/// Sums of floating-point numbers go over the rows by ascending key, so that the order of the table is of no account.
public struct LabelSide: Sendable {
    public let settings: BoostingSettings
    /// Rows that trees learn from, ascending.
    public let training: [Int32]
    /// Rows kept out to measure the loss, by key.
    let validation: [Int32]
    /// The score before the first tree, a value of `Float`.
    public let baseScore: Double
    /// One per row.
    public private(set) var scores: [Double]

    private let keys: [UInt64]
    private let labels: [Double]
    private let weights: [Double]?
    private let fixedWeights: RowWeights?
    private let sampling: SamplingFunction
    private let trainingByKey: [Int32]

    /// - Throws: `ModelingFaults.settings`, `.label`, `.width`, or `.rows` when no row is left to learn from.
    public init(_ settings: BoostingSettings, keys: [UInt64], labels: [Double], weights: [Double]?) throws(Fault) {
        try settings.validate()
        guard labels.allSatisfy(settings.objective.allows) else { throw Fault(ModelingFaults.label) }
        let split = SamplingFunction(seed: settings.seed, purpose: .validation)
        let byKey = keys.indices.sorted { keys[$0] < keys[$1] }
        var trainingByKey: [Int32] = []
        var validation: [Int32] = []
        for row in byKey {
            if settings.validationShare > 0, split.chooses(tree: 0, key: keys[row], share: settings.validationShare) {
                validation.append(Int32(row))
            } else {
                trainingByKey.append(Int32(row))
            }
        }
        guard !trainingByKey.isEmpty else { throw Fault(ModelingFaults.rows, "no row is left to learn from") }
        self.settings = settings
        self.keys = keys
        self.labels = labels
        self.weights = weights
        self.validation = validation
        self.trainingByKey = trainingByKey
        training = trainingByKey.sorted()
        fixedWeights = weights.map { RowWeights($0, bits: settings.fractionBits) }
        sampling = SamplingFunction(seed: settings.seed, purpose: .rows)
        _ = try FieldWidths(
            objective: settings.objective, rows: training.count, bits: settings.fractionBits,
            isWeighted: weights != nil)
        baseScore = Self.base(settings, labels, weights, trainingByKey)
        scores = [Double](repeating: baseScore, count: keys.count)
    }

    /// Whether a row has the label 1.
    public func isEvent(_ row: Int) -> Bool { labels[row] == 1 }

    /// The rows that a tree learns from, ascending.
    public func rows(tree: Int) -> [Int32] {
        guard settings.rowShare < 1 else { return training }
        return training.filter { sampling.chooses(tree: tree, key: keys[Int($0)], share: settings.rowShare) }
    }

    /// - Throws: `ModelingFaults.width` as `FieldWidths.check` does.
    public func gradients(rows: [Int32]) throws(Fault) -> Gradients {
        let gradients = settings.objective.gradients(
            scores: scores, labels: labels, weights: fixedWeights, rows: rows, bits: settings.fractionBits)
        let widths = try FieldWidths(
            objective: settings.objective, rows: rows.count, bits: settings.fractionBits, isWeighted: weights != nil)
        try widths.check(gradients, rows: rows)
        return gradients
    }

    /// The rule by which a tree with these gradients is split.
    public func rule(_ gradients: Gradients) -> SplitRule {
        SplitRule(
            l1: settings.l1, l2: settings.l2, minimumGain: settings.minimumGain,
            minimumChildWeight: settings.minimumChildWeight, units: gradients.units)
    }

    /// Goes on where another one stopped.
    ///
    /// - Parameter scores: of the same rows.
    public mutating func restore(scores: [Double]) {
        precondition(scores.count == self.scores.count, "a score for every row")
        self.scores = scores
    }

    /// Adds a tree's leaves to the scores of all rows.
    ///
    /// - Parameter leaves: the value of the leaf that each row ends in.
    public mutating func add(leaves: [Float]) {
        for row in scores.indices { scores[row] += Double(leaves[row]) }
    }

    /// Mean loss of the rows that trees learn from, and of those kept out; nil without such rows.
    public func losses() -> (training: Double, validation: Double?) {
        (loss(trainingByKey) ?? 0, loss(validation))
    }

    private func loss(_ rows: [Int32]) -> Double? {
        guard !rows.isEmpty else { return nil }
        var sum = 0.0
        var weight = 0.0
        for row in rows {
            let row = Int(row)
            let own = weights?[row] ?? 1
            sum += own * settings.objective.loss(score: scores[row], label: labels[row])
            weight += own
        }
        return sum / weight
    }

    private static func base(
        _ settings: BoostingSettings, _ labels: [Double], _ weights: [Double]?, _ rows: [Int32]
    ) -> Double {
        if let given = settings.baseScore { return Double(Float(given)) }
        guard settings.objective == .squared else { return 0 }
        var sum = 0.0
        var weight = 0.0
        for row in rows {
            let own = weights?[Int(row)] ?? 1
            sum += own * labels[Int(row)]
            weight += own
        }
        return Double(Float(sum / weight))
    }
}
