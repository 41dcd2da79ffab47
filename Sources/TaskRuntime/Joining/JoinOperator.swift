public import Faults
import Modeling

/// Puts the parts of a model together at the guest, with the consent of every host (`docs/protocols/model-join.md`).
public struct JoinOperator: Operator {
    public init() {}

    public var description: OperatorDescription {
        OperatorDescription(
            name: "model.join", version: 1,
            summary: "Gives the guest every host's part of a model, so that it has the whole of it and can export it.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...15)],
            parameters: Self.parameters, leakage: Self.leakage,
            messages: { setting in (try? JoinPlan(setting))?.messages() ?? [] },
            cost: { setting, party, rates in
                (try? JoinPlan(setting))?.cost(party: party, rates) ?? TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            },
            reads: { setting in (try? JoinPlan(setting))?.reads() ?? [] },
            inputs: { [$0.text("model")] },
            keptParameters: Self.kept,
            model: { .whole(of: $0.text("model")) },
            check: { setting throws(Fault) in _ = try JoinPlan(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let plan = try JoinPlan(setting)
        guard let place = plan.parties.firstIndex(of: party) else { throw Fault(BoostFaults.parameters) }
        let result = try data.result(plan.model)
        guard place == 0 else { return JoinHost(plan, number: place - 1, part: try BoostHostResult(bytes: result)) }
        return JoinGuest(plan, model: try BoostGuestResult(bytes: result))
    }

    /// A host agrees by a grant of the very dataset that it trained with.
    private static let kept = ["hostDatasets", "hostColumns", "hostColumnLimit", "trees", "depth"]

    private static let parameters =
        [
            OperatorParameter(
                "model", .text(1...128), "The training whose model it is: JOB/TASK of an earlier job, or NAME:VERSION.")
        ] + BoostOperator.parameters.filter { kept.contains($0.name) }

    private static let leakage = [
        LeakageStatement(
            role: "guest",
            learns:
                "Each host's part of the model: the names of the columns that were offered to the training, and of each "
                + "of the host's splits the column, the edge and the side of missing values."),
        LeakageStatement(
            role: "host", learns: "Nothing: structure, sums, leaves and other parties' parts stay where they are."),
    ]
}
