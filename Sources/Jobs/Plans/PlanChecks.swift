public import Faults
public import Ledger
import Resources
public import TaskRuntime

/// Whether this site can take part in a plan that it is given in its bytes, whoever made it.
public struct PlanChecks: Sendable {
    private let catalogue: OperatorCatalogue

    public init(_ catalogue: OperatorCatalogue) {
        self.catalogue = catalogue
    }

    /// - Parameters:
    ///   - site: this site, which must be a party.
    /// - Throws: one fault, or `JobFaults.invalid` with all: `.unknownOperator`, `.versionDiffers`, `.wrongParameter`,
    ///   `.unknownParameter`, `.missingParameter`, `.wrongRoles`, `.wrongGraph`, `.notInPlan`, `.unreadableReference`,
    ///   `.inputNotBefore`.
    public func check(_ plan: JobPlan, at site: SiteID) throws(Fault) {
        var faults: [Fault] = []
        let sites = plan.parties.map(\.site)
        if !sites.contains(site) { faults.append(Fault(JobFaults.notInPlan)) }
        if !sites.contains(plan.owner) {
            faults.append(Fault(JobFaults.notInPlan, "The owner of a job is not among its parties."))
        }
        if Set(sites).count != sites.count || !(1...16).contains(sites.count) {
            faults.append(
                Fault(
                    JobFaults.wrongRoles, "A site takes part twice, or too many do.", wanted: "1 to 16 sites, each once"
                ))
        }
        if !Names.isValid(plan.name) || !ULID.isValid(plan.job) {
            faults.append(Fault(JobFaults.unreadablePlan, "The plan's name or id is none."))
        }
        if !JobLimits.memoryBounds.contains(Int64(clamping: plan.limits.memory >> 20))
            || !JobLimits.coreBounds.contains(Int64(plan.limits.cores))
            || !JobLimits.secondBounds.contains(plan.limits.seconds)
        {
            faults.append(Fault(JobFaults.unreadablePlan, "The plan's limits are outside what a job may ask for."))
        }
        guard (1...JobPlan.mostTasks).contains(plan.tasks.count) else {
            throw Fault(
                JobFaults.wrongGraph, "The plan has \(plan.tasks.count) tasks.", wanted: "1 to \(JobPlan.mostTasks)")
        }
        var seen: Set<String> = []
        var waits: [String: Set<String>] = [:]
        for (index, task) in plan.tasks.enumerated() {
            let path = "tasks[\(index)]"
            if !Names.isValid(task.name) || seen.contains(task.name) || !seen.isSuperset(of: task.after) {
                faults.append(
                    Fault(JobFaults.wrongGraph, at: path, wanted: "tasks of one name each, after those they wait for"))
            }
            seen.insert(task.name)
            let before = ReferenceChecks.wait(task.name, after: task.after, &waits)
            faults += check(task, of: plan, before: before, at: path)
        }
        if faults.count == 1 { throw faults[0] }
        if !faults.isEmpty {
            throw Fault(JobFaults.invalid, "The plan of job \(plan.name) has \(faults.count) mistakes.", parts: faults)
        }
    }

    private func check(
        _ task: PlannedTask, of plan: JobPlan, before: Set<String>, at path: String
    ) -> [Fault] {
        guard let known = catalogue[task.operatorName]?.description else {
            return [JobChecks(catalogue).unknownOperator(task.operatorName, at: "\(path).operator")]
        }
        guard known.version == task.operatorVersion else {
            return [JobChecks.versionDiffers(known, task.operatorVersion, at: "\(path).version")]
        }
        let parties = plan.parties.enumerated().map { JobChecks.Party(role: $1.role, path: "parties[\($0)].role") }
        var faults = JobChecks.check(parties, of: known, counted: "parties")
        for parameter in known.parameters {
            let place = "\(path).parameters.\(parameter.name)"
            guard let value = task.parameters[parameter.name] else {
                faults.append(Fault(JobFaults.missingParameter, at: place, wanted: parameter.form.wanted))
                continue
            }
            if !parameter.form.holds(value) { faults.append(ParameterReading.wrong(parameter, at: place)) }
        }
        for name in task.parameters.keys.sorted() where !known.parameters.contains(where: { $0.name == name }) {
            faults.append(
                Fault(JobFaults.unknownParameter, at: "\(path).parameters", wanted: "parameters of the operator"))
        }
        guard faults.isEmpty else { return faults }
        let setting = plan.setting(of: task)
        do throws(Fault) {
            try known.check(setting)
            return ReferenceChecks(isPlan: true).check(known, setting, before: before, at: path)
        } catch {
            return [error.placed(at: error.place.map { "\(path).\($0)" } ?? path)]
        }
    }
}
