import Faults
import Ledger
import Logging
import Metrics
import Synchronization

/// What the channels of a gateway share.
final class GatewayContext: Sendable {
    private struct Shared {
        var meters: [SiteID: GatewayMeters] = [:]
        var buckets: [SiteID: TokenBucket] = [:]
        /// Refusals on their way to each peer.
        var tellings: [SiteID: Int] = [:]
    }

    private static let mostTellings = 256

    let site: SiteID
    let ledger: any FrameLedger
    let checkpoints: any CheckpointStore
    let saves = SavesInFlight()
    let options: GatewayOptions
    let logger: Logger
    /// Work that `Gateway.run` carries.
    let work: AsyncStream<Work>
    private let workInput: AsyncStream<Work>.Continuation
    private let shared = Mutex(Shared())

    /// A piece of work; in a struct, since a closure alone in a stream is wrapped at every access.
    struct Work: Sendable {
        let body: @Sendable () async -> Void
    }

    init(
        site: SiteID, ledger: any FrameLedger, checkpoints: any CheckpointStore, options: GatewayOptions,
        logger: Logger
    ) {
        self.site = site
        self.ledger = ledger
        self.checkpoints = checkpoints
        self.options = options
        self.logger = logger
        (work, workInput) = AsyncStream.makeStream(of: Work.self)
    }

    var clock: GatewayClock { options.clock }

    /// Runs a piece of work beside the others until it ends or the gateway does.
    func start(_ body: @escaping @Sendable () async -> Void) {
        workInput.yield(Work(body: body))
    }

    func stop() {
        workInput.finish()
    }

    func meters(_ peer: SiteID) -> GatewayMeters {
        shared.withLock { shared in
            if let meters = shared.meters[peer] { return meters }
            let meters = GatewayMeters(peer)
            shared.meters[peer] = meters
            return meters
        }
    }

    /// How long to wait before so many bytes may go to a peer.
    func delay(_ bytes: Int, to peer: SiteID) -> Duration {
        guard let rate = options.bytesPerSecond(peer) else { return .zero }
        let now = clock.now()
        return shared.withLock { shared in
            var bucket = shared.buckets[peer] ?? TokenBucket(bytesPerSecond: rate, now: now)
            if bucket.bytesPerSecond != max(1, rate) { bucket = TokenBucket(bytesPerSecond: rate, now: now) }
            defer { shared.buckets[peer] = bucket }
            return bucket.take(bytes, now: now)
        }
    }

    /// Writes down that a frame was refused, everywhere it belongs. Waits for the ledger, so that a peer that keeps
    /// sending such frames is held up.
    func refused(_ refusal: RefusalRecord, _ fault: Fault) async {
        meters(refusal.peer).refusals.increment()
        logger.warning(
            "refused a frame",
            metadata: [
                "fault": "\(fault.number)", "job": "\(refusal.job)", "task": "\(refusal.task)",
                "peer": "\(refusal.peer)", "direction": "\(refusal.direction.rawValue)",
                "step": "\(refusal.step)", "sequence": "\(refusal.sequence)",
            ])
        do {
            try await ledger.refuse(refusal)
        } catch {
            logger.error("a refusal could not be recorded", metadata: ["error": "\(error)"])
        }
    }

    /// Tells a peer that a channel is refused or given up; not when it does not read what it was told before.
    func tell(_ fault: Fault, of channel: ChannelID, on link: any Link) {
        let mayTell = shared.withLock { shared in
            guard shared.tellings[link.peer, default: 0] < Self.mostTellings else { return false }
            shared.tellings[link.peer, default: 0] += 1
            return true
        }
        guard mayTell else { return }
        start {
            try? await link.send(.refuse(channel, number: UInt32(fault.number.rawValue), text: fault.what))
            self.shared.withLock { $0.tellings[link.peer, default: 1] -= 1 }
        }
    }

    /// Tells a peer that channels are given up and waits until the links have taken it, but no longer than the time.
    func say(_ fault: Fault, of channels: [(ChannelID, any Link)], within time: Duration) async {
        if channels.isEmpty { return }
        await withDiscardingTaskGroup { group in
            let isSaid = Latch<Void>()
            group.addTask {
                for (id, link) in channels {
                    try? await link.send(.refuse(id, number: UInt32(fault.number.rawValue), text: fault.what))
                }
                isSaid.set(())
            }
            group.addTask { [clock] in
                try? await clock.sleep(time)
                isSaid.set(())
            }
            _ = await isSaid.wait()
            group.cancelAll()
        }
    }

    /// Records until it is done.
    ///
    /// - Returns: the fault, when the records are no good or the task is cancelled; nil once they are on the disk.
    func record(_ records: [FrameRecord], towards peer: SiteID) async -> Fault? {
        var pause = Duration.milliseconds(50)
        while true {
            do {
                try await ledger.record(records)
                return nil
            } catch {
                let fault = error as? Fault ?? Fault(LedgerFaults.notRecorded)
                if Task.isCancelled || !fault.is(LedgerFaults.notRecorded) { return fault }
                meters(peer).unrecorded.increment()
                logger.error(
                    "the ledger cannot record: nothing crosses until it can",
                    metadata: ["fault": "\(fault.number)", "peer": "\(peer)", "error": "\(fault.what)"])
            }
            try? await clock.sleep(pause)
            pause = min(pause * 2, .seconds(5))
            if Task.isCancelled { return Fault(LedgerFaults.notRecorded) }
        }
    }
}
