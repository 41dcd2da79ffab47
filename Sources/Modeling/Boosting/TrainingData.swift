public import Faults

/// The joined rows of a training with the columns of all parties: what only the plaintext trainer ever has.
public struct TrainingData: Sendable {
    /// `RowKey.key(of:)` of each row's id.
    public let keys: [UInt64]
    public let labels: [Double]
    /// One per row, or nil where all rows count the same.
    public let weights: [Double]?
    /// The guest, then the hosts in the plan's order.
    public let parties: [PartyColumns]

    /// - Throws: `ModelingFaults.rows`, `.keyRepeated` or `.weight`. Whether labels are allowed depends on the objective
    ///   and is looked at when training begins.
    public init(keys: [UInt64], labels: [Double], weights: [Double]? = nil, parties: [PartyColumns]) throws(Fault) {
        guard !keys.isEmpty, keys.count < 1 << 31, keys.count == labels.count,
            weights == nil || weights?.count == keys.count, !parties.isEmpty
        else { throw Fault(ModelingFaults.rows) }
        for (party, columns) in parties.enumerated() {
            if let rows = columns.rows, rows != keys.count {
                throw Fault(
                    ModelingFaults.rows, "the columns of party \(party) have \(rows) rows",
                    wanted: "\(keys.count) rows")
            }
        }
        guard Set(keys).count == keys.count else { throw Fault(ModelingFaults.keyRepeated) }
        if let weights, !weights.allSatisfy({ $0 > 0 && $0.isFinite }) { throw Fault(ModelingFaults.weight) }
        self.keys = keys
        self.labels = labels
        self.weights = weights
        self.parties = parties
    }
}
