/// What one worker uses.
public struct WorkerUsage: Sendable, Hashable {
    public let worker: WorkerID
    /// Cores that it keeps busy, on average over the last seconds.
    public let cores: Double
    /// Processor time since its start.
    public let processorTime: Duration
    /// Resident memory in bytes.
    public let memory: UInt64
    /// What it may use.
    public let limits: WorkerLimits

    public init(worker: WorkerID, cores: Double, processorTime: Duration, memory: UInt64, limits: WorkerLimits) {
        self.worker = worker
        self.cores = cores
        self.processorTime = processorTime
        self.memory = memory
        self.limits = limits
    }
}
