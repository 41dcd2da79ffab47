import Data
import Faults
import Resources
import TaskRuntime

/// Whether what a task names of earlier tasks can be read, and within its own job is waited for.
struct ReferenceChecks {
    /// Jobs are named by their ULIDs alone: in plans, not in documents.
    let isPlan: Bool

    /// - Parameters:
    ///   - setting: one that the operator's own rules have passed.
    ///   - before: every task of the job that the task waits for, directly or through others.
    ///   - path: of the task.
    func check(
        _ known: OperatorDescription, _ setting: TaskSetting, before: Set<String>, at path: String
    ) -> [Fault] {
        var faults: [Fault] = []
        func unreadable(_ text: String, wanted: String) {
            faults.append(
                Fault(JobFaults.unreadableReference, at: Self.place(of: text, setting, at: path), wanted: wanted))
        }
        let job = isPlan ? "the ULID of a job" : "a job's name or ULID"
        for text in known.inputs(setting) {
            guard let reference = TaskReference(result: text), !isPlan || !reference.isLocal else {
                unreadable(text, wanted: "TASK, or JOB/TASK with \(job)" + (isPlan ? "" : ", or MODEL:VERSION"))
                continue
            }
            if reference.job == nil, reference.version == nil, !before.contains(reference.task) {
                faults.append(
                    Fault(
                        JobFaults.inputNotBefore, at: Self.place(of: text, setting, at: path),
                        wanted: before.isEmpty
                            ? "a task named under `after`" : before.sorted().prefix(20).joined(separator: ", ")))
            }
        }
        for use in known.reads(setting) where DatasetName.isOfTask(use.dataset) {
            if let reference = TaskReference(dataset: use.dataset), !isPlan || reference.jobName == nil { continue }
            unreadable(use.dataset, wanted: "NAME@JOB/TASK with \(job)")
        }
        return faults.reduce(into: []) { all, fault in
            if !all.contains(where: { $0 == fault && $0.place == fault.place }) { all.append(fault) }
        }
    }

    /// The parameter that says it, alone or in a list of parties.
    static func place(of text: String, _ setting: TaskSetting, at path: String) -> String {
        let name = setting.parameters.filter { _, value in
            guard case .text(let own) = value else { return false }
            return own == text || ParameterList.elements(of: own, by: ParameterList.parties).contains(text)
        }.keys.sorted().first
        return name.map { "\(path).parameters.\($0)" } ?? "\(path).parameters"
    }

    /// Adds a task to what is known of the tasks above it: every task that each of them waits for.
    static func wait(_ task: String, after: [String], _ known: inout [String: Set<String>]) -> Set<String> {
        let all = after.reduce(into: Set(after)) { $0.formUnion(known[$1] ?? []) }
        known[task] = all
        return all
    }
}
