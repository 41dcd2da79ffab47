public import Faults
public import Ledger
public import Sites
import Synchronization

/// One end of a link in memory, which a test can look into and cut. What has not been taken at the cut is lost.
public final class PipeLink: Link {
    public let peer: SiteID
    public let version: UInt32 = 1
    public let isDialled: Bool
    public let route = "direct"
    private let incoming: AsyncStream<LinkMessage>
    private let input: AsyncStream<LinkMessage>.Continuation
    private let other = Mutex<Other?>(nil)
    private let watch: Watch

    private let isCut = Mutex(false)
    private let reason = Mutex<Fault?>(nil)

    private struct Other {
        let input: AsyncStream<LinkMessage>.Continuation
        let cut: @Sendable (Fault?) -> Void
    }

    /// Sees everything that leaves; answers what is to go on instead: nothing, it, or something else.
    public struct Watch: Sendable {
        let body: @Sendable (LinkMessage) -> [LinkMessage]

        public static let nothing = Watch { [$0] }

        public init(_ body: @escaping @Sendable (LinkMessage) -> [LinkMessage]) {
            self.body = body
        }
    }

    private init(peer: SiteID, isDialled: Bool, watch: Watch) {
        self.peer = peer
        self.isDialled = isDialled
        self.watch = watch
        (incoming, input) = AsyncStream.makeStream()
    }

    /// Two ends: of the first site, to the second; and the reverse.
    public static func pair(
        _ first: SiteID, _ second: SiteID, watch: Watch = .nothing, back: Watch = .nothing
    ) -> (PipeLink, PipeLink) {
        let one = PipeLink(peer: second, isDialled: true, watch: watch)
        let two = PipeLink(peer: first, isDialled: false, watch: back)
        one.other.withLock { $0 = two.asOther }
        two.other.withLock { $0 = one.asOther }
        return (one, two)
    }

    private var asOther: Other {
        Other(input: input) { [weak self] in self?.end($0) }
    }

    public var ending: Fault? { reason.withLock { $0 } }

    public func send(_ message: LinkMessage) async throws {
        guard let other = other.withLock({ $0 }) else { throw Fault(LinkFaults.lost) }
        for message in watch.body(message) { other.input.yield(message) }
    }

    public var messages: LinkMessages {
        LinkMessages { [self] in
            var iterator = incoming.makeAsyncIterator()
            let message = await iterator.next()
            return isCut.withLock { $0 } ? nil : message
        }
    }

    public func close(_ reason: Fault?) async {
        cut(reason)
    }

    public func cut(_ reason: Fault? = nil) {
        let other = other.withLock { other in
            defer { other = nil }
            return other
        }
        end(reason)
        other?.cut(reason)
        other?.input.finish()
        input.finish()
    }

    /// The first reason counts.
    private func end(_ reason: Fault?) {
        let isFirst = isCut.withLock { isCut in
            defer { isCut = true }
            return !isCut
        }
        if isFirst { self.reason.withLock { $0 = reason } }
    }
}
