import Arithmetic
public import Faults
import HomomorphicEncryption
import Modeling

/// Logistic regression on weights of evidence between two sites of one group: the same, bit for bit, as in one place, and no
/// secret kept from the guest, which sees the host's partial scores (`docs/protocols/logistic.md`).
public struct LogisticOperator: Operator {
    private let shape: @Sendable (TaskSetting) -> SchemeShape

    public init() {
        self.init(shape: { .paillier(bits: Self.bits($0)) })
    }

    /// - Parameter shape: of the scheme; other than Paillier's usual ones for tests.
    init(shape: @escaping @Sendable (TaskSetting) -> SchemeShape) {
        self.shape = shape
    }

    public var description: OperatorDescription {
        let plan = { @Sendable [shape] (setting: TaskSetting) throws(Fault) -> LogisticPlan in
            try LogisticPlan(setting, shape: shape(setting))
        }
        return OperatorDescription(
            name: "train.logistic", version: 1,
            summary:
                "Fits a logistic regression on weights of evidence of two sites of one group: the guest sees partial "
                + "scores of the host.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...1)],
            parameters: Self.parameters, leakage: Self.leakage,
            messages: { setting in (try? plan(setting))?.messages() ?? [] },
            cost: { setting, party, rates in
                (try? plan(setting))?.cost(party: party, rates) ?? TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            },
            reads: { setting in (try? plan(setting))?.reads() ?? [] },
            inputs: { setting in [setting.text("woe"), setting.text("selection")].filter { !$0.isEmpty } },
            sizes: [DatasetSize("rows", role: "guest", dataset: "guestDataset")],
            check: { setting throws(Fault) in _ = try plan(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        try makeProtocol(
            setting, party: party, data: data,
            scheme: .paillier(
                bits: Self.bits(setting), profile: setting.text("profile") == "shared" ? .shared : .dedicated)
        ) { plan, place, names throws(Fault) in
            try BoostTable(
                plan.sources[place].with(features: names), extra: place == 0 ? [plan.label] : [], rows: plan.rows,
                seed: plan.seed, data: data, where: plan.learns)
        }
    }

    func makeProtocol<Pair: AdditiveKeyPair>(
        _ setting: TaskSetting, party: Int, data: TaskData, scheme: BoostScheme<Pair>,
        table: @escaping @Sendable (LogisticPlan, _ place: Int, _ names: [String]) throws(Fault) -> BoostTable
    ) throws(Fault) -> any TaskProtocol {
        let plan = try LogisticPlan(setting, shape: scheme.shape)
        guard let place = plan.parties.firstIndex(of: party) else { throw Fault(BoostFaults.parameters) }
        let part = try WoePart.left(by: plan.woe, place: place, data)
        let names = plan.names(part, selected: try part.selected(by: plan.selection, data), place: place)
        let read = { @Sendable () throws(Fault) -> (table: BoostTable, columns: WeightedColumns) in
            let table = try table(plan, place, names)
            return (table, try plan.columns(table, part, names))
        }
        guard place == 0 else {
            return LogisticHost(plan, scheme: scheme, threads: data.threads, part: part, read: read)
        }
        return LogisticGuest(plan, scheme: scheme, threads: data.threads, part: part, read: read)
    }

    private static func bits(_ setting: TaskSetting) -> Int { Int(setting.text("keyBits")) ?? 3072 }

    static let parameters: [OperatorParameter] =
        [
            OperatorParameter(
                "woe", .text(1...128),
                "The task `woe` whose weights of evidence are learnt from: of this job, or JOB/TASK of an earlier one."),
            selection,
        ]
        + BoostOperator.parameters.compactMap { parameter in
            switch parameter.name {
            case "guestDataset", "hostDatasets", "guestKey", "hostKeys", "rules", "hostColumnLimit", "rows", "test",
                "keyBits", "profile":
                parameter
            case "guestColumns":
                OperatorParameter(
                    "guestColumns", .text(0...4_096), default: .text(""),
                    "The guest's columns that were selected, separated by commas; empty for all that have bins.")
            case "hostColumns":
                OperatorParameter(
                    "hostColumns", .text(0...4_096), default: .text(""), "The same of the host.")
            case "label":
                OperatorParameter(
                    "label", .text(1...128), "The guest's column of labels: 1 for a bad account, 0 for a good one.")
            default: nil
            }
        } + [
            OperatorParameter(
                "l2", .number(0...1e9), default: .number(0), "Half of it times the squared coefficients is the penalty."
            ),
            OperatorParameter("passes", .integer(1...30), default: .integer(30), "Most passes."),
            OperatorParameter(
                "tolerance", .number(1e-9...1e-2), default: .number(1e-8),
                "Settled when no step of a host's coefficient times its column's deviation is longer."),
        ]

    /// Of operators that take the columns which a selection keeps.
    static let selection = OperatorParameter(
        "selection", .text(0...128), default: .text(""),
        "The task `select` or `select.signs` whose columns alone are used; empty for all.")

    private static let leakage = [
        LeakageStatement(
            role: "guest",
            learns:
                "The host's part of every row's score, once in every pass: from two passes on nearly every bin of every "
                + "row. For sites of one group alone; the host's grant must say partial_scores."),
        LeakageStatement(
            role: "host",
            learns:
                "The sums of label less probability over its columns in every pass: of n rows so many numbers as it has "
                + "columns. A host that offers other columns than its own can read labels from them."),
        LeakageStatement(role: "host", learns: "Its own coefficients."),
    ]
}

extension PartySource {
    func with(features: [String]) -> PartySource {
        PartySource(dataset: dataset, keys: keys, features: features, rules: rules)
    }
}
