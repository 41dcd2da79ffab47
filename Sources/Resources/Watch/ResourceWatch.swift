import Faults

/// The changes that match a query, in order, without end; made by `ResourceStore.watch`.
///
/// Iterate it once, from one task. Ends by throwing: `too-old` when the watcher fell behind what the store keeps, or a
/// `CancellationError`.
public struct ResourceWatch: AsyncSequence, Sendable {
    public typealias Element = WatchEvent

    private let makeNext: @Sendable () -> (() async throws -> WatchEvent?)

    /// For adapters that have a source of their own, such as a remote API.
    public init(_ makeNext: @escaping @Sendable () -> (() async throws -> WatchEvent?)) {
        self.makeNext = makeNext
    }

    /// - Parameter load: at most `limit` changes after a sequence from the store's log; throws `too-old`.
    init(
        feed: ChangeFeed,
        query: ResourceQuery,
        after sequence: Int64,
        load: @escaping @Sendable (_ sequence: Int64, _ limit: Int) async throws -> [Change]
    ) {
        self.init {
            var cursor = WatchCursor(feed: feed, query: query, position: sequence, load: load)
            return { try await cursor.next() }
        }
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let nextEvent: () async throws -> WatchEvent?

        public mutating func next() async throws -> WatchEvent? {
            try await nextEvent()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(nextEvent: makeNext())
    }
}

private struct WatchCursor {
    let feed: ChangeFeed
    let query: ResourceQuery
    var position: Int64
    let load: @Sendable (_ sequence: Int64, _ limit: Int) async throws -> [Change]

    private var ready: [WatchEvent] = []
    private var lastTold: ContinuousClock.Instant = .now
    private static let pageSize = 256

    init(
        feed: ChangeFeed,
        query: ResourceQuery,
        position: Int64,
        load: @escaping @Sendable (_ sequence: Int64, _ limit: Int) async throws -> [Change]
    ) {
        self.feed = feed
        self.query = query
        self.position = position
        self.load = load
    }

    mutating func next() async throws -> WatchEvent? {
        while true {
            if !ready.isEmpty { return told(ready.removeFirst()) }
            try Task.checkCancellation()
            let inMemory = feed.changes(after: position, limit: Self.pageSize)
            let page: [Change] = if let inMemory { inMemory } else { try await load(position, Self.pageSize) }
            if let last = page.last {
                position = last.sequence
                ready = page.compactMap { $0.event(for: query) }
                continue
            }
            let quiet = ContinuousClock.now - lastTold
            if quiet >= query.bookmarkInterval {
                return told(WatchEvent(kind: .bookmark, resource: nil, version: ResourceVersion(String(position))))
            }
            await feed.wait(after: position, atMost: query.bookmarkInterval - quiet)
        }
    }

    private mutating func told(_ event: WatchEvent) -> WatchEvent {
        lastTold = .now
        return event
    }
}
