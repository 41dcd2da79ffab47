public import Faults
public import Ledger

/// What a site allows of what it could do. The policies of tenants and purposes come behind the same question.
///
/// - Retry: asking changes nothing.
/// - Order: the answer is for this moment; a plan that was admitted is not asked for again.
public protocol JobPolicy: Sendable {
    /// Everything that the policy has against the plan, each with what it would allow; empty when it allows it.
    ///
    /// - Parameter isForeign: another site proposes it.
    func refusals(of plan: JobPlan, isForeign: Bool) async throws -> [Fault]
}

/// One policy for the whole site, from its configuration. As it stands it allows whatever is in the catalogue, within
/// what a job may ask for at all.
public struct ConfiguredPolicy: JobPolicy {
    /// Names of operators; nil for all.
    public var operators: Set<String>?
    /// Who may propose jobs here.
    public var mayPropose: @Sendable (SiteID) -> Bool = { _ in true }
    /// The most that a job may ask for.
    public var most = JobLimits(
        memory: UInt64(JobLimits.memoryBounds.upperBound) << 20, cores: Int(JobLimits.coreBounds.upperBound),
        seconds: JobLimits.secondBounds.upperBound)

    public init() {}

    public func refusals(of plan: JobPlan, isForeign: Bool) -> [Fault] {
        var faults: [Fault] = []
        if isForeign, !mayPropose(plan.owner) {
            faults.append(
                Fault(JobFaults.notAllowed, "Site \(plan.owner.short) may not propose jobs here.", at: "plan.owner"))
        }
        for (index, task) in plan.tasks.enumerated() {
            if let operators, !operators.contains(task.operatorName) {
                faults.append(
                    Fault(
                        JobFaults.notAllowed, "The operator '\(task.operatorName)' is not allowed here.",
                        at: "tasks[\(index)]", wanted: operators.sorted().joined(separator: ", ")))
            }
        }
        func hold(_ asked: UInt64, _ allowed: UInt64, _ what: String, _ unit: String) {
            guard asked > allowed else { return }
            faults.append(
                Fault(
                    JobFaults.notAllowed, "The job asks for \(asked) \(unit).", at: "limits.\(what)",
                    wanted: "at most \(allowed) \(unit)"))
        }
        hold(plan.limits.memory >> 20, most.memory >> 20, "memory", "MiB")
        hold(UInt64(clamping: plan.limits.cores), UInt64(clamping: most.cores), "cores", "cores")
        hold(UInt64(clamping: plan.limits.seconds), UInt64(clamping: most.seconds), "seconds", "seconds")
        return faults
    }
}
