public import Faults

/// What a kind of task does, before any of it runs: its parameters, who takes part, every message, what each party
/// learns and what it costs. The catalogue's listing, a job's plan and the gateway's rules are all read from here.
public struct OperatorDescription: Sendable {
    /// `[a-z0-9-]`, joined by dots: 1 to 32 characters.
    public let name: String
    /// Rises with every change of messages or results; parties of a job run the same.
    public let version: UInt32
    /// One sentence.
    public let summary: String
    public let roles: [OperatorRole]
    public let parameters: [OperatorParameter]
    /// What each party learns, in sentences for a reviewer; empty only where nothing of any data is touched.
    public let leakage: [LeakageStatement]
    /// Every message that will cross between two parties, exactly: what is not here cannot leave.
    public let messages: @Sendable (TaskSetting) -> [MessageRow]
    /// What one party will need.
    public let cost: @Sendable (TaskSetting, _ party: Int, MachineRates) -> TaskCost
    /// The datasets that the parties read, from the parameters that name them; empty for operators that touch no data.
    public let reads: @Sendable (TaskSetting) -> [DatasetUse]
    /// The results of earlier tasks that every party reads, its own of each: `TASK` of the same job, which the task must
    /// wait for, or `JOB/TASK` with the id of an earlier job of the same parties.
    public let inputs: @Sendable (TaskSetting) -> [String]
    /// Parameters that are the same as those of every task whose result is read: who agreed to that task knows by them what
    /// this one is about.
    public let keptParameters: [String]
    /// The model that the task leaves, or completes; nil where it has to do with none.
    public let model: @Sendable (TaskSetting) -> ModelLeft?
    /// The dataset of one party of which the task leaves a table at that party; nil where it leaves none.
    public let table: @Sendable (TaskSetting, _ party: Int) -> String?
    /// What a party remembers of datasets' columns beyond the job; empty where it tells of no bins.
    public let keeps: @Sendable (TaskSetting, _ party: Int) -> [ColumnsKept]
    /// Parameters that are numbers of rows.
    public let sizes: [DatasetSize]
    /// Whether an output of the same inputs may stand in place of a new one; not where a task measures, or leaves more than
    /// its output.
    public let isReusable: Bool
    /// Rules between parameters and parties, beyond what types and ranges say; the place is relative to the task.
    public let check: @Sendable (TaskSetting) throws(Fault) -> Void

    public init(
        name: String, version: UInt32, summary: String, roles: [OperatorRole], parameters: [OperatorParameter],
        leakage: [LeakageStatement], messages: @escaping @Sendable (TaskSetting) -> [MessageRow],
        cost: @escaping @Sendable (TaskSetting, _ party: Int, MachineRates) -> TaskCost,
        reads: @escaping @Sendable (TaskSetting) -> [DatasetUse] = { _ in [] },
        inputs: @escaping @Sendable (TaskSetting) -> [String] = { _ in [] }, keptParameters: [String] = [],
        model: @escaping @Sendable (TaskSetting) -> ModelLeft? = { _ in nil },
        table: @escaping @Sendable (TaskSetting, _ party: Int) -> String? = { _, _ in nil },
        keeps: @escaping @Sendable (TaskSetting, _ party: Int) -> [ColumnsKept] = { _, _ in [] },
        sizes: [DatasetSize] = [], isReusable: Bool = false,
        check: @escaping @Sendable (TaskSetting) throws(Fault) -> Void = { _ throws(Fault) in }
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.roles = roles
        self.parameters = parameters
        self.leakage = leakage
        self.messages = messages
        self.cost = cost
        self.reads = reads
        self.inputs = inputs
        self.keptParameters = keptParameters
        self.model = model
        self.table = table
        self.keeps = keeps
        self.sizes = sizes
        self.isReusable = isReusable
        self.check = check
    }
}

/// A part that a party can play in a task, and how many may play it.
public struct OperatorRole: Sendable, Hashable {
    /// `guest`, `host` or `member`.
    public let name: String
    public let count: ClosedRange<Int>

    public init(_ name: String, _ count: ClosedRange<Int>) {
        self.name = name
        self.count = count
    }
}

/// What a party comes to know by a task.
public struct LeakageStatement: Sendable, Hashable {
    /// The role that learns it.
    public let role: String
    /// One sentence.
    public let learns: String

    public init(role: String, learns: String) {
        self.role = role
        self.learns = learns
    }
}
