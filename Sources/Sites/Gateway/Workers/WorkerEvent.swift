public import Faults

/// What a worker told or did, for whoever runs it.
public struct WorkerEvent: Sendable {
    public enum What: Sendable {
        case connected
        /// In units of the task.
        case progress(done: UInt64, total: UInt64)
        /// Level 0 (trace) to 6 (critical). The text is the worker's: quote it, do not trust it.
        case log(level: UInt8, text: String)
        case done(result: [UInt8])
        /// It gave up, was refused, or its connection broke.
        case failed(Fault)
    }

    public let job: String
    public let task: String
    public let epoch: UInt64
    public let what: What

    public init(job: String, task: String, epoch: UInt64, what: What) {
        self.job = job
        self.task = task
        self.epoch = epoch
        self.what = what
    }
}
