public import Faults
public import Ledger
import Logging
public import ServiceLifecycle
import Synchronization

/// Keeps the heads of open jobs co-signed with their peers: after each task, every 10 seconds where there are new
/// lines, and at the end with a closing receipt.
///
/// - Disagreement, a bad signature, or 30 seconds without a co-signature while the link is up stops the job through the
///   callback, once. While there is no link nothing is demanded.
/// - Both sides ask: the one with the smaller id first, the other when nothing has come for 20 seconds.
public final class CoSigning: Service {
    /// The job cannot go on with this peer. Called from the service's own run, one at a time.
    public typealias Stop = @Sendable (_ job: String, _ peer: SiteID, _ why: Fault) async -> Void

    private let ledger: SiteLedger
    private let calls: any LinkCalls
    private let stop: Stop
    private let state = Mutex(State())
    private let logger = Logger(label: "atoll.cosigning")

    private struct State {
        var schedule = CoSigningSchedule()
        /// Chains with an exchange under way; one at a time keeps the order of statements.
        var busy: Set<CoSigningSchedule.Key> = []
        /// What a call of the peer has found; told by the next run.
        var faults: [CoSigningSchedule.Key: Fault] = [:]
    }

    /// Serves the methods `ledger.propose` and `ledger.sign`; the service still has to be run.
    public init(ledger: SiteLedger, calls: any LinkCalls, stop: @escaping Stop) {
        self.ledger = ledger
        self.calls = calls
        self.stop = stop
        calls.serve("ledger.propose") { [weak self] caller, body in
            guard let self else { throw Fault(LedgerFaults.notOpened) }
            return try await self.answer(body, from: caller)
        }
        calls.serve("ledger.sign") { [weak self] caller, body in
            guard let self else { throw Fault(LedgerFaults.notOpened) }
            return try await self.accept(body, from: caller)
        }
    }

    /// A job begins or goes on with a new epoch; before its first frame.
    ///
    /// - Throws: `LedgerFaults.unknownKey`, `.notRecorded`, `.invalidRecord`.
    public func open(_ plan: DeclaredPlan) async throws {
        try await ledger.open(job: plan.job, planDigest: plan.planDigest, epoch: plan.epoch, peers: plan.peers)
        state.withLock { state in
            for peer in plan.peers { state.schedule.open(job: plan.job, peer: peer, isFirst: ledger.site < peer) }
        }
    }

    /// A task of the job has ended: its lines are co-signed soon.
    public func taskEnded(job: String) {
        state.withLock { $0.schedule.want(job: job) }
    }

    /// This side has sent and received everything of the job: asks every peer for the receipt, and signs theirs.
    /// Afterwards frames of the job are refused until it is opened again.
    public func close(job: String) {
        state.withLock { $0.schedule.close(job: job) }
    }

    /// The job failed or was cancelled: nothing more is asked or demanded.
    public func abandon(job: String) {
        state.withLock { state in
            for key in state.schedule.keys where key.job == job { state.schedule.forget(key) }
        }
    }

    /// Whether some peer's co-signature or receipt of the job is still to come.
    public func isOpen(job: String) -> Bool {
        state.withLock { state in state.schedule.keys.contains { $0.job == job } }
    }

    /// Until cancelled or shut down. A peer that is slow to answer holds up nobody else.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            let start = ContinuousClock.now
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let (seconds, attoseconds) = (ContinuousClock.now - start).components
                    let now = Double(seconds) + Double(attoseconds) / 1e18
                    for key in self.idle { group.addTask { await self.look(at: key, now: now) } }
                    try? await Task.sleep(for: .milliseconds(250))
                }
                group.cancelAll()
            }
        }
    }

    /// Looks at every open chain once, and returns when what that began has ended.
    ///
    /// - Parameter now: seconds on a steady clock.
    func tick(now: Double) async {
        await withDiscardingTaskGroup { group in
            for key in idle { group.addTask { await self.look(at: key, now: now) } }
        }
    }

    /// The open chains without an exchange of this side under way.
    private var idle: [CoSigningSchedule.Key] {
        state.withLock { state in state.schedule.keys.filter { !state.busy.contains($0) } }
    }

    private func look(at key: CoSigningSchedule.Key, now: Double) async {
        do {
            let chains = try await ledger.reader.chains(job: key.job, peer: key.peer)
            let hasNews = chains.first?.isWaiting ?? false
            let (fault, step) = state.withLock { state in
                (state.faults.removeValue(forKey: key), state.schedule.step(key, hasNews: hasNews, now: now))
            }
            if let fault { return await end(key, fault) }
            switch step {
            case .nothing: return
            case .stop: await end(key, Fault(LedgerFaults.coSignatureMissing, at: "job \(key.job), peer \(key.peer)"))
            case .ask(let isClosed):
                do {
                    try await ask(key, isClosed: isClosed)
                } catch let fault as Fault where fault.is(LedgerFaults.notEnded) && hasNews {
                    // The peer has still to do: what there is is signed meanwhile.
                    try await ask(key, isClosed: false)
                }
            }
        } catch let fault as Fault where fault.is(LinkFaults.lost) {
            state.withLock { $0.schedule.linkIsDown(key, now: now) }
        } catch let fault as Fault where Self.isFinal(fault) {
            await end(key, fault)
        } catch {
            // What passes by itself; the schedule's patience ends it otherwise.
            let number = (error as? Fault).map { "\($0.number)" } ?? "\(type(of: error))"
            logger.debug(
                "co-signing put off", metadata: ["job": "\(key.job)", "peer": "\(key.peer)", "code": "\(number)"])
        }
    }

    /// The three messages, from this side.
    private func ask(_ key: CoSigningSchedule.Key, isClosed: Bool) async throws {
        guard state.withLock({ $0.busy.insert(key).inserted }) else { return }
        defer { _ = state.withLock { $0.busy.remove(key) } }
        let proposal = try await ledger.propose(job: key.job, to: key.peer, isClosed: isClosed)
        let answer = try await calls.call("ledger.propose", proposal, of: key.peer)
        let signed = try await ledger.sign(answer, from: key.peer, job: key.job, isClosed: isClosed)
        // From here on this side has it; a peer that misses the last message asks again by itself.
        state.withLock { $0.schedule.signed(key, isClosed: isClosed) }
        _ = try await calls.call("ledger.sign", signed, of: key.peer)
    }

    private func answer(_ body: [UInt8], from caller: SiteID) async throws -> [UInt8] {
        let subject = try SiteLedger.subject(ofProposal: body)
        let key = CoSigningSchedule.Key(job: subject.job, peer: caller)
        let (isBusy, mayClose) = state.withLock { ($0.busy.contains(key), $0.schedule.isClosing(key)) }
        // When both ask at once the side with the smaller id goes first.
        if isBusy, caller > ledger.site { throw Fault(LedgerFaults.outdated, at: "job \(subject.job)") }
        return try await keepingFault(key) {
            try await self.ledger.answer(body, from: caller, mayClose: mayClose)
        }
    }

    private func accept(_ body: [UInt8], from caller: SiteID) async throws -> [UInt8] {
        let subject = try SiteLedger.subject(ofStatement: body)
        let key = CoSigningSchedule.Key(job: subject.job, peer: caller)
        try await keepingFault(key) { try await self.ledger.accept(body, from: caller) }
        state.withLock { $0.schedule.signed(key, isClosed: subject.isClosed) }
        return []
    }

    /// Runs a peer's call; what ends the job is kept for the next look, besides being answered.
    private func keepingFault<Value>(
        _ key: CoSigningSchedule.Key, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let fault as Fault where Self.isFinal(fault) {
            state.withLock { state in
                if state.schedule.keys.contains(key) { state.faults[key] = fault }
            }
            throw fault
        }
    }

    private func end(_ key: CoSigningSchedule.Key, _ fault: Fault) async {
        state.withLock { $0.schedule.forget(key) }
        logger.error(
            "job stopped by its ledger",
            metadata: ["job": "\(key.job)", "peer": "\(key.peer)", "code": "\(fault.number)"])
        await stop(key.job, key.peer, fault)
    }

    /// What does not pass by itself.
    private static func isFinal(_ fault: Fault) -> Bool {
        [LedgerFaults.disagreement, LedgerFaults.badSignature, LedgerFaults.unknownKey, LedgerFaults.damaged]
            .contains { fault.is($0) }
    }
}
