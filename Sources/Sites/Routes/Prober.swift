import Faults
public import Ledger
public import Resources

/// The clocks of a probe; replaced in tests.
public struct ProbeTime: Sendable {
    /// Microseconds that never go back.
    let steady: @Sendable () -> Int64
    let wall: @Sendable () -> Timestamp

    public init(steady: @escaping @Sendable () -> Int64, wall: @escaping @Sendable () -> Timestamp) {
        self.steady = steady
        self.wall = wall
    }

    public static let system: ProbeTime = {
        let start = ContinuousClock.now
        return ProbeTime(
            steady: {
                let (seconds, attoseconds) = (ContinuousClock.now - start).components
                return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
            },
            wall: { .now })
    }()
}

/// Measures a route over its live link: the layers from policy upwards. Those below are proved by the link itself.
public struct Prober: Sendable {
    /// How much is measured.
    public enum Depth: Sendable, Hashable {
        /// Policy, round trip, clock: a few small messages.
        case quick
        /// Everything: moves up to some 25 MiB on a fast link, and about two seconds' worth on a slow one.
        case whole
    }

    private let calls: any LinkCalls
    private let time: ProbeTime
    private let limits: ProbeLimits

    public init(calls: any LinkCalls, time: ProbeTime = .system, limits: ProbeLimits = ProbeLimits()) {
        self.calls = calls
        self.time = time
        self.limits = limits
    }

    /// Answers the probes of peers. Called once, while the site is put together.
    public static func serve(on calls: any LinkCalls, time: ProbeTime = .system) {
        calls.serve(ProbeMessages.echo) { _, body in
            try ProbeMessages.answerEcho(body, clock: time.wall().milliseconds)
        }
        calls.serve(ProbeMessages.bulk) { _, body in ProbeMessages.answerBulk(body) }
    }

    /// Goes on with a report whose layers of the link have passed.
    ///
    /// - Throws: only `CancellationError`; every fault becomes a failing step.
    public func measure(_ peer: SiteID, depth: Depth, into report: inout ProbeReport) async throws {
        let first: Echo
        do {
            first = try await echo(16, peer)
        } catch {
            return report.fail(try Self.fault(error))
        }
        report.add(ProbeStep(.policy, .pass, found: "The peer answers calls of this site."))
        do {
            let echoes = try await small(peer, count: depth == .whole ? 7 : 3, first)
            let roundTrip = echoes.map(\.roundTrip).sorted()[echoes.count / 2]
            report.figures.roundTrip = roundTrip
            report.add(limits.judge(roundTrip: roundTrip))
            if depth == .whole {
                guard try await bulk(peer, roundTrip, into: &report) else { return }
                let padded = try await padded(peer)
                let held = max(roundTrip - padded, 0)
                report.figures.held = held
                report.add(limits.judge(held: held, roundTrip: min(roundTrip, padded)))
            }
            let clock = Self.clock(echoes)
            report.figures.clock = clock
            report.add(limits.judge(clock: clock))
        } catch {
            report.fail(try Self.fault(error))
        }
    }

    /// One message there and back.
    private struct Echo {
        /// Microseconds, at least 1.
        let roundTrip: Int64
        /// The peer's clock minus this site's, in milliseconds.
        let difference: Int64
    }

    /// By Cristian (Distributed Computing 3, 1989): the peer read its clock about half a round trip before its answer
    /// arrived. The error is at most half the round trip, so the quickest exchange says most.
    private static func clock(_ echoes: [Echo]) -> Int64 {
        echoes.min { $0.roundTrip < $1.roundTrip }?.difference ?? 0
    }

    private func echo(_ count: Int, _ peer: SiteID) async throws -> Echo {
        let body = Self.body(count)
        let start = time.steady()
        let answer = try await calls.call(ProbeMessages.echo, body, of: peer)
        let end = time.steady()
        let wall = time.wall().milliseconds
        let clock = try ProbeMessages.readEcho(answer, of: body)
        let roundTrip = max(end - start, 1)
        // A peer may say any number: what overflows is far off anyway.
        let (ahead, isBeyond) = clock.addingReportingOverflow(roundTrip / 2000)
        let (difference, isFar) = ahead.subtractingReportingOverflow(wall)
        return Echo(roundTrip: roundTrip, difference: isBeyond || isFar ? (clock < 0 ? .min : .max) : difference)
    }

    private func small(_ peer: SiteID, count: Int, _ first: Echo) async throws -> [Echo] {
        var echoes: [Echo] = []
        for _ in 0..<count { echoes.append(try await echo(16, peer)) }
        return echoes
    }

    /// The quickest of three messages that leave no buffer waiting for more.
    private func padded(_ peer: SiteID) async throws -> Int64 {
        var least = Int64.max
        for _ in 0..<3 { least = min(least, try await echo(64 << 10, peer).roundTrip) }
        return least
    }

    /// Sizes that rise until one takes long enough to be measured.
    private static let sizes = [64 << 10, 256 << 10, 1 << 20, 2 << 20, 4 << 20]
    /// Microseconds after which a transfer says enough of the bandwidth.
    private static let enough: Int64 = 300_000
    /// Microseconds that a single message may be expected to take: calls end after 10 s.
    private static let patience: Int64 = 5_000_000

    /// Bandwidth and largest message. Returns whether the probe may go on.
    private func bulk(_ peer: SiteID, _ roundTrip: Int64, into report: inout ProbeReport) async throws -> Bool {
        var (largest, rate) = (0, Int64(0))
        var limit = ""
        var broken: Fault?
        for size in Self.sizes {
            if rate > 0, Int64(size) * 8 * 1_000_000 / rate > Self.patience {
                limit = "larger ones would take too long here"
                break
            }
            do {
                let taken = try await transfer([size], peer)
                rate = Self.rate(size, taken - roundTrip)
                largest = size
            } catch {
                broken = try Self.fault(error)
                break
            }
        }
        if broken == nil, largest == Self.sizes.last, rate > Int64(largest) * 8 * 1_000_000 / Self.enough {
            // One message is over too soon: several at once keep the way full.
            let sizes = [Int](repeating: largest, count: 4)
            if let taken = try? await transfer(sizes, peer) {
                rate = max(rate, Self.rate(sizes.reduce(0, +), taken - roundTrip))
            }
            try Task.checkCancellation()
        }
        if largest > 0 {
            report.figures.bandwidth = rate
            report.add(limits.judge(bandwidth: rate))
        }
        report.figures.largestMessage = Int64(largest)
        if let broken, !broken.is(LinkFaults.tooLarge) {
            report.fail(
                Fault(
                    broken.entry,
                    largest == 0
                        ? broken.what
                        : "A message of \(largest >> 10) KiB came through, and a larger one did not: \(broken.what)",
                    wanted: "messages of 1 MiB and more",
                    fix: "Look for a firewall or proxy that cuts large transfers, and for a too small MTU on the way."),
                at: largest == 0 ? .bandwidth : .largestMessage)
            return false
        }
        return report.add(limits.judge(largestMessage: Int64(largest), of: Int64(Self.sizes[0]), limit: limit))
    }

    private static func rate(_ bytes: Int, _ microseconds: Int64) -> Int64 {
        Int64(bytes) * 8 * 1_000_000 / max(microseconds, 1)
    }

    /// Sends bodies at once. Returns the microseconds until all were answered.
    private func transfer(_ sizes: [Int], _ peer: SiteID) async throws -> Int64 {
        let start = time.steady()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for size in sizes {
                group.addTask {
                    let answer = try await calls.call(ProbeMessages.bulk, Self.body(size), of: peer)
                    try ProbeMessages.checkBulk(answer, of: size)
                }
            }
            try await group.waitForAll()
        }
        return max(time.steady() - start, 1)
    }

    /// Bytes that nothing on the way makes shorter: the pattern is longer than the reach of common compressors.
    private static func body(_ count: Int) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(count)
        while body.count < count { body += noise.prefix(count - body.count) }
        return body
    }

    private static let noise = (0..<64 << 10).map { _ in UInt8.random(in: 0...255) }

    private static func fault(_ error: any Error) throws -> Fault {
        if error is CancellationError { throw error }
        return (error as? Fault) ?? Fault(LinkFaults.lost, "The probe failed: \(type(of: error)).")
    }
}
