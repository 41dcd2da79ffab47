import Data
import Resources
import TaskRuntime

/// What a parameter names of an earlier task: its result (`TASK` of the same job, `JOB/TASK` of an earlier one), or what it
/// has left of a dataset (`NAME@JOB/TASK`). In a document JOB may be the name of a job, in a plan it is the ULID; a document
/// may also name the result by the version of a model that it is (`MODEL:VERSION`, `MODEL:ALIAS`).
struct TaskReference: Hashable {
    /// As it is written.
    let text: String
    /// Nil for the same job.
    let job: String?
    let task: String
    /// Of which model, and its number or alias; nil for what is named by a task.
    let version: ModelReference?

    /// - Parameter text: nil comes of what is no such reference.
    init?(result text: String) {
        if let version = ModelReference(text), version.which != nil {
            (self.text, job, task, self.version) = (text, nil, "", version)
            return
        }
        let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(words.count), let task = words.last, Names.isValid(task) else { return nil }
        if words.count == 2, !ULID.isValid(words[0]), !Names.isValid(words[0]) { return nil }
        (self.text, job, self.task, version) = (text, words.count == 2 ? words[0] : nil, task, nil)
    }

    /// - Parameter text: nil comes of a dataset that no task has left, and of what is no dataset's name.
    init?(dataset text: String) {
        guard let name = DatasetName(text), let job = name.job, let task = name.task else { return nil }
        (self.text, self.job, self.task, version) = (text, job, task, nil)
    }

    /// The job's name where it is one; nil for a ULID, and within the same job.
    var jobName: String? { job.flatMap { ULID.isValid($0) ? nil : $0 } }

    /// Whether only this site knows what is meant.
    var isLocal: Bool { jobName != nil || version != nil }

    /// A parameter's text with another one in place of the reference: of the text itself, or of one of a list of parties;
    /// nil where it is neither.
    func replaced(in parameter: String, by name: String) -> String? {
        let elements = ParameterList.elements(of: parameter, by: ParameterList.parties)
        guard elements.contains(text) else { return nil }
        return elements.map { $0 == text ? name : $0 }.joined(separator: String(ParameterList.parties))
    }

    /// The same with a job's ULID in place of its name.
    func naming(_ ulid: String) -> String {
        let head = text.split(separator: "@", omittingEmptySubsequences: false).dropLast().joined()
        return head.isEmpty ? "\(ulid)/\(task)" : "\(head)@\(ulid)/\(task)"
    }
}

extension OperatorDescription {
    /// Results of earlier tasks that a task reads, and datasets that earlier tasks have left, each once; what is none of
    /// these is left out.
    func references(_ setting: TaskSetting) -> [TaskReference] {
        var found: [TaskReference] = []
        let all =
            inputs(setting).map { TaskReference(result: $0) }
            + reads(setting).map { TaskReference(dataset: $0.dataset) }
        for reference in all.compactMap(\.self) where !found.contains(reference) { found.append(reference) }
        return found
    }
}
