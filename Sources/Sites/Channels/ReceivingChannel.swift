import Faults
import Ledger
import Metrics
import Synchronization
import WorkerSocket

/// A channel from a peer to this site's worker: checks what arrives, hands it on, has it recorded and acknowledges what
/// was consumed and recorded.
final class ReceivingChannel: Sendable {
    fileprivate struct State {
        var channel: IncomingChannelState
        var link: (any Link)?
        var readyIsDue = false
        /// The ledger was asked where it ends.
        var isPlaced = false
        var worker: AttachedWorker?
        /// Arrived and not yet given to the ledger.
        var records: [FrameRecord] = []
        var failure: Fault?
        var endWasTold = false
        var waiters: [Waiter] = []
        var recordsNoMore = false
    }

    /// Somebody who waits until everything before a sequence is recorded.
    fileprivate struct Waiter {
        let sequence: UInt64
        let continuation: CheckedContinuation<Void, Never>
    }

    let key: ChannelKey
    private let context: GatewayContext
    private let meters: GatewayMeters
    private let state: Mutex<State>
    private let toRecord = WakeUp()
    private let toAnswer = WakeUp()

    init(_ key: ChannelKey, from sequence: UInt64, credit: Int, context: GatewayContext) {
        self.key = key
        self.context = context
        meters = context.meters(key.peer)
        state = Mutex(State(channel: IncomingChannelState(from: sequence, credit: credit)))
    }

    // MARK: The worker's side, on its thread

    /// A worker goes on from this position; what has arrived from there on is given to it.
    ///
    /// - Throws: `GatewayFaults.behind`, and why the channel was given up.
    func attach(_ worker: AttachedWorker, from sequence: UInt64) throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            try state.channel.reopen(from: sequence)
            state.worker = worker
            Self.deliver(&state)
        }
        toAnswer()
    }

    func detach(_ session: WorkerSession) {
        state.withLock { state in
            if state.worker?.session === session { state.worker = nil }
        }
    }

    /// The worker has consumed everything before `next`.
    ///
    /// - Throws: `GatewayFaults.outOfOrder`.
    func consumed(to next: UInt64) throws {
        try state.withLock { state in
            if state.failure == nil { try state.channel.consume(to: next) }
        }
        toAnswer()
    }

    /// Returns when everything that the worker has been given is in the ledger, or never will be: a checkpoint must not
    /// be ahead of it.
    func settle() async {
        await withCheckedContinuation { continuation in
            let isSettled = state.withLock { state in
                let position = state.channel.deliveredTo
                if state.recordsNoMore || state.channel.isDurable(to: position) { return true }
                state.waiters.append(Waiter(sequence: position, continuation: continuation))
                return false
            }
            if isSettled { continuation.resume() }
        }
    }

    // MARK: The peer's side

    /// The channel goes over this link from now on, when it has none.
    func use(_ link: any Link) {
        let isTaken = state.withLock { state in
            guard state.link == nil, state.failure == nil else { return false }
            state.link = link
            state.readyIsDue = true
            return true
        }
        if isTaken { toAnswer() }
    }

    func lost(_ link: any Link) {
        state.withLock { state in
            guard state.link === link else { return }
            state.link = nil
            state.readyIsDue = false
        }
    }

    /// A frame that the plan allows has arrived. It goes to the worker first; its digest is made meanwhile.
    ///
    /// - Throws: what `IncomingChannelState.receive` throws.
    func receive(_ frame: Frame, _ declaration: MessageDeclaration, on link: any Link) throws {
        let arrival: IncomingChannelState.Arrival? = try state.withLock { state in
            // An earlier link may still carry something: it comes again over this one.
            guard state.link === link, state.failure == nil else { return nil }
            let kept = WorkerFrame(
                channel: 0, step: frame.step, sequence: frame.sequence, elements: frame.elements,
                type: frame.messageType, payload: frame.payload
            )
            let arrival = try state.channel.receive(kept, attempt: frame.attempt)
            Self.deliver(&state)
            return arrival
        }
        guard let arrival else { return }
        meters.received.count(frame.payload.count)
        if case .repeated = arrival { meters.repeats.increment() }
        let record = FrameRecord(
            .received, frame, peer: key.peer, declaration: declaration,
            digest: PayloadDigest.make(frame.payload, salt: frame.salt), route: link.route
        )
        state.withLock { $0.records.append(record) }
        toRecord()
    }

    /// - Throws: `GatewayFaults.outOfOrder`.
    func end(at sequence: UInt64, on link: any Link) throws {
        try state.withLock { state in
            guard state.link === link, state.failure == nil else { return }
            try state.channel.end(at: sequence)
            Self.deliver(&state)
        }
        toAnswer()
    }

    /// Gives the channel up: its worker is told, and nothing more is taken.
    ///
    /// - Returns: the link to tell the peer on, when the channel had not ended before.
    @discardableResult
    func fail(_ fault: Fault) -> (any Link)? {
        let (worker, link) = state.withLock { state in
            guard state.failure == nil else { return (nil as AttachedWorker?, nil as (any Link)?) }
            state.failure = fault
            defer {
                state.worker = nil
                state.link = nil
                state.channel = IncomingChannelState(from: 0, credit: 1)
            }
            return (state.worker, state.channel.isComplete ? nil : state.link)
        }
        worker?.session.close(fault)
        toRecord()
        toAnswer()
        return link
    }

    /// Bytes kept for the worker.
    var heldBytes: Int { state.withLock { $0.channel.bufferedBytes } }

    // MARK: Work

    /// Records and answers until the channel is given up or the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.record() }
            group.addTask { await self.answer() }
        }
    }

    private var isOver: Bool { Task.isCancelled || state.withLock { $0.failure != nil } }

    /// Also what arrived before the channel was given up: it did cross.
    private func record() async {
        defer {
            state.withLock { $0.recordsNoMore = true }
            wake { _ in true }
        }
        while !Task.isCancelled {
            let records = state.withLock { state in
                defer { state.records = [] }
                return state.records
            }
            guard let last = records.map(\.sequence).max() else {
                if isOver { return }
                await toRecord.wait()
                continue
            }
            if let fault = await context.record(records, towards: key.peer) {
                if !Task.isCancelled { giveUp(fault) }
            } else {
                state.withLock { if $0.failure == nil { $0.channel.recorded(to: last + 1) } }
                wake { $0.sequence <= last + 1 }
                toAnswer()
            }
        }
    }

    private func wake(_ isChosen: (Waiter) -> Bool) {
        let chosen = state.withLock { state in
            defer { state.waiters.removeAll(where: isChosen) }
            return state.waiters.filter(isChosen)
        }
        for waiter in chosen { waiter.continuation.resume() }
    }

    /// Begins where the ledger ends, when it ends before the worker's position.
    private func place() async {
        var count: UInt64?
        do {
            count = try await context.ledger.receivedCount(from: key.peer, job: key.id.job, task: key.id.task)
        } catch {
            giveUp(error as? Fault ?? Fault(LedgerFaults.notRecorded))
        }
        state.withLock { state in
            if let count { state.channel.begin(at: count) }
            state.isPlaced = true
        }
    }

    private func giveUp(_ fault: Fault) {
        if let link = fail(fault) { context.tell(fault, of: key.id, on: link) }
    }

    private func answer() async {
        await place()
        while !isOver {
            let (message, link) = state.withLock { ($0.nextAnswer(key.id), $0.link) }
            if let message, let link {
                do {
                    try await link.send(message)
                } catch {
                    lost(link)
                }
            } else {
                let hasEnded = state.withLock { $0.tellEnd() }
                if hasEnded { context.options.onTaskEnd(key.id.job, key.peer, key.id.task) }
                await toAnswer.wait()
            }
        }
    }

    /// Hands the worker what has arrived, in order; called with the state locked.
    private static func deliver(_ state: inout State) {
        guard let worker = state.worker else { return }
        while var frame = state.channel.takeForWorker() {
            frame.channel = worker.number
            worker.session.send(.frame(frame))
        }
        if let end = state.channel.takeEnd() { worker.session.send(.end(channel: worker.number, next: end)) }
    }
}

extension ReceivingChannel.State {
    fileprivate mutating func nextAnswer(_ id: ChannelID) -> LinkMessage? {
        guard link != nil, isPlaced else { return nil }
        if readyIsDue {
            readyIsDue = false
            let (next, credit) = channel.ready()
            return .ready(id, next: next, credit: credit)
        }
        guard let (next, credit) = channel.takeAcknowledgement() else { return nil }
        return .acknowledge(id, next: next, credit: credit)
    }

    /// Whether the channel has just become complete.
    fileprivate mutating func tellEnd() -> Bool {
        guard channel.isComplete, !endWasTold else { return false }
        endWasTold = true
        return true
    }
}
