/// What one party needs for a task, as the predictor says before it runs.
public struct TaskCost: Sendable, Hashable {
    /// Wall time in seconds, waiting for the others included.
    public var seconds: Double
    /// Payload bytes that leave this party.
    public var bytesOut: UInt64
    /// Peak memory of the worker in bytes.
    public var memory: UInt64

    public init(seconds: Double, bytesOut: UInt64, memory: UInt64) {
        self.seconds = seconds
        self.bytesOut = bytesOut
        self.memory = memory
    }
}

/// How fast a machine and its routes are: measured by the operator `verify` where it ran, else careful defaults.
public struct MachineRates: Sendable, Hashable {
    /// Products modulo n² of a 2048-bit key, per second and core.
    public var productsPerSecond: Double
    /// Encryptions by the key's owner, 2048 bits, per second and core.
    public var encryptionsPerSecond: Double
    /// Decryptions, 2048 bits, per second and core.
    public var decryptionsPerSecond: Double
    /// Bytes per second between the two slowest connected parties.
    public var bandwidth: Double
    /// Seconds there and back between the two furthest parties.
    public var roundTrip: Double
    /// Whether they were measured here.
    public var isMeasured: Bool

    /// A machine without vector kernels on a slow line.
    public static let careful = MachineRates(
        productsPerSecond: 250_000, encryptionsPerSecond: 2_500, decryptionsPerSecond: 1_000, bandwidth: 12_500_000,
        roundTrip: 0.02, isMeasured: false
    )

    public init(
        productsPerSecond: Double, encryptionsPerSecond: Double, decryptionsPerSecond: Double, bandwidth: Double,
        roundTrip: Double, isMeasured: Bool
    ) {
        self.productsPerSecond = productsPerSecond
        self.encryptionsPerSecond = encryptionsPerSecond
        self.decryptionsPerSecond = decryptionsPerSecond
        self.bandwidth = bandwidth
        self.roundTrip = roundTrip
        self.isMeasured = isMeasured
    }
}
