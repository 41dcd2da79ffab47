import Faults
import Ledger
import Resources
import Synchronization

@testable import Sites

/// A link that lives until it is cut.
final class FakeLink: Link {
    private struct State: Sendable {
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []

        mutating func wait(_ waiter: CheckedContinuation<Void, Never>) -> Bool {
            if !isOver { waiters.append(waiter) }
            return isOver
        }

        mutating func end() -> [CheckedContinuation<Void, Never>] {
            isOver = true
            defer { waiters = [] }
            return waiters
        }
    }

    let peer: SiteID
    let isDialled: Bool
    let tuning: LinkTuning
    let version: UInt32 = 1
    var route: String { isDialled ? "direct" : "reverse" }
    var messages: LinkMessages { LinkMessages { nil } }
    private let state = Mutex(State())

    init(peer: SiteID, isDialled: Bool, tuning: LinkTuning = .standard) {
        self.peer = peer
        self.isDialled = isDialled
        self.tuning = tuning
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    func send(_ message: LinkMessage) async throws {}

    func close(_ reason: Fault?) async { cut() }

    func cut() {
        for waiter in state.withLock({ $0.end() }) { waiter.resume() }
    }

    func untilOver() async {
        await withCheckedContinuation { waiter in
            if state.withLock({ $0.wait(waiter) }) { waiter.resume() }
        }
    }
}

/// A network and a hub in one: dials when it is told that it may, and answers probes over the links there are.
final class FakeLinks: RouteLinks, LinkTransport, LinkCalls {
    private struct State: Sendable {
        var live: [FakeLink] = []
        var dialled: [FakeLink] = []
        var refusal: Fault?
        var tries = 0
        var trying = 0
        var mostTrying = 0
        var probed: [String] = []
        var listener: AsyncStream<LinkChange>.Continuation?

        mutating func end(_ link: FakeLink) { live.removeAll { $0 === link } }
    }

    private let state = Mutex(State())
    private let roundTrip: Duration

    init(roundTrip: Duration = .zero) {
        self.roundTrip = roundTrip
    }

    var tries: Int { state.withLock { $0.tries } }
    var mostTrying: Int { state.withLock { $0.mostTrying } }
    var dialled: [FakeLink] { state.withLock { $0.dialled } }
    var live: [FakeLink] { state.withLock { $0.live } }
    var probed: [String] { state.withLock { $0.probed } }

    /// Every try to dial ends with this from now on; nil lets them succeed.
    func refuse(_ fault: Fault?) { state.withLock { $0.refusal = fault } }

    func cut() {
        for link in live { link.cut() }
    }

    func dial(_ address: String, peer: SiteID, tuning: LinkTuning) async throws -> any Link {
        let refusal = state.withLock { state in
            state.tries += 1
            state.trying += 1
            state.mostTrying = max(state.mostTrying, state.trying)
            return state.refusal
        }
        defer { state.withLock { $0.trying -= 1 } }
        try await Task.sleep(for: .milliseconds(1))
        if let refusal { throw refusal }
        let link = FakeLink(peer: peer, isDialled: true, tuning: tuning)
        state.withLock { $0.dialled.append(link) }
        return link
    }

    func link(to peer: SiteID) -> (any Link)? {
        state.withLock { $0.live.last { $0.peer == peer } }
    }

    func changes() -> AsyncStream<LinkChange> {
        AsyncStream { continuation in state.withLock { $0.listener = continuation } }
    }

    private func tell(_ link: FakeLink, _ kind: LinkChange.Kind) {
        let change = LinkChange(kind: kind, peer: link.peer, isDialled: link.isDialled, reason: nil)
        state.withLock { $0.listener }?.yield(change)
    }

    func use(_ link: any Link) async {
        guard let link = link as? FakeLink else { return }
        state.withLock { $0.live.append(link) }
        tell(link, .up)
        await withTaskCancellationHandler {
            await link.untilOver()
        } onCancel: {
            link.cut()
        }
        state.withLock { $0.end(link) }
        tell(link, .down)
    }

    func call(_ method: String, _ body: [UInt8], of peer: SiteID) async throws -> [UInt8] {
        guard link(to: peer) != nil else { throw Fault(LinkFaults.lost) }
        state.withLock { $0.probed.append(method) }
        if roundTrip > .zero { try await Task.sleep(for: roundTrip) }
        let isBulk = method == "probe.bulk"
        let number = isBulk ? Int64(body.count) : Timestamp.now.milliseconds
        let head = (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - 8 * $0)) }
        return isBulk ? head : head + body
    }

    func serve(_ method: String, _ handler: @escaping @Sendable (SiteID, [UInt8]) async throws -> [UInt8]) {}
}
