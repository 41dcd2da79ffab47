import Arithmetic
public import Faults
import HomomorphicEncryption
import Modeling

/// Boosted trees over the columns of a guest, who has the labels, and of hosts, who do not: the same model, bit for bit, as
/// in one place (`docs/protocols/boosting.md`).
public struct BoostOperator: Operator {
    private let shape: @Sendable (TaskSetting) -> SchemeShape

    public init() {
        self.init(shape: { .paillier(bits: Self.bits($0)) })
    }

    /// - Parameter shape: of the scheme; other than Paillier's for tests.
    init(shape: @escaping @Sendable (TaskSetting) -> SchemeShape) {
        self.shape = shape
    }

    public var description: OperatorDescription {
        let plan = { @Sendable [shape] (setting: TaskSetting) throws(Fault) -> BoostPlan in
            try BoostPlan(setting, shape: shape(setting))
        }
        return OperatorDescription(
            name: "train.boosting", version: 1,
            summary: "Grows boosted trees over the columns of several parties; labels stay with the guest.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...15)],
            parameters: Self.parameters, leakage: Self.leakage,
            messages: { setting in (try? plan(setting))?.messages() ?? [] },
            cost: { setting, party, rates in
                (try? plan(setting))?.cost(party: party, rates) ?? TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            },
            reads: { setting in (try? plan(setting))?.reads() ?? [] },
            inputs: { setting in setting.text("binning").isEmpty ? [] : [setting.text("binning")] },
            model: { setting in .parts(name: setting.text("model").isEmpty ? nil : setting.text("model")) },
            sizes: [DatasetSize("rows", role: "guest", dataset: "guestDataset")],
            check: { setting throws(Fault) in _ = try plan(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        try makeProtocol(
            setting, party: party, threads: data.threads,
            scheme: .paillier(
                bits: Self.bits(setting), profile: setting.text("profile") == "shared" ? .shared : .dedicated),
            data: data
        ) { plan, model throws(Fault) in try plan.table(party: model, data) }
    }

    func makeProtocol<Pair: AdditiveKeyPair>(
        _ setting: TaskSetting, party: Int, threads: Int, scheme: BoostScheme<Pair>,
        data: TaskData, table: @escaping @Sendable (BoostPlan, _ party: Int) throws(Fault) -> BoostTable
    ) throws(Fault) -> any TaskProtocol {
        let plan = try BoostPlan(setting, shape: scheme.shape)
        guard let model = plan.parties.firstIndex(of: party) else { throw Fault(BoostFaults.parameters) }
        let read = { @Sendable () throws(Fault) -> BoostTable in try table(plan, model) }
        let name = setting.text("binning")
        let binning = name.isEmpty ? nil : try Binning(bytes: try data.result(name))
        guard model > 0 else {
            return BoostGuest(plan, scheme: scheme, threads: threads, binning: binning, table: read)
        }
        return BoostHost(
            plan, scheme: scheme, number: model - 1, threads: threads, binning: binning, table: read)
    }

    private static func bits(_ setting: TaskSetting) -> Int { Int(setting.text("keyBits")) ?? 3072 }
}

extension BoostPlan {
    /// Rows of a party of the model: those that are learnt from, and features, labels and weights.
    func table(party: Int, _ data: TaskData) throws(Fault) -> BoostTable {
        try BoostTable(
            sources[party], extra: party == 0 ? [label] + (weight.map { [$0] } ?? []) : [], rows: rows, seed: seed,
            data: data, where: learns)
    }

    /// A party's columns in their bins.
    func columns(of table: BoostTable, binning: Binning?) throws(Fault) -> PartyColumns {
        guard let binning else {
            return try PartyColumns(binning: table.features, bins: bins.bins, leastRows: bins.leastRows)
        }
        return try binning.apply(to: table.features)
    }

    func messages() -> [MessageRow] {
        (0..<hosts).flatMap { host -> [MessageRow] in
            schedule.rows(guest: parties[0], host: parties[host + 1], number: host).map { row in
                var row = row
                row.isMost = settings.patience > 0 && row.steps.lowerBound > BoostSchedule.agreement
                return row
            }
        }
    }

    func reads() -> [DatasetUse] {
        sources.indices.sorted { parties[$0] < parties[$1] }.map { party in
            var use = DatasetUse(party: parties[party], dataset: sources[party].dataset)
            use.columns = sources[party].features.map { features in
                sources[party].keys + features + (party == 0 ? [label] + (weight.map { [$0] } ?? []) : [])
            }
            use.minimumBin = Int64(settings.cellGuard)
            return use
        }
    }
}
