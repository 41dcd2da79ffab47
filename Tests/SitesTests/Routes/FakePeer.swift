import Faults
import Ledger
import Resources
import Sites
import Synchronization

/// A peer behind a way of known length and width, with a clock of its own; its time passes only when it is called.
final class FakePeer: LinkCalls {
    struct Way: Sendable {
        /// Microseconds there and back.
        var roundTrip: Int64 = 2_000
        var bitsPerSecond: Int64 = 1_000_000_000
        /// Microseconds by which a message smaller than this is held.
        var hold: (below: Int, time: Int64) = (0, 0)
        var clockAhead: Int64 = 0
        /// Messages above this many bytes break the link.
        var largest = Int.max
        /// Answers are of a program that does not understand.
        var isStrange = false
        /// What every call ends with.
        var fault: Fault?
    }

    private struct State: Sendable {
        var way: Way
        var microseconds: Int64 = 1_000_000_000_000
        var calls: [String] = []

        mutating func pass(_ bytes: Int) -> Int64 {
            var time = way.roundTrip + Int64(bytes) * 8 * 1_000_000 / way.bitsPerSecond
            if bytes < way.hold.below { time += way.hold.time }
            microseconds += time
            return (microseconds - way.roundTrip / 2) / 1000 + way.clockAhead
        }
    }

    private let state: Mutex<State>

    init(_ way: Way) {
        state = Mutex(State(way: way))
    }

    var calls: [String] { state.withLock { $0.calls } }

    var time: ProbeTime {
        ProbeTime(
            steady: { self.state.withLock { $0.microseconds } },
            wall: { Timestamp(milliseconds: self.state.withLock { $0.microseconds } / 1000) })
    }

    func call(_ method: String, _ body: [UInt8], of peer: SiteID) async throws -> [UInt8] {
        let (way, clock) = state.withLock { state in
            state.calls.append(method)
            return (state.way, state.pass(method == "probe.bulk" ? body.count : 2 * body.count))
        }
        if let fault = way.fault { throw fault }
        if body.count > way.largest { throw Fault(LinkFaults.lost) }
        if way.isStrange { return [1, 2, 3] }
        let number = UInt64(bitPattern: method == "probe.bulk" ? Int64(body.count) : clock)
        let head = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
        return method == "probe.bulk" ? head : head + body
    }

    func serve(_ method: String, _ handler: @escaping @Sendable (SiteID, [UInt8]) async throws -> [UInt8]) {}

    static let site = SiteID(digest: [UInt8](repeating: 7, count: 32))

    /// What a probe of this way says, with the layers of the link passed.
    static func probe(_ way: Way, _ depth: Prober.Depth = .whole) async throws -> ProbeReport {
        let peer = FakePeer(way)
        var report = ProbeReport(at: Timestamp(milliseconds: 0))
        for layer in ProbeLayer.allCases.prefix(5) { report.add(ProbeStep(layer, .pass, found: "")) }
        try await Prober(calls: peer, time: peer.time).measure(site, depth: depth, into: &report)
        return report
    }
}
