public import Ledger
public import TaskRuntime

/// What a plan means for its parties, before anything runs: what crosses, what each learns, what it takes.
public struct PlanStatement: Sendable, Hashable {
    public struct Task: Sendable, Hashable {
        public let name: String
        public let operatorName: String
        public let operatorVersion: UInt32
        public let after: [String]
        public let messages: [MessageRow]
        /// By party, in the order of the plan.
        public let costs: [TaskCost]
        public let leakage: [LeakageStatement]
    }

    public let plan: JobPlan
    public let tasks: [Task]
    /// Sums of time and bytes and the peak of memory, by party in the order of the plan.
    public let totals: [TaskCost]
    /// The rates that the predictor reckoned with.
    public let rates: MachineRates

    public init(_ plan: JobPlan, rates: MachineRates, _ catalogue: OperatorCatalogue) {
        self.plan = plan
        self.rates = rates
        tasks = plan.tasks.compactMap { task in
            guard let known = catalogue[task.operatorName]?.description else { return nil }
            let setting = plan.setting(of: task)
            return Task(
                name: task.name, operatorName: task.operatorName, operatorVersion: task.operatorVersion,
                after: task.after, messages: known.messages(setting),
                costs: plan.parties.indices.map { known.cost(setting, $0, rates) }, leakage: known.leakage)
        }
        totals = plan.parties.indices.map { [tasks] party in
            var total = TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            for task in tasks {
                total.seconds += task.costs[party].seconds
                total.bytesOut += task.costs[party].bytesOut
                total.memory = max(total.memory, task.costs[party].memory)
            }
            return total
        }
    }

    /// The most that a message type can say over the whole task, in bits.
    public static func bits(_ row: MessageRow) -> UInt64 {
        row.expectedBytes.multipliedReportingOverflow(by: 8).partialValue
    }
}
