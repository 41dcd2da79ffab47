import Crypto
public import Faults
import Modeling

/// Boosted trees of the guest's own columns, measured on the rows that were left out: what a training between sites is compared
/// with. Nothing crosses; a job without peers has it done without any grant.
public struct BaselineOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "baseline.boosting", version: 1,
            summary:
                "Grows boosted trees of the guest's own columns and scores the rows left out: what federation is compared with.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 0...15)],
            parameters: Self.parameters, leakage: [], messages: { _ in [] },
            cost: { setting, party, _ in
                guard setting.parties[party].role == "guest" else {
                    return TaskCost(seconds: 0, bytesOut: 0, memory: 16 << 20)
                }
                let rows = Double(setting.integer("rows"))
                let visits = rows * Double(setting.integer("trees") * setting.integer("depth"))
                return TaskCost(
                    seconds: 0.5 + rows * 2e-5 + visits * 2e-7, bytesOut: 0, memory: (96 << 20) + UInt64(rows) * 1_024)
            },
            reads: { setting in
                guard let guest = setting.parties.firstIndex(where: { $0.role == "guest" }),
                    let plan = try? Self.plan(setting)
                else { return [] }
                var use = DatasetUse(party: guest, dataset: plan.sources[0].dataset)
                use.columns = plan.sources[0].features.map {
                    plan.sources[0].keys + $0 + [plan.label] + (plan.weight.map { [$0] } ?? [])
                }
                return [use]
            },
            table: { setting, party in
                setting.parties[party].role == "guest" ? setting.text("guestDataset") : nil
            },
            sizes: [DatasetSize("rows", role: "guest", dataset: "guestDataset")],
            check: { setting throws(Fault) in _ = try Self.plan(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        BaselineProtocol(plan: try Self.plan(setting), isGuest: setting.parties[party].role == "guest", data: data)
    }

    /// That of the training between sites, with the guest as the only party.
    ///
    /// - Throws: as the training's.
    private static func plan(_ setting: TaskSetting) throws(Fault) -> BoostPlan {
        var parameters = setting.parameters
        for parameter in BoostOperator.parameters where parameters[parameter.name] == nil {
            parameters[parameter.name] = parameter.example
        }
        guard let guest = setting.parties.first(where: { $0.role == "guest" }) else {
            throw Fault(BoostFaults.parameters)
        }
        return try BoostPlan(
            TaskSetting(parameters: parameters, parties: [guest], seed: setting.seed), shape: .paillier(bits: 2048))
    }

    /// Those of the training that say which rows and trees, by the same names and defaults.
    private static let parameters: [OperatorParameter] = BoostOperator.parameters.compactMap { parameter in
        switch parameter.name {
        case "guestDataset", "guestKey", "rules", "label", "weight", "guestColumns", "rows", "objective", "trees",
            "depth", "rate", "bins", "binRows", "l1", "l2", "minimumGain", "minimumChildWeight", "rowShare",
            "columnShare", "seed", "validationShare", "patience":
            parameter
        case "test":
            OperatorParameter(
                "test", .integer(1...9), default: .integer(2),
                "How many tenths of the rows are left out and measured: the same as of the training between sites.")
        default: nil
        }
    }
}

private struct BaselineProtocol: TaskProtocol {
    let plan: BoostPlan
    let isGuest: Bool
    let data: TaskData

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        guard isGuest else { return [.finish(TaskResult(output: []))] }
        let learning = try plan.table(party: 0, data)
        let source = plan.sources[0]
        let testing = try BoostTable(
            source, extra: [plan.label] + (plan.weight.map { [$0] } ?? []), rows: plan.rows, seed: plan.seed, data: data
        ) {
            !plan.learns(from: $0)
        }
        let training = try TrainingData(
            keys: learning.keys, labels: learning.extra[plan.label] ?? [],
            weights: plan.weight.flatMap { learning.extra[$0] },
            parties: [try plan.columns(of: learning, binning: nil)])
        let model = try BoostingTrainer(plan.settings).train(training).model
        let values = Dictionary(uniqueKeysWithValues: testing.features.map { ($0.name, $0.values) })
        let scores = try model.scores([values])
        let objective = plan.settings.objective
        let rows = zip(testing.rows, scores).map {
            PredictionTable.Row(row: $0, score: $1, prediction: objective.prediction($1))
        }
        try PredictionTable(source: source, label: plan.label, data: data).write(rows.sorted { $0.row < $1.row })
        var figures = ["rows": Double(scores.count), "trees": Double(model.structure.trees.count)]
        let labels = testing.extra[plan.label] ?? []
        if !labels.contains(where: \.isNaN) {
            figures.merge(EvaluationReport(scores.map(objective.prediction), labels, objective)?.figures ?? [:]) { $1 }
        }
        var writer = WireWriter()
        for score in scores { writer.put(score.bitPattern) }
        return [
            .progress(done: 1, total: 1, what: "growing trees"),
            .finish(TaskResult(output: Array(SHA256.hash(data: writer.bytes)), figures: figures)),
        ]
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        throw Fault(TaskFaults.messageUnexpected)
    }
}
