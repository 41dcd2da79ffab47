import Ledger
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
        /// At any party; each party knows only its own.
        public let grants: [GrantNeed]
    }

    public let plan: JobPlan
    public let tasks: [Task]
    /// Sums of time and bytes and the peak of memory, by party in the order of the plan.
    public let totals: [TaskCost]
    /// The rates that the predictor reckoned with.
    public let known: KnownRates

    /// - Parameter plan: checked; a task whose operator is not in the catalogue is left out.
    public init(_ plan: JobPlan, rates known: KnownRates, _ catalogue: OperatorCatalogue) {
        self.plan = plan
        self.known = known
        let (rates, needs) = (known.rates, plan.grantNeeds(catalogue))
        tasks = plan.tasks.compactMap { task in
            guard let known = catalogue[task.operatorName]?.description else { return nil }
            let setting = plan.setting(of: task)
            return Task(
                name: task.name, operatorName: task.operatorName, operatorVersion: task.operatorVersion,
                after: task.after, messages: known.messages(setting),
                costs: plan.parties.indices.map { known.cost(setting, $0, rates) }, leakage: known.leakage,
                grants: needs.filter { $0.task == task.name })
        }
        totals = plan.parties.indices.map { [tasks] party in
            var total = TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            for task in tasks {
                total.seconds += task.costs[party].seconds
                total.bytesOut = Self.capped(total.bytesOut.addingReportingOverflow(task.costs[party].bytesOut))
                total.memory = max(total.memory, task.costs[party].memory)
            }
            return total
        }
    }

    /// The most that a message type can say over the whole task, in bits.
    public static func bits(_ row: MessageRow) -> UInt64 {
        capped(row.expectedBytes.multipliedReportingOverflow(by: 8))
    }

    private static func capped(_ result: (partialValue: UInt64, overflow: Bool)) -> UInt64 {
        result.overflow ? .max : result.partialValue
    }
}
