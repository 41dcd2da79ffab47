import Ledger
import WorkerSocket

/// What a gateway knows: open jobs, their channels, the links to peers and the workers. Changed under one lock.
struct GatewayState {
    /// A peer's `ready` that came before this site's worker, or before the job was opened here.
    struct Early {
        let link: any Link
        let next: UInt64
        let credit: UInt64
    }

    struct Channels {
        var sending: [SendingChannel] = []
        var receiving: [ReceivingChannel] = []
    }

    /// The most of a peer's `ready` messages that are kept for later.
    static let mostEarly = 1_024

    var jobs: [String: PlanGuard] = [:]
    /// The last epoch of jobs that are paused.
    var suspended: [String: UInt64] = [:]
    var sending: [ChannelKey: SendingChannel] = [:]
    var receiving: [ChannelKey: ReceivingChannel] = [:]
    /// Live links by peer, the newest last.
    var links: [SiteID: [any Link]] = [:]
    var early: [ChannelKey: Early] = [:]
    var tokens = WorkerTokens()
    var sessions: [ObjectIdentifier: WorkerSession] = [:]
    var cut: Set<SiteID> = []
    /// Nobody is served any more: a worker that is let in now would wait for ever.
    var isStopped = false

    mutating func removeChannels(_ isChosen: (ChannelKey) -> Bool) -> Channels {
        let chosen = Channels(
            sending: sending.filter { isChosen($0.key) }.map(\.value),
            receiving: receiving.filter { isChosen($0.key) }.map(\.value)
        )
        for channel in chosen.sending { sending[channel.key] = nil }
        for channel in chosen.receiving { receiving[channel.key] = nil }
        early = early.filter { !isChosen($0.key) }
        return chosen
    }

    /// Takes a job out, with everything that belongs to it.
    mutating func removeJob(_ job: String) -> (Channels, [WorkerSession]) {
        jobs[job] = nil
        tokens.forget(job: job)
        return (removeChannels { $0.id.job == job }, sessions.values.filter { $0.hello.job == job })
    }

    /// Keeps a `ready` for later.
    ///
    /// - Returns: false when the peer has sent too many.
    mutating func keep(_ ready: Early, for key: ChannelKey) -> Bool {
        guard early[key] != nil || early.keys.count(where: { $0.peer == key.peer }) < Self.mostEarly else {
            return false
        }
        early[key] = ready
        return true
    }
}
