import Faults
import NIOCore
import NIOPosix
import NIOSSL
import Sites

extension NetworkTry {
    static let patience: TimeAmount = .seconds(5)

    /// Never throws: what goes wrong is the outcome.
    func run() async -> Outcome {
        guard let tls = try? way.context,
            let address = try? SocketAddress(ipAddress: target.description, port: port)
        else { return .nothing }
        let way = self.way
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Outcome.self)
        var bootstrap = ClientBootstrap(group: loop).connectTimeout(Self.patience)
        if let source, let local = try? SocketAddress(ipAddress: source.description, port: 0) {
            bootstrap = bootstrap.bind(to: local)
        }
        bootstrap = bootstrap.channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if let context = tls.context {
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
                try channel.pipeline.syncOperations.addHandler(AnswerHandler(request: way.request, promise: promise))
            }
        }
        guard let channel = try? await bootstrap.connect(to: address).get() else {
            promise.succeed(.nothing)
            return .nothing
        }
        if way == .connect { promise.succeed(.open) }
        let timer = loop.scheduleTask(in: Self.patience) { promise.succeed(.nothing) }
        let outcome = (try? await promise.futureResult.get()) ?? .nothing
        timer.cancel()
        try? await channel.close()
        return outcome
    }

    /// Whether somebody accepts connections there.
    static func connects(to plane: PlaneDescription) async -> Bool {
        let target = plane.address.isWildcard ? (plane.address.isIPv4 ? "127.0.0.1" : "::1") : plane.address.description
        guard let address = IPAddress(target) else { return false }
        return await NetworkTry(source: nil, target: address, port: plane.port, way: .connect).run() == .open
    }
}

/// A TLS context, or none: makes "none" a value beside "it cannot be made".
private struct MaybeContext {
    let context: NIOSSLContext?
}

extension NetworkTry.Way {
    fileprivate var context: MaybeContext {
        get throws {
            var configuration = TLSConfiguration.makeClientConfiguration()
            // It is asked whether something answers at all, and not who: nothing is told to it.
            configuration.certificateVerification = .none
            switch self {
            case .plain, .connect: return MaybeContext(context: nil)
            case .tls: configuration.minimumTLSVersion = .tlsv13
            case .tlsWithoutCertificate:
                configuration.minimumTLSVersion = .tlsv13
                configuration.applicationProtocols = ["h2"]
            case .oldTLS: configuration.maximumTLSVersion = .tlsv12
            }
            return MaybeContext(context: try NIOSSLContext(configuration: configuration))
        }
    }

    fileprivate var request: [UInt8] {
        switch self {
        case .plain(let path), .tls(let path):
            Array("GET \(path) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".utf8)
        case .oldTLS: Array("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".utf8)
        // RFC 9113 3.4: preface and an empty SETTINGS frame.
        case .tlsWithoutCertificate: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
        case .connect: []
        }
    }
}

/// Says the request and takes the beginning of what comes.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: [UInt8]
    private let promise: EventLoopPromise<NetworkTry.Outcome>
    private var taken: [UInt8] = []

    init(request: [UInt8], promise: EventLoopPromise<NetworkTry.Outcome>) {
        self.request = request
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        if !request.isEmpty { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: request)), promise: nil) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        taken += unwrapInboundIn(data).readableBytesView.prefix(64)
        guard taken.count >= 12 else { return }
        let words = String(decoding: taken.prefix(12), as: UTF8.self).split(separator: " ")
        if words.count == 2, words[0] == "HTTP/1.1", let status = Int(words[1]) {
            promise.succeed(.status(status))
        } else {
            promise.succeed(.bytes)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed(.nothing)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(taken.isEmpty ? .nothing : .bytes)
        context.fireChannelInactive()
    }
}
