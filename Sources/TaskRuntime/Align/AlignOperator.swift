public import Faults
import PrivateSetIntersection

/// Finds the ids that two datasets have in common, without showing the others (`docs/protocols/align.md`).
public struct AlignOperator: Operator {
    private let site: (any AlignSite)?
    private let sizes: ExchangeSizes

    public init() {
        self.init(site: nil, sizes: .usual)
    }

    /// - Parameter site: where this party's ids come from; nil for the tables that a task is given.
    init(site: (any AlignSite)?, sizes: ExchangeSizes) {
        self.site = site
        self.sizes = sizes
    }

    public var description: OperatorDescription {
        OperatorDescription(
            name: "align", version: 1,
            summary: "Finds the rows of two datasets that have the same id, without showing the ids of the others.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...1)],
            parameters: Self.parameters, leakage: Self.leakage,
            messages: { [sizes] setting in (try? AlignPlan(setting, sizes: sizes))?.rows() ?? [] },
            cost: { [sizes] setting, party, rates in
                (try? AlignPlan(setting, sizes: sizes))?.cost(party: party, rates)
                    ?? TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            },
            reads: { [sizes] setting in (try? AlignPlan(setting, sizes: sizes))?.reads() ?? [] },
            table: { [sizes] setting, party in (try? AlignPlan(setting, sizes: sizes))?.table(party: party) },
            sizes: [
                DatasetSize("guestRows", role: "guest", dataset: "guestDataset"),
                DatasetSize("hostRows", role: "host", dataset: "hostDataset"),
            ],
            check: { [sizes] setting throws(Fault) in _ = try AlignPlan(setting, sizes: sizes) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        let plan = try AlignPlan(setting, sizes: sizes)
        let tables = TableAlignSite(data: data, dataset: plan.datasets[plan.own(party)])
        return AlignProtocol(plan, party: party, site: site ?? tables)
    }

    private static let parameters = [
        OperatorParameter("guestDataset", .text(DatasetUse.nameLength), "The guest's dataset."),
        OperatorParameter("hostDataset", .text(DatasetUse.nameLength), "The host's dataset."),
        OperatorParameter(
            "guestKey", .text(1...1_024), "The guest's columns that make the id, in order, separated by commas."),
        OperatorParameter(
            "hostKey", .text(1...1_024), "The host's columns that make the id, in the order of the guest's."),
        OperatorParameter(
            "rules", .text(1...1_024), default: .text("trim nfc fold"),
            "How each key is made alike, one rule per column separated by commas: words of trim, nfc, fold, digits, "
                + "alphanumeric; or exact."),
        OperatorParameter(
            "guestRows", .integer(0...Int64(ExchangePlan.mostRows)), default: .integer(0),
            "Rows of the guest's dataset, which the host is told; 0 for those that it has when the job is planned."),
        OperatorParameter(
            "hostRows", .integer(0...Int64(ExchangePlan.mostRows)), default: .integer(0),
            "Rows of the host's dataset, which the guest is told; 0 for those that it has when the job is planned."),
        OperatorParameter(
            "minimumCommon", .integer(0...Int64(ExchangePlan.mostRows)), default: .integer(0),
            "With fewer common ids the task fails and leaves nothing."),
        OperatorParameter(
            "who", .choice(Disclosure.allCases.map(\.rawValue)), default: .text(Disclosure.both.rawValue),
            "Who learns which ids are common: both, guest-only; or size-only: both learn how many, nobody which."),
    ]

    private static let leakage = [
        LeakageStatement(
            role: "guest",
            learns: "Which of its rows have an id that the host has (both, guest-only), or how many have (size-only)."),
        LeakageStatement(
            role: "guest",
            learns: "The number of the host's rows, as the plan says it; of other ids of the host nothing."),
        LeakageStatement(
            role: "host",
            learns: "Which of its rows have an id that the guest has (both), how many have (size-only), or nothing "
                + "(guest-only)."),
        LeakageStatement(
            role: "host",
            learns: "The number of the guest's rows, as the plan says it; of other ids of the guest nothing."),
        LeakageStatement(
            role: "host",
            learns: "By leaving ids out or guessing them, either party can test as many ids as its declared rows; ids "
                + "that are few or easy to guess are protected by the grant's limit of distinct ids alone."),
        LeakageStatement(
            role: "guest",
            learns: "By leaving ids out or guessing them, either party can test as many ids as its declared rows; ids "
                + "that are few or easy to guess are protected by the grant's limit of distinct ids alone."),
    ]
}
