/// How a controller works; the defaults fit one that makes resources.
public struct ControllerSettings: Sendable {
    /// Most resources being reconciled at a time.
    public var concurrency = 4
    /// Everything is looked at again about this often (three quarters to five quarters of it), whatever was missed.
    public var resync: Duration = .seconds(600)
    /// Ids that may wait; the watch waits for room.
    public var capacity = 10_000
    /// Between attempts at one resource whose reconciler threw.
    public var backoff = Backoff()
    /// Between attempts at a store that failed.
    public var storeBackoff = Backoff(first: .milliseconds(100), most: .seconds(10))

    public init() {}
}
