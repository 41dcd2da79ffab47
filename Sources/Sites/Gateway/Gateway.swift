public import Faults
public import Ledger
public import Logging
public import ServiceLifecycle
import Synchronization
import WorkerSocket

/// The only door between this site's workers and its peers: nothing crosses that the plan of an open job does not
/// declare, and nothing leaves before it is in the ledger.
///
/// Workers come in over a Unix socket (`docs/protocols/worker-socket.md`), peers over links (`ChannelTraffic`). Channels
/// outlive links and workers: they end with their job, or with the start (epoch) they belong to. Memory per channel is
/// bounded by the queue from the worker, the bytes that the peer has not acknowledged, and the credit given to a peer.
public final class Gateway: Service {
    let context: GatewayContext
    let state = Mutex(GatewayState())

    public init(
        site: SiteID, ledger: any FrameLedger, checkpoints: any CheckpointStore = MemoryCheckpointStore(),
        options: GatewayOptions, logger: Logger
    ) {
        context = GatewayContext(
            site: site, ledger: ledger, checkpoints: checkpoints, options: options, logger: logger)
    }

    // MARK: Jobs

    /// Lets a job's messages cross from now on. A plan of a higher epoch takes the place of the one before, whose
    /// workers are sent away.
    ///
    /// - Throws: `GatewayFaults.oldEpoch` for a lower epoch than the one that is open, and for no higher one than that
    ///   of a job that was suspended.
    public func open(_ plan: DeclaredPlan) throws {
        let old = try state.withLock { state in
            if let known = state.jobs[plan.job]?.plan, known.epoch > plan.epoch {
                throw Fault(GatewayFaults.oldEpoch, wanted: "start \(known.epoch) or later")
            }
            if let last = state.suspended[plan.job], last >= plan.epoch {
                throw Fault(GatewayFaults.oldEpoch, wanted: "a start after \(last)")
            }
            state.suspended[plan.job] = nil
            state.jobs[plan.job] = PlanGuard(plan)
            return state.removeChannels { $0.id.job == plan.job && $0.id.epoch < plan.epoch }
        }
        end(old, Fault(GatewayFaults.oldEpoch))
        let sessions = state.withLock { state in
            state.sessions.values.filter { $0.hello.job == plan.job && $0.hello.epoch < plan.epoch }
        }
        for session in sessions { session.close(Fault(GatewayFaults.oldEpoch)) }
    }

    /// Ends a job: nothing of it crosses any more, its workers are told and its checkpoints forgotten.
    public func close(job: String, _ reason: Fault? = nil) {
        let fault = reason ?? Fault(GatewayFaults.jobClosed)
        let (old, sessions) = state.withLock { state in
            state.suspended[job] = nil
            return state.removeJob(job)
        }
        end(old, fault)
        for session in sessions { session.close(fault) }
        context.start { [context] in
            do {
                await context.saves.settled(job: job)
                try await context.checkpoints.remove(job: job)
            } catch {
                context.logger.warning("checkpoints were not removed", metadata: ["job": "\(job)"])
            }
        }
    }

    /// Pauses a job: its workers are sent away and nothing of it crosses until it is opened again with a higher epoch.
    /// Its checkpoints stay. A job that is not open is left as it is.
    public func suspend(job: String, _ reason: Fault? = nil) {
        let fault = reason ?? Fault(TaskFaults.suspended)
        let found = state.withLock { state -> (GatewayState.Channels, [WorkerSession])? in
            guard let plan = state.jobs[job]?.plan else { return nil }
            state.suspended[job] = plan.epoch
            return state.removeJob(job)
        }
        guard let (old, sessions) = found else { return }
        end(old, fault)
        for session in sessions { session.close(fault) }
    }

    /// Cuts a peer off, as for a revocation: its channels end at once, and it gets none until `allow`.
    ///
    /// Returns when its links are closed. Before that it is told, channel by channel, so that its workers end too; a peer
    /// that does not read what it is told is waited for one second.
    public func cut(peer: SiteID) async {
        let (old, links) = state.withLock { state in
            state.cut.insert(peer)
            state.early = state.early.filter { $0.key.peer != peer }
            return (state.removeChannels { $0.peer == peer }, state.links.removeValue(forKey: peer) ?? [])
        }
        let fault = Fault(GatewayFaults.peerCut)
        await context.say(fault, of: fail(old, fault), within: .seconds(1))
        await withDiscardingTaskGroup { group in
            for link in links { group.addTask { await link.close(fault) } }
        }
    }

    /// Takes a cut back, when the two sites have joined again.
    public func allow(peer: SiteID) {
        state.withLock { _ = $0.cut.remove(peer) }
    }

    /// Makes a token for one worker of one task; it is good for one connection in the next minute.
    ///
    /// - Parameter unit: whose checkpoint the worker is given when it connects; 0 for none, at a task's beginning. What
    ///   is kept of later units is forgotten then: they are made anew, and of parties' states only those fit together
    ///   that were made in one run. A unit that is not kept is refused then, with `TaskFaults.checkpointMissing`.
    /// - Throws: `GatewayFaults.unknownJob`, `.undeclaredTask`.
    public func token(job: String, task: String, unit: UInt64 = 0) throws -> WorkerToken {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<4).map { _ in generator.next() }
        let bytes = words.withUnsafeBytes { Array($0) }
        let now = context.clock.now()
        return try state.withLock { state in
            guard let plan = state.jobs[job]?.plan else { throw Fault(GatewayFaults.unknownJob) }
            guard plan.tasks[task] != nil else { throw Fault(GatewayFaults.undeclaredTask) }
            let token = WorkerToken(job: job, task: task, epoch: plan.epoch, unit: unit, bytes: bytes)
            state.tokens.give(token, until: now + context.options.tokenLifetime, now: now)
            return token
        }
    }

    /// The units of a task of which a checkpoint is kept, rising: of the last `CheckpointRetention.units`. Those that are
    /// being kept at this moment are waited for, so after `suspend` the answer stays as it is.
    public func checkpointUnits(job: String, task: String) async throws -> [UInt64] {
        await context.saves.settled(job: job)
        return try await context.checkpoints.units(job: job, task: task)
    }

    /// What a worker gave after a unit; nil for unit 0. Units above are forgotten, so ask for the last.
    ///
    /// - Throws: `TaskFaults.checkpointMissing`, `.checkpointUnreadable`.
    public func checkpoint(job: String, task: String, unit: UInt64) async throws -> [UInt8]? {
        try await context.checkpoints.resume(job: job, task: task, at: unit)
    }

    /// Forgets the checkpoints of all jobs but these; for a site's start, after jobs ended while it was away.
    public func forgetCheckpoints(exceptOf jobs: Set<String>) async throws {
        for job in try await context.checkpoints.jobs() where !jobs.contains(job) {
            try await context.checkpoints.remove(job: job)
        }
    }

    /// Bytes that the channels of this gateway keep at this moment.
    public var heldBytes: Int {
        let (sending, receiving) = state.withLock { (Array($0.sending.values), Array($0.receiving.values)) }
        return sending.reduce(0) { $0 + $1.heldBytes } + receiving.reduce(0) { $0 + $1.heldBytes }
    }

    // MARK: Running

    /// Listens for workers and carries all channels until the task is cancelled or the program shuts down. Runs once.
    ///
    /// - Throws: `GatewayFaults.socketUnusable`.
    public func run() async throws {
        let listener = try UnixListener(context.options.socketPath)
        let logger = context.logger
        let report: @Sendable (Fault) -> Void = { fault in
            logger.error("no worker can connect", metadata: ["fault": "\(fault.number)", "reason": "\(fault.what)"])
        }
        _ = PlainThread { [weak self] in
            while let socket = listener.accept(onShortage: report) {
                guard let gateway = self else { return }
                _ = PlainThread {
                    var desk = WorkerDesk(gateway, socket)
                    desk.serve()
                }
            }
        }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await work in self.context.work { group.addTask { await work.body() } }
                group.cancelAll()
            }
        }
        listener.stop()
        context.stop()
        let sessions = state.withLock { state in
            state.isStopped = true
            return Array(state.sessions.values)
        }
        for session in sessions { session.close(Self.stopping) }
    }

    /// Ends channels that have been taken out of the state, and tells their peers where there is something to tell.
    private func end(_ channels: GatewayState.Channels, _ fault: Fault) {
        for (id, link) in fail(channels, fault) { context.tell(fault, of: id, on: link) }
    }

    /// - Returns: the channels whose peers have not been told yet, and the links to tell them on.
    private func fail(_ channels: GatewayState.Channels, _ fault: Fault) -> [(ChannelID, any Link)] {
        let sending = channels.sending.compactMap { channel in channel.fail(fault).map { (channel.key.id, $0) } }
        let receiving = channels.receiving.compactMap { channel in channel.fail(fault).map { (channel.key.id, $0) } }
        return sending + receiving
    }
}
