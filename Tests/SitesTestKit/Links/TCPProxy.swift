public import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy on loopback that behaves like a bad network: it delays, limits the rate, brings bytes into another order, goes
/// silent without closing, and cuts. Its conduct can change while connections run.
public final class TCPProxy: Sendable {
    /// How bytes pass, in each direction.
    public struct Conduct: Sendable {
        /// From arrival here to departure; half a round trip.
        public var delay: TimeAmount
        /// Bytes per second; nil for no limit.
        public var rate: Int?
        /// Takes bytes, forwards none, and closes nothing: a half-open connection.
        public var isSilent: Bool
        /// Every second piece that arrives overtakes the one before it; what no network does behind TCP's back, and a
        /// damaged middlebox may.
        public var isReordering: Bool

        public init(
            delay: TimeAmount = .zero, rate: Int? = nil, isSilent: Bool = false, isReordering: Bool = false
        ) {
            self.delay = delay
            self.rate = rate
            self.isSilent = isSilent
            self.isReordering = isReordering
        }
    }

    /// Where to connect to, on 127.0.0.1.
    public let port: Int
    private let listening: any Channel
    private let shared: ProxyState

    private init(port: Int, listening: any Channel, shared: ProxyState) {
        self.port = port
        self.listening = listening
        self.shared = shared
    }

    /// Runs the body with a proxy before 127.0.0.1:`target` and closes everything after it.
    public static func with<Value>(
        target: Int, _ conduct: Conduct = Conduct(), _ body: (TCPProxy) async throws -> Value
    ) async throws -> Value {
        let shared = ProxyState(conduct)
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { inner in
                ClientBootstrap(group: inner.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { outer in
                        shared.add(inner, outer)
                        try inner.pipeline.syncOperations.addHandler(ProxyEnd(to: outer, shared))
                        try outer.pipeline.syncOperations.addHandler(ProxyEnd(to: inner, shared))
                        try outer.setOption(.autoRead, value: true).wait(on: outer.eventLoop)
                        try inner.setOption(.autoRead, value: true).wait(on: inner.eventLoop)
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = TCPProxy(port: listening.localAddress?.port ?? 0, listening: listening, shared: shared)
        do {
            let value = try await body(proxy)
            await proxy.stop()
            return value
        } catch {
            await proxy.stop()
            throw error
        }
    }

    public func set(_ conduct: Conduct) {
        shared.set(conduct)
    }

    /// Closes every connection at once.
    public func cut() {
        for channel in shared.takeChannels() { channel.close(promise: nil) }
    }

    /// Bytes that lie in the proxy.
    public var waiting: Int { shared.waiting }

    private func stop() async {
        try? await listening.close()
        cut()
    }
}

/// What all connections of a proxy share.
private final class ProxyState: Sendable {
    private struct State {
        var conduct: TCPProxy.Conduct
        var channels: [any Channel] = []
        var waiting = 0
    }

    private let state: Mutex<State>

    init(_ conduct: TCPProxy.Conduct) {
        state = Mutex(State(conduct: conduct))
    }

    var conduct: TCPProxy.Conduct { state.withLock { $0.conduct } }
    var waiting: Int { state.withLock { $0.waiting } }

    func set(_ conduct: TCPProxy.Conduct) {
        state.withLock { $0.conduct = conduct }
    }

    func add(_ channels: any Channel...) {
        state.withLock { $0.channels += channels }
    }

    func takeChannels() -> [any Channel] {
        state.withLock { state in
            defer { state.channels = [] }
            return state.channels
        }
    }

    func count(_ bytes: Int) {
        state.withLock { $0.waiting += bytes }
    }
}

extension EventLoopFuture where Value == Void {
    /// Options of a channel are set at once on its own loop: there is nothing to wait for.
    fileprivate func wait(on loop: any EventLoop) throws {
        loop.preconditionInEventLoop()
    }
}

/// One end of a connection through the proxy: what it reads goes to the other end, later.
private final class ProxyEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// More than this between two ends stops the reading, as a full buffer in the network does.
    static let room = 64 << 20

    private let other: any Channel
    private let shared: ProxyState
    private var waiting = 0
    /// Waits for the next piece to overtake it.
    private var held: ByteBuffer?
    /// When the line is free for the next bytes, and the last departure: nothing leaves before what was given before.
    private var free = NIODeadline.uptimeNanoseconds(0)
    private var last = NIODeadline.uptimeNanoseconds(0)

    init(to other: any Channel, _ shared: ProxyState) {
        self.other = other
        self.shared = shared
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        let conduct = shared.conduct
        guard !conduct.isSilent else { return }
        if let earlier = held {
            held = nil
            let pieces = conduct.isReordering ? [buffer, earlier] : [earlier, buffer]
            for piece in pieces { forward(piece, conduct, context) }
        } else if conduct.isReordering {
            held = buffer
        } else {
            forward(buffer, conduct, context)
        }
    }

    private func forward(_ buffer: ByteBuffer, _ conduct: TCPProxy.Conduct, _ context: ChannelHandlerContext) {
        let count = buffer.readableBytes
        waiting += count
        shared.count(count)
        let now = NIODeadline.now()
        free = max(free, now)
        if let rate = conduct.rate { free = free + .nanoseconds(Int64(count) * 1_000_000_000 / Int64(rate)) }
        last = max(last, free + conduct.delay)
        let bound = NIOLoopBound((self, context.channel), eventLoop: context.eventLoop)
        let send = { @Sendable in
            let (end, channel) = bound.value
            end.other.writeAndFlush(buffer).assumeIsolated().whenComplete { _ in
                end.waiting -= count
                end.shared.count(-count)
                if end.waiting < Self.room { channel.setOption(.autoRead, value: true).whenComplete { _ in } }
            }
        }
        if last <= now { send() } else { context.eventLoop.scheduleTask(deadline: last, send) }
        if waiting >= Self.room { context.channel.setOption(.autoRead, value: false).whenComplete { _ in } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // After what is still on its way.
        let other = other
        let shared = shared
        context.eventLoop.scheduleTask(deadline: last) {
            if !shared.conduct.isSilent { other.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
