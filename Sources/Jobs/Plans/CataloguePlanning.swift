import Faults
public import Ledger
public import Sites
public import TaskRuntime

/// Plans by the program's own catalogue.
public struct CataloguePlanning: JobPlanning {
    private let catalogue: OperatorCatalogue
    private let site: SiteID
    private let approves: @Sendable (JobPlan) async throws -> Bool
    private let admission: PlanAdmission

    /// - Parameters:
    ///   - site: this site.
    ///   - policy: what it allows of what it could do.
    ///   - grants: of this site.
    ///   - approves: whether the job's document at this site asks for the approval of somebody else.
    public init(
        _ catalogue: OperatorCatalogue, site: SiteID, policy: any JobPolicy = ConfiguredPolicy(),
        grants: any GrantBook = MemoryGrantBook(), approves: @escaping @Sendable (JobPlan) async throws -> Bool
    ) {
        self.catalogue = catalogue
        self.site = site
        self.approves = approves
        admission = PlanAdmission(catalogue, site: site, policy: policy, grants: grants)
    }

    public func encode(_ plan: JobPlan) -> [UInt8] { plan.bytes }

    public func decode(_ bytes: [UInt8]) throws -> JobPlan { try JobPlan(bytes: bytes) }

    public func check(_ plan: JobPlan, isForeign: Bool) async throws {
        try await admission.check(plan, isForeign: isForeign)
    }

    public func approval(of plan: JobPlan, isForeign: Bool) async throws -> String? {
        try await approves(plan) ? "The job's document asks for somebody else's approval." : nil
    }

    public func reads(of task: String, _ plan: JobPlan) -> [GrantNeed] {
        plan.grantNeeds(catalogue).filter { $0.owner == site && $0.task == task }
    }

    public func declared(_ plan: JobPlan, digest: [UInt8], epoch: UInt64) -> DeclaredPlan {
        plan.declared(at: site, digest: digest, epoch: epoch, catalogue)
    }

    public func seed(of task: String, _ plan: JobPlan) -> [UInt8] { plan.seed(of: task) }

    public func digest(ofResult result: [UInt8], of task: String, _ plan: JobPlan) throws -> [UInt8] {
        try TaskResult(decoding: result).partDigest(seed: plan.seed(of: task))
    }
}
