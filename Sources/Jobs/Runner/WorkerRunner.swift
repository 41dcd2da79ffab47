public import Faults

/// Starts workers and tells how they end: child processes on one machine, pods on Kubernetes.
///
/// - Identity: a worker is one (job, task, epoch); starting one that runs already does nothing.
/// - Ends: every worker that was started is reported on `exits` exactly once, also when it was stopped, and also (as
///   `lost`) one of an earlier life of the site that `recover` found or that is known to be gone.
/// - Durability: what `start` starts is found again by `recover` after `kill -9` of the site at any moment.
/// - Order: `start` returns once the worker was made or could not be; its exit may come before that return.
public protocol WorkerRunner: Sendable {
    /// What the runner can give at most, over all workers.
    var capacity: WorkerCapacity { get }

    /// - Throws: `RunnerFaults.notStarted`.
    func start(_ launch: WorkerLaunch) async throws(Fault)

    /// Ends a worker: asks it, and after `grace` ends it. Returns when it is gone; one that does not run is no error.
    func stop(_ worker: WorkerID, grace: Duration) async

    /// The worker was heard of elsewhere: it does not hang. Cheap, never waits.
    func touch(_ worker: WorkerID)

    /// Workers that run now.
    func running() async -> Set<WorkerID>

    /// Ends the workers that an earlier life of this site left behind. Called once, before the first start.
    func recover() async throws(Fault)

    /// What the workers use that run now. Cheap; figures are at most a second old.
    func usage() async -> [WorkerUsage]

    /// What those used that have ended since this was asked last; asked by one alone.
    func takeEnded() async -> [WorkerUsage]

    /// Ends of workers, in the order they were seen; iterated once.
    var exits: AsyncStream<WorkerExit> { get }
}

extension WorkerRunner {
    /// For runners that do not watch for silence.
    public func touch(_ worker: WorkerID) {}
}

extension WorkerRunner {
    /// For runners that cannot tell.
    public func usage() async -> [WorkerUsage] { [] }
    public func takeEnded() async -> [WorkerUsage] { [] }
}

public struct WorkerID: Sendable, Hashable, CustomStringConvertible {
    /// The job's ULID.
    public let job: String
    public let task: String
    public let epoch: UInt64

    public init(job: String, task: String, epoch: UInt64) {
        self.job = job
        self.task = task
        self.epoch = epoch
    }

    public var description: String { "\(job)/\(task)/\(epoch)" }
}

/// Everything that a runner needs to start a worker.
public struct WorkerLaunch: Sendable {
    public let id: WorkerID
    /// The task's order (`TaskOrder`), for the worker's standard input.
    public let order: [UInt8]
    public let limits: WorkerLimits
    /// What it finds open, from descriptor `firstFile` on.
    public let files: [WorkerFile]

    public static let firstFile: Int32 = 3

    public init(id: WorkerID, order: [UInt8], limits: WorkerLimits, files: [WorkerFile] = []) {
        self.id = id
        self.order = order
        self.limits = limits
        self.files = files
    }
}

/// What one worker may use. Enforced by the runner.
public struct WorkerLimits: Sendable, Hashable {
    /// Resident memory in bytes.
    public var memory: UInt64
    public var cores: Int
    /// Wall time; nil for no end.
    public var time: Duration?
    /// A worker that uses no processor and says nothing for this long is taken to hang; nil never.
    public var silence: Duration?

    public init(memory: UInt64, cores: Int, time: Duration? = nil, silence: Duration? = nil) {
        self.memory = memory
        self.cores = cores
        self.time = time
        self.silence = silence
    }
}

public struct WorkerCapacity: Sendable, Hashable, Codable {
    public var memory: UInt64
    public var cores: Int

    public init(memory: UInt64, cores: Int) {
        self.memory = memory
        self.cores = cores
    }
}

/// How a worker ended.
public struct WorkerExit: Sendable {
    public enum Cause: Sendable, Hashable {
        /// It ended by itself with status 0.
        case finished
        /// It ended by itself with another status.
        case failed(status: Int32)
        /// A signal ended it that the runner did not send.
        case crashed(signal: Int32)
        /// It wanted more memory than its limit, both in bytes.
        case outOfMemory(limit: UInt64, peak: UInt64)
        /// It did nothing for so long.
        case hung(Duration)
        /// It ran longer than its limit.
        case overtime(Duration)
        /// `stop` ended it.
        case stopped
        /// It belonged to an earlier life of the site, and is gone.
        case lost
    }

    public let worker: WorkerID
    public let cause: Cause
    /// The last lines that it wrote to its standard error, oldest first; at most 20 of at most 500 characters.
    public let lastLines: [String]
    /// Largest resident memory seen, in bytes; 0 when unknown.
    public let peakMemory: UInt64
    /// Processor time; zero when unknown.
    public let processorTime: Duration

    public init(
        worker: WorkerID, cause: Cause, lastLines: [String], peakMemory: UInt64, processorTime: Duration
    ) {
        self.worker = worker
        self.cause = cause
        self.lastLines = lastLines
        self.peakMemory = peakMemory
        self.processorTime = processorTime
    }
}
