import Faults
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import NIOPosix

/// The listening socket: who may connect at all, then TLS, then HTTP/2. A connection that fails harms no other.
struct FederationSockets: HTTP2ServerTransport.ListenerFactory {
    let host: String
    let port: Int
    let tls: LinkTLS
    /// Nil lets everyone come as far as TLS.
    let isAllowed: (@Sendable (NIOCore.SocketAddress) -> Bool)?
    /// How many connections there may be.
    let crowd: Crowd
    let logger: Logger
    /// The port that was bound, once it is.
    let bound: Latch<Int>

    var eventLoopGroup: any EventLoopGroup { MultiThreadedEventLoopGroup.singleton }

    func makeListeningChannel(
        listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
        connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
    ) async throws -> NIOAsyncChannel<HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel, Never> {
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: GRPCSettings.receiveBuffer)
            )
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptWatch(self.logger))
                }.flatMap { listenerConfigurator.configure(channel: channel) }
            }
            .bind(host: host, port: port) { channel in
                let configured = channel.eventLoop.makeCompletedFuture {
                    try self.secure(channel)
                }.flatMap {
                    connectionConfigurator.configure(channel: channel, tls: .configured(requireALPN: true))
                }
                // The listener forgets a connection whose configuration fails; somebody must close it.
                configured.whenFailure { _ in channel.close(promise: nil) }
                return configured
            }
        bound.set(listening.channel.localAddress?.port ?? port)
        return listening
    }

    private func secure(_ channel: any Channel) throws {
        let from = channel.remoteAddress
        if let isAllowed {
            guard let from, isAllowed(from) else {
                LinkMeters.notAllowed()
                logger.notice("connection from outside the allow-list", metadata: ["from": "\(Self.text(from))"])
                throw ChannelError.operationUnsupported
            }
        }
        guard crowd.admit(from.flatMap(IPAddress.init(_:))) else {
            LinkMeters.crowded()
            throw ChannelError.operationUnsupported
        }
        channel.closeFuture.whenComplete { [crowd] _ in crowd.leave(from.flatMap(IPAddress.init(_:))) }
        let proof = ConnectionProof()
        let logger = logger
        proof.onRefusal { fault in
            LinkMeters.refused(fault)
            logger.notice(
                "connection refused",
                metadata: [
                    "from": "\(Self.text(from))", "fault": "\(fault.number)", "reason": "\(fault.what)",
                ])
        }
        try tls.addServer(to: channel, proof: proof)
    }

    private static func text(_ address: NIOCore.SocketAddress?) -> String {
        address?.ipAddress ?? "unknown"
    }
}
