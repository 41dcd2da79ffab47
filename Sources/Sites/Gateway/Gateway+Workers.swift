import Faults
import Ledger
import Logging
import Synchronization
import WorkerSocket

/// What the gateway does for its workers; called on their threads.
extension Gateway {
    /// Lets a worker in and starts its session; the answer comes once its checkpoint was found.
    ///
    /// - Throws: `GatewayFaults.tokenRefused`, `.tokenExpired`, `.unknownJob`, `.oldEpoch`; `.socketLost` once the
    ///   gateway has stopped.
    func admit(_ hello: WorkerHello, _ socket: UnixSocket) throws -> WorkerSession {
        let now = context.clock.now()
        let session = try state.withLock { state in
            guard !state.isStopped else { throw Self.stopping }
            let token = try state.tokens.take(hello, now: now)
            guard let plan = state.jobs[hello.job]?.plan else { throw Fault(GatewayFaults.unknownJob) }
            guard plan.epoch == hello.epoch else { throw Fault(GatewayFaults.oldEpoch) }
            let session = WorkerSession(hello, from: token.unit, socket, onEvent: context.options.onWorker)
            state.sessions[ObjectIdentifier(session)] = session
            return session
        }
        session.start()
        session.report(.connected)
        context.start { [context] in await Self.welcome(session, context) }
        return session
    }

    static var stopping: Fault { Fault(GatewayFaults.socketLost, "The site is shutting down.") }

    func forget(_ session: WorkerSession) {
        state.withLock { state in state.sessions[ObjectIdentifier(session)] = nil }
    }

    func refusedWorker(_ fault: Fault) {
        context.logger.warning("refused a worker", metadata: ["fault": "\(fault.number)"])
    }

    /// Keeps a checkpoint and tells the worker when it is safe. What the worker has received by then is recorded first:
    /// a worker that starts from it must not be ahead of the ledger.
    func save(
        _ checkpoint: [UInt8], _ unit: UInt64, _ session: WorkerSession, after channels: [ReceivingChannel]
    ) throws {
        try session.beginSaving(unit)
        let hello = session.hello
        // None of an earlier start may come after a later one has chosen a unit to go on from.
        let save = try state.withLock { state in
            guard let plan = state.jobs[hello.job]?.plan else { throw Fault(GatewayFaults.jobClosed) }
            guard plan.epoch == hello.epoch else { throw Fault(GatewayFaults.oldEpoch) }
            return context.saves.begin(job: hello.job)
        }
        context.start { [context] in
            defer { context.saves.end(save) }
            do {
                for channel in channels { await channel.settle() }
                try await context.checkpoints.save(checkpoint, job: hello.job, task: hello.task, unit: unit)
                session.saved(unit)
            } catch {
                session.close(error as? Fault ?? Fault(GatewayFaults.socketLost, "A checkpoint could not be kept."))
            }
        }
    }

    /// The channel to a peer, new or known.
    ///
    /// - Throws: what the plan refuses; `GatewayFaults.peerCut`, `.unknownJob`.
    func sending(_ key: ChannelKey, from sequence: UInt64) throws -> SendingChannel {
        let (channel, isNew) = try state.withLock { state in
            try Self.check(key, state)
            if let known = state.sending[key] { return (known, false) }
            let channel = SendingChannel(key, from: sequence, context: context)
            state.sending[key] = channel
            return (channel, true)
        }
        if isNew { context.start { await channel.run() } }
        return channel
    }

    /// The channel from a peer, new or known.
    ///
    /// - Parameter credit: the worker's wish, 0 for none.
    func receiving(_ key: ChannelKey, from sequence: UInt64, credit: UInt64) throws -> ReceivingChannel {
        let most = context.options.credit(key.peer)
        let chosen = credit == 0 ? most : min(most, Int(clamping: credit))
        let (channel, isNew) = try state.withLock { state in
            try Self.check(key, state)
            if let known = state.receiving[key] { return (known, false) }
            let channel = ReceivingChannel(key, from: sequence, credit: chosen, context: context)
            state.receiving[key] = channel
            return (channel, true)
        }
        if isNew { context.start { await channel.run() } }
        return channel
    }

    /// Uses the peer's `ready` that came before.
    func connect(_ channel: SendingChannel) {
        guard let early = state.withLock({ $0.early.removeValue(forKey: channel.key) }) else { return }
        ready(channel, on: early.link, next: early.next, credit: early.credit)
    }

    func connect(_ channel: ReceivingChannel) {
        if let link = state.withLock({ $0.links[channel.key.peer]?.last }) { channel.use(link) }
    }

    /// Checks a worker's frame and takes it into its channel.
    ///
    /// - Throws: what the plan or the channel refuses; the refusal is recorded.
    func submit(_ frame: WorkerFrame, to channel: SendingChannel, _ session: WorkerSession) throws {
        let key = channel.key
        do {
            guard let plan = state.withLock({ $0.jobs[key.id.job] }) else { throw Fault(GatewayFaults.jobClosed) }
            try plan.check(key.id, with: key.peer)
            let declaration = try plan.check(
                task: key.id.task, type: frame.type, step: frame.step, bytes: frame.payload.count,
                from: context.site, to: key.peer
            )
            try channel.submit(frame, declaration)
        } catch {
            guard let fault = error as? Fault else { throw error }
            let refusal = RefusalRecord(
                direction: .sent, peer: key.peer, job: key.id.job, task: key.id.task, step: frame.step,
                sequence: frame.sequence, messageType: frame.type, number: fault.number.rawValue
            )
            context.start { [context] in await context.refused(refusal, fault) }
            throw fault
        }
    }

    private static func check(_ key: ChannelKey, _ state: GatewayState) throws {
        guard let plan = state.jobs[key.id.job] else { throw Fault(GatewayFaults.unknownJob) }
        try plan.check(key.id, with: key.peer)
        guard !state.cut.contains(key.peer) else { throw Fault(GatewayFaults.peerCut) }
    }

    /// Answers a worker's opening: what it may send, and what was kept of its task.
    private static func welcome(_ session: WorkerSession, _ context: GatewayContext) async {
        do {
            let hello = session.hello
            await context.saves.settled(job: hello.job)
            let kept = try await context.checkpoints.resume(job: hello.job, task: hello.task, at: session.unit)
            let credit = UInt64(OutgoingChannelState.Limits().queue)
            session.send(.welcome(version: WorkerSocket.version, credit: credit))
            let bytes = kept ?? []
            var start = 0
            repeat {
                let part = Array(bytes[start..<min(bytes.count, start + WorkerSocket.maximumPayload)])
                start += part.count
                session.send(.checkpoint(unit: session.unit, isLast: start == bytes.count, bytes: part))
            } while start < bytes.count
        } catch {
            session.close(error as? Fault ?? Fault(GatewayFaults.socketLost, "A checkpoint could not be read."))
        }
    }
}
