import Faults
public import TaskRuntime

/// The real clock, and figures that cost no time.
public struct FixedMeasures: WorkerMeasures {
    private static let start = ContinuousClock.now

    public init() {}

    public func now() -> Duration { ContinuousClock.now - Self.start }

    public func kernels(for duration: Duration) -> Measurement {
        .kernels(
            productsPerSecond: 1_000_000, encryptionsPerSecond: 4_000, decryptionsPerSecond: 2_000, kernel: "fixed")
    }

    public func disk(bytes: Int, scratch: String) -> Measurement { .disk(write: 1e9, read: 2e9) }
}
