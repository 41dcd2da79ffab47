import HummingbirdCore
import Logging
import Metrics
import NIOCore
import NIOHTTP1
import Objects

/// Closes a connection whose client is too slow while a request is under way: one that sends its body drop by drop, or
/// that does not take its answer.
///
/// Only time in which the server waits for the client counts. Slow headers and silence between requests are ended by the
/// server's own limit of silence, which counts whole headers.
final class PaceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The most bytes of a body: a chunk of a file and more. Routes take less and say so; who sends more has its answer and would send for ever.
    static let mostBody = Int64(FileDigest.chunkBytes + (1 << 20))
    /// The least that a client sends, in bytes per second, over a body's whole time.
    static let leastRate: Int64 = 4 << 10

    private let listener: String
    private let patience: TimeAmount
    /// For paths that take more than `mostBody`.
    private let larger: @Sendable (_ target: String) -> Int64?
    /// Waited for the body that comes, in nanoseconds; nil while none does.
    private var waited: Int64?
    private var waitingSince: NIODeadline?
    private var bytes: Int64 = 0
    private var most = mostBody
    private var bodyCheck: Scheduled<Void>?
    private var writeCheck: Scheduled<Void>?

    /// - Parameter patience: for a body, beside the time that its bytes earn; and in which what was written for a client
    ///   has to be taken, as far as it fills the buffer.
    init(
        listener: String, patience: TimeAmount, larger: @escaping @Sendable (_ target: String) -> Int64? = { _ in nil }
    ) {
        self.listener = listener
        self.patience = patience
        self.larger = larger
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        bodyCheck?.cancel()
        writeCheck?.cancel()
    }

    func read(context: ChannelHandlerContext) {
        if waited != nil, waitingSince == nil {
            waitingSince = .now()
            check(context)
        }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            (waited, bytes, waitingSince) = (0, 0, .now())
            most = head.method == .POST ? larger(head.uri) ?? Self.mostBody : Self.mostBody
            check(context)
        case .body(let part):
            stopWaiting()
            bytes += Int64(part.readableBytes)
            guard bytes <= most else { return close(context) }
        case .end:
            (waited, waitingSince) = (nil, nil)
            bodyCheck?.cancel()
            bodyCheck = nil
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeCheck?.cancel()
        writeCheck = nil
        if !context.channel.isWritable {
            writeCheck = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { self.close(context) }
        }
        context.fireChannelWritabilityChanged()
    }

    private func stopWaiting() {
        guard let since = waitingSince else { return }
        waited? += (NIODeadline.now() - since).nanoseconds
        waitingSince = nil
    }

    /// Looks now whether the time for the body is over, and else when it would be.
    private func check(_ context: ChannelHandlerContext) {
        guard let waited, let since = waitingSince else { return }
        let left =
            patience.nanoseconds + bytes * 1_000_000_000 / Self.leastRate - waited
            - (NIODeadline.now() - since).nanoseconds
        guard left > 0 else { return close(context) }
        guard bodyCheck == nil else { return }
        bodyCheck = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(left)) {
            self.bodyCheck = nil
            self.check(context)
        }
    }

    private func close(_ context: ChannelHandlerContext) {
        Counter(label: "plane.slow", dimensions: [("plane", listener)]).increment()
        context.close(promise: nil)
    }
}

/// HTTP, with clients held to a pace.
struct PacedChannel: ServerChildChannel {
    let listener: String
    let patience: TimeAmount
    /// The most bytes of a body at a path that takes more than others.
    var larger: @Sendable (_ target: String) -> Int64? = { _ in nil }
    let base: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(
                PaceHandler(listener: listener, patience: patience, larger: larger), position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
