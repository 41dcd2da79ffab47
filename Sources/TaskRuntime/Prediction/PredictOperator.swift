public import Faults
import Modeling

/// Scores rows by a model of several parties: the guest gets scores, hosts nothing (`docs/protocols/boosting.md`).
public struct PredictOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "predict", version: 1,
            summary: "Scores rows by a model of several parties; the guest gets the scores, hosts get nothing.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...15)],
            parameters: Self.parameters, leakage: Self.leakage,
            messages: { setting in (try? PredictPlan(setting))?.messages() ?? [] },
            cost: { setting, party, rates in
                (try? PredictPlan(setting))?.cost(party: party, rates)
                    ?? TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            },
            reads: { setting in (try? PredictPlan(setting))?.reads() ?? [] },
            inputs: { [$0.text("model")] },
            table: { setting, party in
                setting.parties[party].role == "guest" ? setting.text("guestDataset") : nil
            },
            sizes: [DatasetSize("rows", role: "guest", dataset: "guestDataset")],
            check: { setting throws(Fault) in _ = try PredictPlan(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let plan = try PredictPlan(setting)
        guard let place = plan.parties.firstIndex(of: party) else { throw Fault(BoostFaults.parameters) }
        let source = plan.sources[place]
        let takes = { @Sendable key in plan.part.takes(key, learning: plan.learningTenths) }
        let read = { @Sendable () throws(Fault) -> BoostTable in
            try BoostTable(
                source, extra: place == 0 ? plan.label.map { [$0] } ?? [] : [], rows: plan.rows, seed: plan.seed,
                data: data, where: takes)
        }
        let result = try data.result(plan.model)
        guard place == 0 else {
            return PredictHost(plan, number: place - 1, part: try BoostHostResult(bytes: result).part, table: read)
        }
        let model = try BoostGuestResult(bytes: result)
        return PredictGuest(plan, model: model, table: read) { scores throws(Fault) in
            let rows = scores.map {
                PredictionTable.Row(
                    row: $0.row, score: $0.score, prediction: model.model.objective.prediction($0.score))
            }
            try PredictionTable(source: source, label: plan.label, data: data).write(rows)
        }
    }

    private static let parameters: [OperatorParameter] =
        [
            OperatorParameter(
                "model", .text(1...128),
                "The training whose model it is: a task of this job, or JOB/TASK of an earlier one.")
        ]
        + BoostOperator.parameters.compactMap { parameter in
            switch parameter.name {
            case "guestDataset", "hostDatasets", "guestKey", "hostKeys", "rules", "guestColumns", "hostColumns",
                "rows", "trees", "depth", "test":
                parameter
            case "label":
                OperatorParameter(
                    "label", .text(0...128), default: .text(""),
                    "A column of the guest that is written beside the scores.")
            default: nil
            }
        }
        + [
            OperatorParameter(
                "part", .choice(PredictPlan.Rows.allCases.map(\.rawValue)), default: .text("all"),
                "Which rows: all, those that the training learnt from, or those that it left out (`test`)."),
            OperatorParameter(
                "method", .choice(PredictPlan.Method.allCases.map(\.rawValue)), default: .text("path"),
                "path asks hosts for the nodes that rows come to, in one round for each level; bits has hosts tell the side "
                    + "of every row in every node of theirs, in one round."),
        ]

    private static let leakage = [
        LeakageStatement(
            role: "guest",
            learns:
                "path: which side each row takes in the nodes of hosts that it comes to: a bit for each. bits: which side "
                + "each row takes in every node of the host, from which most of the row's bins follow."),
        LeakageStatement(
            role: "host",
            learns: "path: which rows come to which of its own nodes; bits: nothing. No score, label or leaf in either."
        ),
    ]
}
