import Faults
import Ledger
import TaskRuntime

/// Whether the results of earlier jobs that a plan reads are here and may be read: the jobs have succeeded, and the same
/// parties in the same roles have made them, counted in the same order.
struct EarlierJobChecks {
    let catalogue: OperatorCatalogue
    let earlier: any EarlierJobs

    /// Everything that stands against it, each at the path of the parameter. What a task has left of a dataset is a dataset
    /// like any other, and the grants decide.
    func refusals(of plan: JobPlan) async throws -> [Fault] {
        var faults: [Fault] = []
        for (index, task) in plan.tasks.enumerated() {
            guard let known = catalogue[task.operatorName]?.description else { continue }
            let setting = plan.setting(of: task)
            for text in known.inputs(setting) {
                guard let reference = TaskReference(result: text) else { continue }
                var source = plan.tasks.first { $0.name == reference.task }
                if let job = reference.job {
                    if let refusal = try await refusal(job, reference.task, plan) {
                        let place = ReferenceChecks.place(of: text, setting, at: "tasks[\(index)]")
                        faults.append(refusal.placed(at: place))
                        continue
                    }
                    source = try await earlier.find(job)?.plan.tasks.first { $0.name == reference.task }
                }
                for name in known.keptParameters where source?.parameters[name] != task.parameters[name] {
                    faults.append(
                        Fault(
                            JobFaults.earlierJobDiffers, at: "tasks[\(index)].parameters.\(name)",
                            wanted: "as in \(text)"))
                }
            }
        }
        return faults
    }

    private func refusal(_ job: String, _ task: String, _ plan: JobPlan) async throws -> Fault? {
        // Whoever had no part in a job is not told that it was here.
        guard let found = try await earlier.find(job), found.plan.parties.contains(where: { $0.site == plan.owner })
        else {
            return Fault(JobFaults.earlierJobUnknown, "Job \(job) is not known here.")
        }
        guard found.plan.parties == plan.parties else {
            return Fault(
                JobFaults.earlierJobParties,
                wanted: found.plan.parties.map { "\($0.site.short) as \($0.role)" }.joined(separator: ", "))
        }
        guard found.plan.tasks.contains(where: { $0.name == task }) else {
            return Fault(
                JobFaults.earlierJobUnknown, "Job \(job) has no task '\(task)'.",
                wanted: found.plan.tasks.map(\.name).prefix(20).joined(separator: ", "))
        }
        guard found.hasSucceeded else {
            return Fault(JobFaults.earlierJobUnfinished, "Job \(job) has not succeeded.")
        }
        guard found.outputs[task] != nil else {
            return Fault(JobFaults.earlierJobUnknown, "Nothing that task '\(task)' of job \(job) left is here.")
        }
        return nil
    }
}
