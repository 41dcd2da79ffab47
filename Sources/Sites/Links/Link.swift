public import Faults
public import Ledger

/// One live session between this site and a peer, whichever of the two dialled.
///
/// - Order: messages arrive in the order they were sent, or the link is lost; nothing is delivered twice.
/// - Back-pressure: `send` suspends while more than a bounded amount waits to leave, and is cancellable. Bulk data is
///   bounded by the receiver's byte credit in the layer above; the link itself never buffers without limit.
/// - Loss: after the other side or the network is gone (seen within 15 s), `messages` ends and `send` throws
///   `LinkFaults.lost`. A link is not repaired; a new one is made. What was sent and not acknowledged may be lost.
/// - Durability: none. Ledger and channels live above.
public protocol Link: AnyObject, Sendable {
    /// The authenticated other end.
    var peer: SiteID { get }
    /// The protocol version both agreed on.
    var version: UInt32 { get }
    /// Whether this side dialled.
    var isDialled: Bool { get }
    /// The kind of route this session belongs to, as the ledger records it: `direct` or `reverse`.
    var route: String { get }

    /// - Throws: `LinkFaults.lost` once the link is gone; `LinkFaults.tooLarge` for a message above 4 MiB of payload,
    ///   which leaves the link as it was; `CancellationError`.
    func send(_ message: LinkMessage) async throws

    /// What the other side sends; may be iterated once. Ends without an error when the link is closed or lost.
    var messages: LinkMessages { get }

    /// Why the session is over: what `close` was given here or there, or what broke it. Nil while it is open, and after an
    /// ending that nobody gave a reason for.
    var ending: Fault? { get }

    /// Ends the session, telling the other side why where that is still possible. May be called many times.
    func close(_ reason: Fault?) async
}

extension Link {
    public var ending: Fault? { nil }
}

/// The messages that arrive on a link; pull-based, so a slow reader slows the sender.
public struct LinkMessages: AsyncSequence, Sendable {
    public typealias Element = LinkMessage
    private let pull: @Sendable () async -> LinkMessage?

    /// - Parameter pull: the next message, nil at the end; called by one task at a time.
    public init(pull: @escaping @Sendable () async -> LinkMessage?) {
        self.pull = pull
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let pull: @Sendable () async -> LinkMessage?

        public mutating func next() async -> LinkMessage? {
            await pull()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pull: pull)
    }
}
