import NIOCore
import NIOPosix

/// A TCP proxy on loopback through which every byte takes a fixed time: a long line without losses.
final class DelayProxy: Sendable {
    let port: Int
    private let listening: any Channel

    /// - Parameter delay: in each direction; half a round trip.
    static func start(before target: Int, delay: TimeAmount) async throws -> DelayProxy {
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { inner in
                ClientBootstrap(group: inner.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { outer in
                        try inner.pipeline.syncOperations.addHandler(Line(to: outer, delay))
                        try outer.pipeline.syncOperations.addHandler(Line(to: inner, delay))
                        outer.setOption(.autoRead, value: true).whenComplete { _ in }
                        inner.setOption(.autoRead, value: true).whenComplete { _ in }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return DelayProxy(port: listening.localAddress?.port ?? 0, listening: listening)
    }

    private init(port: Int, listening: any Channel) {
        self.port = port
        self.listening = listening
    }

    func stop() async {
        try? await listening.close()
    }

    /// What one end reads goes to the other, later and in order.
    private final class Line: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private let delay: TimeAmount
        private var last = NIODeadline.uptimeNanoseconds(0)

        init(to other: any Channel, _ delay: TimeAmount) {
            self.other = other
            self.delay = delay
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            let other = other
            // A nanosecond apart, so that no two have the same deadline.
            last = max(last + .nanoseconds(1), .now() + delay)
            context.eventLoop.scheduleTask(deadline: last) { other.writeAndFlush(buffer, promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            let other = other
            context.eventLoop.scheduleTask(deadline: last + .nanoseconds(1)) { other.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
