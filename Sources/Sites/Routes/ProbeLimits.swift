import Faults
import Resources

/// What a route must reach: below it a probe warns, and a clock too far off fails. Judged here, measured elsewhere.
public struct ProbeLimits: Sendable, Hashable {
    /// Microseconds.
    public var roundTrip: Int64 = 50_000
    /// Bits per second.
    public var bandwidth: Int64 = 10_000_000
    /// Bytes.
    public var largestMessage: Int64 = 1 << 20
    /// Microseconds that a small message may be held for want of more data, or as long as the round trip itself.
    public var held: Int64 = 50_000
    /// Milliseconds.
    public var clockWarning: Int64 = 2_000
    public var clockRefusal: Int64 = 60_000

    public init() {}

    func judge(roundTrip: Int64) -> ProbeStep {
        ProbeStep(
            .roundTrip, roundTrip > self.roundTrip ? .warn : .pass,
            found: "The round trip takes \(Self.milliseconds(roundTrip)).",
            wanted: "at most \(Self.milliseconds(self.roundTrip))",
            fix: "Choose a shorter way to the peer; window and credit are raised for long ones by themselves.")
    }

    func judge(bandwidth: Int64) -> ProbeStep {
        ProbeStep(
            .bandwidth, bandwidth < self.bandwidth ? .warn : .pass,
            found: "Bulk data moves at \(Self.megabits(bandwidth)).",
            wanted: "at least \(Self.megabits(self.bandwidth))",
            fix: "Give the route more bandwidth; jobs run, but wait for the network.")
    }

    /// - Parameter limit: why nothing larger was tried, if so.
    func judge(largestMessage: Int64, of tried: Int64, limit: String = "") -> ProbeStep {
        ProbeStep(
            .largestMessage, largestMessage == 0 ? .fail : largestMessage < self.largestMessage ? .warn : .pass,
            found: largestMessage == 0
                ? "Not even a message of \(Self.kibibytes(tried)) comes through."
                : "Messages of \(Self.kibibytes(largestMessage)) come through\(limit.isEmpty ? "" : " (\(limit))").",
            wanted: "at least \(Self.kibibytes(self.largestMessage))",
            fix: "Look for a firewall or proxy that cuts large transfers, and for a too small MTU on the way.")
    }

    /// - Parameters:
    ///   - held: the small message's round trip minus that of the padded one, beyond what its size costs; at least 0.
    func judge(held: Int64, roundTrip: Int64) -> ProbeStep {
        ProbeStep(
            .buffering, held > max(self.held, roundTrip / 2) ? .warn : .pass,
            found: held > max(self.held, roundTrip / 2)
                ? "Small messages wait \(Self.milliseconds(held)) longer than large ones: something on the way holds them."
                : "Small messages are not held back.",
            wanted: "at most \(Self.milliseconds(max(self.held, roundTrip / 2)))",
            fix: "Let the proxy on the way pass data on at once (no buffering), or go around it.")
    }

    /// - Parameter clock: the peer's clock minus this site's in milliseconds.
    func judge(clock: Int64) -> ProbeStep {
        let size = clock.magnitude
        let outcome: ProbeStep.Outcome =
            size > UInt64(clockRefusal) ? .fail : size > UInt64(clockWarning) ? .warn : .pass
        let side = clock < 0 ? "behind" : "ahead"
        let difference = "The peer's clock is \(size / 1000) s \(side) of this site's."
        if outcome == .fail {
            return ProbeStep(
                failed: .clock,
                Fault(RouteFaults.clockDifference, difference, wanted: "at most \(clockRefusal / 1000) s"))
        }
        return ProbeStep(
            .clock, outcome,
            found: outcome == .pass
                ? "The clocks agree within \(Self.milliseconds(Int64(clamping: size) &* 1000))." : difference,
            wanted: "at most \(clockWarning / 1000) s", fix: RouteFaults.clockDifference.fix)
    }

    private static func milliseconds(_ microseconds: Int64) -> String {
        microseconds < 10_000 ? "\(microseconds / 1000).\(microseconds % 1000 / 100) ms" : "\(microseconds / 1000) ms"
    }

    private static func megabits(_ bits: Int64) -> String {
        bits < 10_000_000 ? "\(bits / 1_000_000).\(bits % 1_000_000 / 100_000) Mbit/s" : "\(bits / 1_000_000) Mbit/s"
    }

    private static func kibibytes(_ bytes: Int64) -> String {
        bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB"
    }
}
