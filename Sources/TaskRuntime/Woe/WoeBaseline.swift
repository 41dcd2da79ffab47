public import Faults
public import Modeling
public import Tables

/// The same weights of evidence in one place, and a scorecard on them, for whoever may read the tables of all parties: what
/// `woe` between sites is compared with.
public struct WoeBaseline: Sendable {
    /// By party: the guest, then the hosts.
    public let parts: [WoePart]
    private let plan: WoePlan
    let learning: [BoostTable]
    private let testing: [BoostTable]
    /// Goods and bads of fine bins, by party and column.
    private let counts: [[FineCounts]]

    /// - Parameters:
    ///   - setting: of the task `woe`; its number of rows may be 0 for those that there are.
    ///   - tables: of the guest and the hosts in their order, with the same ids.
    /// - Throws: as the task would.
    public init(_ setting: TaskSetting, tables: [ColumnFile]) throws(Fault) {
        var parameters = setting.parameters
        let rows = tables.first?.rows ?? 0
        parameters["rows"] = .integer(Int64(rows))
        let plan = try WoePlan(
            TaskSetting(parameters: parameters, parties: setting.parties, seed: setting.seed),
            shape: .paillier(bits: 2048))
        guard tables.count == plan.sources.count else { throw Fault(BoostFaults.parameters) }
        var learning: [BoostTable] = []
        var testing: [BoostTable] = []
        for (party, table) in tables.enumerated() {
            let data = TaskData(tables: [plan.sources[party].dataset: table])
            func read(_ chosen: (UInt64) -> Bool) throws(Fault) -> BoostTable {
                try BoostTable(
                    plan.sources[party], extra: party == 0 ? [plan.label] : [], rows: rows, seed: plan.seed, data: data,
                    where: chosen)
            }
            learning.append(try read(plan.learns))
            testing.append(try read { !plan.learns(from: $0) })
        }
        guard learning.allSatisfy({ $0.digest == learning[0].digest }) else { throw Fault(BoostFaults.rowsDiffer) }
        let labels = learning[0].extra[plan.label] ?? []
        var parts: [WoePart] = []
        var counts: [[FineCounts]] = []
        for (party, table) in learning.enumerated() {
            var columns: [WoePart.Column] = []
            var own: [FineCounts] = []
            for (name, values) in table.features {
                let column = WoeColumnName(party: party, name: name)
                let partition = try plan.partition(column, values)
                let fine = try FineCounts(partition, values: values, labels: labels)
                let groups = try plan.divide(fine, column)
                let bins = try groups.map { groups throws(Fault) in MergedBins(try WoeTable(fine, groups)) }
                columns.append(try WoePart.Column(partition, bins))
                own.append(fine)
            }
            parts.append(try WoePart(columns))
            counts.append(own)
        }
        self.plan = plan
        self.learning = learning
        self.testing = testing
        self.parts = parts
        self.counts = counts
    }

    /// Rows of the tables.
    var rows: Int { plan.rows }
    /// Of the rows that are learnt from, in the order of their keys.
    var labels: [Double] { learning[0].extra[plan.label] ?? [] }

    /// A scorecard on the columns of the first parties that have bins, and the log-odds of the rows left out.
    ///
    /// - Parameters:
    ///   - parties: 1 for the guest alone, nil for all.
    ///   - selected: by party, the columns that are used; nil for all that have bins.
    /// - Throws: what stands against the regression; `ModelingFaults.scorecard` where no column is left.
    public func scorecard(
        parties: Int? = nil, selected: [[String]]? = nil
    ) throws(Fault) -> (card: Scorecard, logOdds: [Double]) {
        var inputs: [Scorecard.Input] = []
        var columns: [LogisticRegression.Column] = []
        var tested: [[Double]] = []
        for party in 0..<(parties ?? parts.count) {
            for (place, column) in parts[party].columns.enumerated() {
                guard let bins = column.bins, selected?[party].contains(column.name) ?? true else { continue }
                let weighed = try WoeColumn(column.partition, try WoeTable(counts[party][place], bins.groups))
                inputs.append(Scorecard.Input(party: party, column: weighed))
                columns.append(
                    .init(
                        name: Scorecard.label(party, column.name),
                        values: weighed.transform(learning[party].features[place].values)))
                tested.append(weighed.transform(testing[party].features[place].values))
            }
        }
        let fit = try LogisticRegression().fit(columns, labels: labels)
        let logOdds = testing[0].keys.indices.map { row in fit.logOdds(tested.map { $0[row] }) }
        return (try Scorecard(fit, columns: inputs), logOdds)
    }
}

extension WoePlan {
    /// The bins of a column; nil where no two meet the guard.
    ///
    /// - Throws: `ModelingFaults.binGuard`, `.binGroups` for bins that were asked for; `.label`.
    func divide(_ counts: FineCounts, _ name: WoeColumnName) throws(Fault) -> BinGroups? {
        do throws(Fault) {
            return try rule(of: name).groups(counts, guard: Self.least)
        } catch  where error.is(ModelingFaults.binGuard) && starts[name] == nil {
            return nil
        }
    }
}
