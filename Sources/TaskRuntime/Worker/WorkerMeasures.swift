public import Faults

/// What a worker asks the machine; tests give answers of their own.
public protocol WorkerMeasures: Sendable {
    /// The monotonic clock, since any fixed moment of this process.
    func now() -> Duration

    /// - Throws: faults of the kernels' self-test.
    func kernels(for duration: Duration) throws(Fault) -> Measurement

    /// - Throws: `TaskFaults.scratchUnusable`.
    func disk(bytes: Int, scratch: String) throws(Fault) -> Measurement
}
