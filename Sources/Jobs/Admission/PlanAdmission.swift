import Faults
public import Ledger
import Sites
public import TaskRuntime

/// Whether this site carries out its side of a plan: it can, it may, and its data may be read.
public struct PlanAdmission: Sendable {
    private let catalogue: OperatorCatalogue
    private let site: SiteID
    private let policy: any JobPolicy
    private let grants: any GrantBook
    private let clocks: any PeerClocks
    private let earlier: EarlierJobChecks

    public init(
        _ catalogue: OperatorCatalogue, site: SiteID, policy: any JobPolicy = ConfiguredPolicy(),
        grants: any GrantBook = MemoryGrantBook(), clocks: any PeerClocks = UnknownClocks(),
        earlier: any EarlierJobs = NoEarlierJobs()
    ) {
        self.catalogue = catalogue
        self.site = site
        self.policy = policy
        self.grants = grants
        self.clocks = clocks
        self.earlier = EarlierJobChecks(catalogue: catalogue, earlier: earlier)
    }

    /// - Parameter isForeign: another site proposes it.
    /// - Throws: what `PlanChecks` throws; else `JobFaults.notAllowed`, `.clockDiffers`, `.earlierJobUnknown`,
    ///   `.earlierJobUnfinished`, `.earlierJobParties`, `.grantMissing` and the terms of grants that stand against it,
    ///   several as `.invalid`.
    public func check(_ plan: JobPlan, isForeign: Bool) async throws {
        try PlanChecks(catalogue).check(plan, at: site)
        var faults = try await policy.refusals(of: plan, isForeign: isForeign)
        for party in plan.parties where party.site != site {
            guard let ahead = try await clocks.milliseconds(ahead: party.site),
                ahead.magnitude > UInt64(ProbeLimits().clockRefusal)
            else { continue }
            faults.append(
                Fault(
                    JobFaults.clockDiffers,
                    "The clock of site \(party.site.short) is \(ahead.magnitude / 1_000) s "
                        + "\(ahead < 0 ? "behind" : "ahead of") that of \(site.short).",
                    at: "party \(party.site.short)", wanted: "at most \(ProbeLimits().clockRefusal / 1_000) s"))
        }
        faults += try await earlier.refusals(of: plan)
        let needs = plan.grantNeeds(catalogue).filter { $0.owner == site }
        for refusal in needs.isEmpty ? [] : try await grants.refusals(needs, of: plan.job) {
            let need = refusal.need
            faults.append(
                refusal.reason?.placed(at: "task \(need.task)")
                    ?? Fault(
                        JobFaults.grantMissing,
                        "The task '\(need.task)' reads '\(need.dataset)', which is not granted to \(need.peer.short).",
                        at: "task \(need.task)", wanted: "a grant of '\(need.grantedName)' to \(need.peer.short)"))
        }
        if faults.count == 1 { throw faults[0] }
        if !faults.isEmpty {
            throw Fault(
                JobFaults.invalid, "\(faults.count) things stand against the job \(plan.name) here.", parts: faults)
        }
    }
}
