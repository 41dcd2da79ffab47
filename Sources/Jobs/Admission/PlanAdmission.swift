import Faults
public import Ledger
public import TaskRuntime

/// Whether this site carries out its side of a plan: it can, it may, and its data may be read.
public struct PlanAdmission: Sendable {
    private let catalogue: OperatorCatalogue
    private let site: SiteID
    private let policy: any JobPolicy
    private let grants: any GrantBook

    public init(
        _ catalogue: OperatorCatalogue, site: SiteID, policy: any JobPolicy = ConfiguredPolicy(),
        grants: any GrantBook = MemoryGrantBook()
    ) {
        self.catalogue = catalogue
        self.site = site
        self.policy = policy
        self.grants = grants
    }

    /// - Parameter isForeign: another site proposes it.
    /// - Throws: what `PlanChecks` throws; else `JobFaults.notAllowed`, `.grantMissing` and the terms of grants that stand
    ///   against it, several as `.invalid`.
    public func check(_ plan: JobPlan, isForeign: Bool) async throws {
        try PlanChecks(catalogue).check(plan, at: site)
        var faults = try await policy.refusals(of: plan, isForeign: isForeign)
        let needs = plan.grantNeeds(catalogue).filter { $0.owner == site }
        for refusal in needs.isEmpty ? [] : try await grants.refusals(needs, of: plan.job) {
            let need = refusal.need
            faults.append(
                refusal.reason?.placed(at: "task \(need.task)")
                    ?? Fault(
                        JobFaults.grantMissing,
                        "The task '\(need.task)' reads '\(need.dataset)', which is not granted to \(need.peer.short).",
                        at: "task \(need.task)", wanted: "a grant of '\(need.dataset)' to \(need.peer.short)"))
        }
        if faults.count == 1 { throw faults[0] }
        if !faults.isEmpty {
            throw Fault(
                JobFaults.invalid, "\(faults.count) things stand against the job \(plan.name) here.", parts: faults)
        }
    }
}
