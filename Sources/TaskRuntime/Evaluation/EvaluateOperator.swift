public import Faults
import Modeling
import Tables

/// Measures predictions that stand in a dataset beside the labels. Nothing crosses.
public struct EvaluateOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "evaluate", version: 1,
            summary:
                "Measures how good the predictions in a dataset of the guest are; other parties have no part in it.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 0...15)],
            parameters: [
                OperatorParameter(
                    "dataset", .text(DatasetUse.nameLength), "The guest's dataset, such as `predict` leaves."),
                OperatorParameter(
                    "prediction", .text(1...128), default: .text(PredictionTable.prediction),
                    "The column of probabilities or values."),
                OperatorParameter("label", .text(1...128), "The column of what came about."),
                OperatorParameter(
                    "objective", .choice(Objective.allCases.map(\.rawValue)),
                    default: .text(Objective.binary.rawValue),
                    "What is predicted: the probability of label 1, or a number."),
            ],
            leakage: [],
            messages: { _ in [] },
            cost: { _, _, _ in TaskCost(seconds: 1, bytesOut: 0, memory: 256 << 20) },
            reads: { setting in
                guard let guest = setting.parties.firstIndex(where: { $0.role == "guest" }) else { return [] }
                var use = DatasetUse(party: guest, dataset: setting.text("dataset"))
                use.columns = [setting.text("prediction"), setting.text("label")]
                return [use]
            })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        EvaluateProtocol(
            isGuest: setting.parties[party].role == "guest", dataset: setting.text("dataset"),
            prediction: setting.text("prediction"), label: setting.text("label"),
            objective: Objective(rawValue: setting.text("objective")) ?? .binary, data: data)
    }
}

private struct EvaluateProtocol: TaskProtocol {
    let isGuest: Bool
    let dataset: String
    let prediction: String
    let label: String
    let objective: Objective
    let data: TaskData

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        guard isGuest else { return [.finish(TaskResult(output: []))] }
        let reader = BoostTableReader(table: try data.table(dataset), dataset: dataset)
        let rows = Array(0..<reader.table.rows)
        let predictions = try reader.numbers(prediction, rows: rows)
        let labels = try reader.numbers(label, rows: rows)
        let report =
            switch objective {
            case .binary: try EvaluationReport.binary(predictions, labels)
            case .squared: try EvaluationReport.numbers(predictions, labels)
            }
        return [
            .progress(done: 1, total: 1, what: "measuring"),
            .finish(TaskResult(output: report.json, figures: report.figures)),
        ]
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        throw Fault(TaskFaults.messageUnexpected)
    }
}
