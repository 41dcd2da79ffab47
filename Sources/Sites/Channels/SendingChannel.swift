import Faults
import Ledger
import Metrics
import Synchronization
import WorkerSocket

/// A channel from this site's worker to a peer: takes frames from the worker's thread, has them recorded and sends them.
/// Recording runs ahead of sending.
final class SendingChannel: Sendable {
    fileprivate struct State {
        var channel: OutgoingChannelState
        var link: (any Link)?
        var worker: AttachedWorker?
        var failure: Fault?
        var endWasTold = false
    }

    fileprivate enum Step {
        case frame(Frame, any Link)
        case end(UInt64, any Link)
        case nothing
    }

    /// As many records as the ledger is given at once.
    private static let batch = 64

    let key: ChannelKey
    private let context: GatewayContext
    private let meters: GatewayMeters
    private let state: Mutex<State>
    private let toRecord = WakeUp()
    private let toSend = WakeUp()

    init(_ key: ChannelKey, from sequence: UInt64, context: GatewayContext) {
        self.key = key
        self.context = context
        meters = context.meters(key.peer)
        state = Mutex(State(channel: OutgoingChannelState(from: sequence, firstAttempt: key.id.firstAttempt)))
    }

    // MARK: The worker's side, on its thread

    /// A worker goes on from this position.
    ///
    /// - Throws: `GatewayFaults.behind`, and why the channel was given up.
    func attach(_ worker: AttachedWorker, from sequence: UInt64) throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            try state.channel.reopen(from: sequence)
            state.worker = worker
        }
    }

    func detach(_ session: WorkerSession) {
        state.withLock { state in
            if state.worker?.session === session { state.worker = nil }
        }
    }

    /// Takes a frame that the plan allows. Its digest is made here, on the worker's thread.
    ///
    /// - Throws: what `OutgoingChannelState.admit` throws.
    func submit(_ frame: WorkerFrame, _ declaration: MessageDeclaration) throws {
        let isNew = try state.withLock { state in
            if let failure = state.failure { throw failure }
            return try state.channel.admit(frame.sequence, payload: frame.payload.count)
        }
        guard isNew else { return giveCredit() }
        let sealed = Frame(
            channel: key.id, step: frame.step, sequence: frame.sequence, attempt: key.id.firstAttempt,
            messageType: frame.type, elements: frame.elements, salt: PayloadDigest.makeSalt(), payload: frame.payload
        )
        let record = FrameRecord(
            .sent, sealed, peer: key.peer, declaration: declaration,
            digest: PayloadDigest.make(sealed.payload, salt: sealed.salt), route: ""
        )
        state.withLock { $0.channel.append(OutgoingChannelState.Entry(frame: sealed, record: record)) }
        toRecord()
    }

    /// The worker sends nothing more.
    func finish(at sequence: UInt64) throws {
        try state.withLock { try $0.channel.finish(at: sequence) }
        toSend()
    }

    // MARK: The peer's side

    /// The peer's worker is ready; from now on the channel goes over this link.
    ///
    /// - Throws: `GatewayFaults.behind`.
    func ready(on link: any Link, next: UInt64, credit: UInt64) throws {
        try state.withLock { state in
            guard state.failure == nil else { return }
            try state.channel.ready(next: next, credit: credit)
            state.link = link
        }
        toRecord()
        toSend()
        giveCredit()
    }

    /// - Throws: `GatewayFaults.outOfOrder`.
    func acknowledge(on link: any Link, next: UInt64, credit: UInt64) throws {
        let hasEnded = try state.withLock { state in
            // What an earlier link still says is said again by the next.
            guard state.link === link, state.failure == nil else { return false }
            try state.channel.acknowledge(next: next, credit: credit)
            let more = UInt64(state.channel.takeWorkerCredit())
            // The worker waits for positions only at a flush, when nothing is left.
            if more > 0 || state.channel.isDrained, let worker = state.worker {
                worker.session.send(.ack(channel: worker.number, next: state.channel.acknowledged, credit: more))
            }
            return state.tellEnd()
        }
        toSend()
        if hasEnded { context.options.onTaskEnd(key.id.job, key.peer, key.id.task) }
    }

    /// Frames that were not acknowledged wait for another link.
    func lost(_ link: any Link) {
        state.withLock { state in
            guard state.link === link else { return }
            state.link = nil
            state.channel.unready()
        }
    }

    /// Gives the channel up: its worker is told, and nothing more is sent.
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
                state.channel = OutgoingChannelState(from: 0)
            }
            return (state.worker, state.channel.isComplete ? nil : state.link)
        }
        worker?.session.close(fault)
        toRecord()
        toSend()
        return link
    }

    /// Bytes kept by the channel: waiting to be sent, and sent but not acknowledged.
    var heldBytes: Int { state.withLock { $0.channel.queuedBytes + $0.channel.unacknowledgedBytes } }

    // MARK: Work

    /// Records and sends until the channel is given up or the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.record() }
            group.addTask { await self.send() }
        }
    }

    private var isOver: Bool { Task.isCancelled || state.withLock { $0.failure != nil } }

    private func record() async {
        while !isOver {
            let records = state.withLock { state in
                state.channel.takeForRecord(most: Self.batch, route: state.link?.route ?? "")
            }
            if records.isEmpty {
                await toRecord.wait()
            } else if let fault = await context.record(records, towards: key.peer) {
                if !Task.isCancelled { giveUp(fault) }
            } else {
                state.withLock { $0.channel.recorded(records) }
                toSend()
            }
        }
    }

    private func send() async {
        while !isOver {
            switch state.withLock({ $0.nextStep() }) {
            case .nothing:
                giveCredit()
                await toSend.wait()
            case .frame(let frame, let link):
                let delay = context.delay(frame.payload.count, to: key.peer)
                if delay > .zero { try? await context.clock.sleep(delay) }
                if frame.attempt > key.id.firstAttempt { meters.repeats.increment() }
                await send(.frame(frame), on: link)
                meters.sent.count(frame.payload.count)
                giveCredit()
            case .end(let next, let link):
                await send(.end(key.id, next: next), on: link)
                let hasEnded = state.withLock { $0.tellEnd() }
                if hasEnded { context.options.onTaskEnd(key.id.job, key.peer, key.id.task) }
            }
        }
    }

    private func send(_ message: LinkMessage, on link: any Link) async {
        do {
            try await link.send(message)
        } catch {
            lost(link)
        }
    }

    /// Tells the worker how much it may send again.
    private func giveCredit() {
        state.withLock { state in
            let more = state.channel.takeWorkerCredit()
            guard more > 0, let worker = state.worker else { return }
            let message = WorkerMessage.ack(
                channel: worker.number, next: state.channel.acknowledged, credit: UInt64(more))
            worker.session.send(message)
        }
    }

    /// The ledger refuses the records for good.
    private func giveUp(_ fault: Fault) {
        if let link = fail(fault) { context.tell(fault, of: key.id, on: link) }
    }
}

extension SendingChannel.State {
    fileprivate mutating func nextStep() -> SendingChannel.Step {
        guard let link else { return .nothing }
        if let frame = channel.takeForSend() { return .frame(frame, link) }
        if let end = channel.takeEnd() { return .end(end, link) }
        return .nothing
    }

    /// Whether the channel has just become complete.
    fileprivate mutating func tellEnd() -> Bool {
        guard channel.isComplete, !endWasTold else { return false }
        endWasTold = true
        return true
    }
}
