public import Observability
public import Resources

/// Where the figures of machines come from: what the site measures itself, or something that watches its machines.
///
/// - What is not known is nil, or absent; nothing is guessed.
/// - Order: machines by name, samples oldest first.
/// - Retry: asking changes nothing.
public protocol MetricSource: Sendable {
    /// Every machine of the site with its last sample.
    func machines() async throws -> [MachineState]

    /// Averages of one machine over steps; steps without samples are left out.
    ///
    /// - Parameters:
    ///   - machine: one of `machines`.
    ///   - step: milliseconds, at least 1.
    func history(of machine: String, from: Timestamp, until: Timestamp, step: Int64) async throws -> [MachineSample]
}

extension MachineMonitor: MetricSource {
    public func history(
        of machine: String, from: Timestamp, until: Timestamp, step: Int64
    ) async throws -> [MachineSample] {
        guard machine == Self.machineName else { return [] }
        return try await history(from: from, until: until, step: step)
    }
}
