public import Ledger
import WorkerSocket

/// What a gateway is told when it is made.
public struct GatewayOptions: Sendable {
    /// Where workers connect; at most 100 bytes.
    public var socketPath: String
    /// The most bytes that wait for this site's worker on a channel from the peer, less one frame; as the route's probe
    /// chose it. Asked when a channel is opened.
    public var credit: @Sendable (SiteID) -> Int = { _ in LinkTuning.standard.credit }
    /// The most bytes per second towards a peer; nil for no limit. Asked with every frame.
    public var bytesPerSecond: @Sendable (SiteID) -> Int? = { _ in nil }
    /// How long a token is good for.
    public var tokenLifetime: Duration = .seconds(60)
    /// The largest checkpoint of a task, in bytes.
    public var largestCheckpoint = 256 << 20
    /// A worker did something; called in order for one worker, from its own thread, so it returns soon.
    public var onWorker: @Sendable (WorkerEvent) -> Void = { _ in }
    /// One direction of a task towards a peer has ended here: everything was sent and consumed by the peer's worker, or
    /// consumed by this site's, and recorded. Called once for each direction, soon after; returns soon.
    public var onTaskEnd: @Sendable (_ job: String, _ peer: SiteID, _ task: String) -> Void = { _, _, _ in }
    public var clock = GatewayClock.system

    public init(socketPath: String) {
        self.socketPath = socketPath
    }
}

/// Time for the gateway, so that tests can give their own.
public struct GatewayClock: Sendable {
    /// Since a fixed moment; never falls.
    public var now: @Sendable () -> Duration
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    public static let system: GatewayClock = {
        let start = ContinuousClock.now
        return GatewayClock(
            now: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0, clock: .continuous) })
    }()
}
