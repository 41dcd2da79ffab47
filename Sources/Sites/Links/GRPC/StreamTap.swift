import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands between gRPC and HTTP/2 in a stream's pipeline. Outward it counts: bytes leave the budget when they left this
/// process, which the library's own writer does not wait for. Inward, at the accepting side, it marks the request with
/// the number under which the stream's proven identity is kept, and takes away such a mark that came from outside.
final class StreamTap: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    /// The header of the mark.
    static let header = "atoll-stream"

    private let budget: ByteBudget
    private let mark: UInt64?
    private let lost: any Error

    /// - Parameters:
    ///   - mark: nil at the dialling side, where what comes in carries no mark.
    ///   - lost: what those get who wait to send when the stream goes.
    init(budget: ByteBudget, mark: UInt64?, lost: any Error) {
        self.budget = budget
        self.mark = mark
        self.lost = lost
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let mark, case .headers(var headers) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        headers.headers.remove(name: Self.header)
        headers.headers.add(name: Self.header, value: String(mark))
        context.fireChannelRead(wrapInboundOut(.headers(headers)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .data(let content) = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        let written = promise ?? context.eventLoop.makePromise()
        let (budget, count) = (budget, content.data.readableBytes)
        written.futureResult.whenComplete { _ in budget.release(count) }
        context.write(data, promise: written)
    }

    func channelInactive(context: ChannelHandlerContext) {
        budget.fail(lost)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        budget.fail(lost)
    }
}
