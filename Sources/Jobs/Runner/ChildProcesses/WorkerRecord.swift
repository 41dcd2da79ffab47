#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is written down of a worker before it is started, and again when its number is known.
struct WorkerRecord: Codable, Hashable {
    /// The variable of the environment that every process of a worker has.
    static let variable = "ATOLL_WORKER"

    var version = 1
    var job: String
    var task: String
    var epoch: UInt64
    var mark: String
    /// The start of the system in which it runs.
    var boot: String
    /// Folders of its control group; they need not be there yet.
    var groups: [String]
    /// Its number and when it started; nil until it was started.
    var process: Int32?
    var start: UInt64?

    init(_ worker: WorkerID, mark: ProcessMark, groups: [String]) {
        job = worker.job
        task = worker.task
        epoch = worker.epoch
        self.mark = mark.value
        boot = ProcessStatus.bootID
        self.groups = groups
    }

    var worker: WorkerID { WorkerID(job: job, task: task, epoch: epoch) }
    var processMark: ProcessMark { ProcessMark(variable: Self.variable, value: mark) }
}
