public import Faults
public import Modeling
public import Tables

/// The same training in one place, for whoever may read the tables of all parties: what federation is compared with.
public struct BoostBaseline: Sendable {
    private let plan: BoostPlan
    private let learning: [BoostTable]
    private let testing: [BoostTable]
    private let columns: [PartyColumns]

    /// - Parameters:
    ///   - setting: of the task `train.boosting`; its number of rows may be 0 for those that there are.
    ///   - tables: of the guest and the hosts in their order, with the same ids.
    /// - Throws: as the task would.
    public init(_ setting: TaskSetting, tables: [ColumnFile]) throws(Fault) {
        var parameters = setting.parameters
        let rows = tables.first?.rows ?? 0
        parameters["rows"] = .integer(Int64(rows))
        let setting = TaskSetting(parameters: parameters, parties: setting.parties, seed: setting.seed)
        let plan = try BoostPlan(setting, shape: .paillier(bits: 2048))
        guard tables.count == plan.sources.count else { throw Fault(BoostFaults.parameters) }
        var learning: [BoostTable] = []
        var testing: [BoostTable] = []
        for (party, table) in tables.enumerated() {
            let data = TaskData(tables: [plan.sources[party].dataset: table])
            let extra = party == 0 ? [plan.label] + (plan.weight.map { [$0] } ?? []) : []
            func read(_ chosen: (UInt64) -> Bool) throws(Fault) -> BoostTable {
                try BoostTable(
                    plan.sources[party], extra: extra, rows: rows, seed: plan.seed, data: data, where: chosen)
            }
            learning.append(try read(plan.learns))
            testing.append(try read { !plan.learns(from: $0) })
        }
        guard learning.allSatisfy({ $0.digest == learning[0].digest }) else { throw Fault(BoostFaults.rowsDiffer) }
        var columns: [PartyColumns] = []
        for table in learning { columns.append(try plan.columns(of: table, binning: nil)) }
        self.plan = plan
        self.learning = learning
        self.testing = testing
        self.columns = columns
    }

    public var settings: BoostingSettings { plan.settings }
    /// Rows that are learnt from, and those that are left out.
    public var trainingRows: Int { learning[0].keys.count }
    public var testRows: Int { testing[0].keys.count }
    /// Names of the features of each party.
    public var features: [[String]] { learning.map { $0.features.map(\.name) } }
    /// Labels of the rows that are left out.
    public var testLabels: [Double] { testing[0].extra[plan.label] ?? [] }

    /// - Parameter parties: how many take part: 1 for the guest alone, nil for all.
    public func model(parties: Int? = nil) throws(Fault) -> BoostedModel {
        let data = try TrainingData(
            keys: learning[0].keys, labels: learning[0].extra[plan.label] ?? [],
            weights: plan.weight.flatMap { learning[0].extra[$0] },
            parties: Array(columns.prefix(parties ?? columns.count)))
        return try BoostingTrainer(plan.settings).train(data).model
    }

    /// Probabilities or values for the rows that are left out.
    public func testPredictions(_ model: BoostedModel) throws(Fault) -> [Double] {
        try model.predictions(
            testing.prefix(model.structure.parties).map { table in
                Dictionary(uniqueKeysWithValues: table.features.map { ($0.name, $0.values) })
            })
    }

    /// A column of a table with the guest's ids, such as scores, in the order of `testLabels` and `testPredictions`.
    ///
    /// - Throws: `BoostFaults.dataUnusable`.
    public func values(_ name: String, of table: ColumnFile) throws(Fault) -> [Double] {
        let guest = plan.sources[0]
        let source = PartySource(dataset: guest.dataset, keys: guest.keys, features: [name], rules: guest.rules)
        return try BoostTable(
            source, extra: [], rows: table.rows, seed: plan.seed, data: TaskData(tables: [guest.dataset: table])
        ).features[0].values
    }

    /// The joint digest of a model of all parties, with the salts that the hosts would use.
    public func digest(_ model: BoostedModel) throws(Fault) -> ModelDigest { try model.digest(salts: [[]] + salts) }

    /// The digests of what the task leaves at each party, as its job tells them.
    public func partDigests(_ model: BoostedModel) -> [[UInt8]] {
        let hosts = zip(salts, model.parts.dropFirst()).map { BoostHostResult(salt: $0, part: $1) }
        let guest = BoostGuestResult(
            model: BoostedModel(structure: model.structure, parts: [model.parts[0]]),
            hosts: hosts.map { $0.part.digest(salt: $0.salt) })
        return ([guest.bytes] + hosts.map(\.bytes)).map { TaskResult(output: $0).partDigest(seed: plan.seed) }
    }

    private var salts: [[UInt8]] { columns.dropFirst().map { BoostHostResult.salt(of: $0, seed: plan.seed) } }
}
