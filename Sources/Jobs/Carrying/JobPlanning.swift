public import Sites
public import TaskRuntime

/// What a job's side needs to know of plans: their bytes, whether this site can take part, and what may cross.
public protocol JobPlanning: Sendable {
    /// The plan's only form; its digest is over it.
    func encode(_ plan: JobPlan) throws -> [UInt8]

    /// - Throws: a fault for bytes that are not exactly a plan.
    func decode(_ bytes: [UInt8]) throws -> JobPlan

    /// Whether this site could carry the plan out: operators, versions, grants, policy.
    ///
    /// - Parameter isForeign: it came from another site.
    /// - Throws: a fault that says everything that stands against it, with its numbers.
    func check(_ plan: JobPlan, isForeign: Bool) async throws

    /// Why a person here must approve the plan; nil when nobody must.
    func approval(of plan: JobPlan, isForeign: Bool) async throws -> String?

    /// The grants of this site that a task reads with.
    func reads(of task: String, _ plan: JobPlan) -> [GrantNeed]

    /// What this site opens for its side of a task.
    func needs(of task: String, _ plan: JobPlan) -> TaskNeeds

    /// What the task has to do with a model that outlives the job; nil for nothing.
    func model(of task: PlannedTask, _ plan: JobPlan) -> LeftModel.Kind?

    /// What is remembered of columns after a task.
    ///
    /// - Parameter before: what was remembered when it began.
    func columns(
        _ kept: KeptColumns, before: [UInt8]?, from left: TaskLeft, of task: PlannedTask, _ plan: JobPlan
    ) throws -> [UInt8]?

    /// What the gateway lets cross.
    func declared(_ plan: JobPlan, digest: [UInt8], epoch: UInt64) throws -> DeclaredPlan

    /// The seed of a task, 32 bytes.
    func seed(of task: String, _ plan: JobPlan) -> [UInt8]

    /// The digest of the output within what a worker handed over; 32 bytes.
    ///
    /// - Throws: a fault for what is no result.
    func digest(ofResult result: [UInt8], of task: String, _ plan: JobPlan) throws -> [UInt8]

    /// What the output of a task at this site depends on; nil where it cannot be reused: the operator measures, or the
    /// digest of a dataset that it reads is not known.
    ///
    /// - Parameter outputs: digests of the outputs of the tasks before it at this site, by name, 32 bytes each.
    func key(of task: PlannedTask, in plan: JobPlan, after outputs: [String: [UInt8]]) async throws -> TaskKey?
}

extension JobPlanning {
    public func key(of task: PlannedTask, in plan: JobPlan, after outputs: [String: [UInt8]]) async throws -> TaskKey? {
        nil
    }
}

extension JobPlanning {
    public func reads(of task: String, _ plan: JobPlan) -> [GrantNeed] { [] }

    public func needs(of task: String, _ plan: JobPlan) -> TaskNeeds { TaskNeeds() }

    public func model(of task: PlannedTask, _ plan: JobPlan) -> LeftModel.Kind? { nil }

    public func columns(
        _ kept: KeptColumns, before: [UInt8]?, from left: TaskLeft, of task: PlannedTask, _ plan: JobPlan
    ) throws -> [UInt8]? { before }
}
