import Faults
import GRPCCore
import GRPCNIOTransportHTTP2Posix
public import Logging
public import NIOCore
public import Resources
public import ServiceLifecycle

/// The federation port: takes links and requests to join from other sites over mutual TLS 1.3, and nothing else.
public final class GRPCListener: Service {
    private let host: String
    private let port: Int
    private let tls: LinkTLS
    private let isAllowed: (@Sendable (NIOCore.SocketAddress) -> Bool)?
    private let crowd: Crowd
    private let tuning: LinkTuning
    private let keepAlive: LinkKeepAlive
    private let parts: @Sendable (AcceptedStreams, Latch<Void>) -> FederationService
    private let logger: Logger
    private let bound = Latch<Int>()

    /// - Parameters:
    ///   - host: an address of this machine, or a name that leads to one.
    ///   - port: 0 takes any free one.
    ///   - isAllowed: which addresses may connect; others are closed before TLS, and counted. Nil for everyone.
    ///   - mostConnections: more are closed before TLS, and counted; from one address half of them.
    ///   - tuning: the window that senders at this side's peers get.
    public convenience init(
        host: String, port: Int, identity: SiteIdentity, directory: any PeerDirectory, acceptor: any LinkAcceptor,
        terms: LinkTerms, isAllowed: (@Sendable (NIOCore.SocketAddress) -> Bool)? = nil,
        mostConnections: Int = 256, tuning: LinkTuning = .accepting,
        logger: Logger, now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.init(
            host: host, port: port, identity: identity, directory: directory, acceptor: acceptor, terms: terms,
            isAllowed: isAllowed, mostConnections: mostConnections, tuning: tuning, keepAlive: .standard,
            logger: logger, now: now)
    }

    init(
        host: String, port: Int, identity: SiteIdentity, directory: any PeerDirectory, acceptor: any LinkAcceptor,
        terms: LinkTerms, isAllowed: (@Sendable (NIOCore.SocketAddress) -> Bool)?, mostConnections: Int = 256,
        tuning: LinkTuning, keepAlive: LinkKeepAlive, logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        self.host = host
        self.port = port
        self.isAllowed = isAllowed
        crowd = Crowd(most: mostConnections)
        self.tuning = tuning
        self.keepAlive = keepAlive
        self.logger = logger
        tls = LinkTLS(identity: identity, keepAlive: keepAlive, now: now)
        parts = { streams, stopping in
            FederationService(
                directory: directory, acceptor: acceptor, terms: terms, streams: streams, stopping: stopping,
                now: now, logger: logger)
        }
    }

    /// The port, once it is bound; nil when the listener was stopped before.
    public func boundPort() async -> Int? {
        await bound.wait()
    }

    /// Listens until graceful shutdown or cancellation; every link is told that the site stops.
    ///
    /// - Throws: `ProgramFaults.listen` when the address cannot be bound; `LinkFaults.handshake` when the site's own
    ///   certificate is of no use.
    public func run() async throws {
        try tls.check()
        let streams = AcceptedStreams()
        let stopping = Latch<Void>()
        let sockets = FederationSockets(
            host: host, port: port, tls: tls, isAllowed: isAllowed, crowd: crowd, logger: logger,
            bound: bound)
        let lost = Fault(LinkFaults.lost)
        let config = GRPCSettings.server(tuning, keepAlive, for: FederationSockets.self) { channel in
            try streams.add(channel, lost: lost)
        }
        let server = GRPCServer(
            transport: HTTP2ServerTransport.Custom(listenerFactory: sockets, config: config),
            services: [parts(streams, stopping)])
        try await withGracefulShutdownHandler {
            try await serve(server, stopping)
        } onGracefulShutdown: {
            stopping.set(())
        }
    }

    private func serve(
        _ server: GRPCServer<HTTP2ServerTransport.Custom<FederationSockets>>, _ stopping: Latch<Void>
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await server.serve()
                } catch {
                    throw self.failure(error)
                }
            }
            group.addTask {
                guard await stopping.wait() != nil else { return }
                server.beginGracefulShutdown()
                // Peers that do not take the farewell are not waited for.
                try? await Task.sleep(for: .seconds(3))
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func failure(_ error: any Error) -> any Error {
        if error is CancellationError || Task.isCancelled { return CancellationError() }
        let detail = RemoteFault.readable(String(describing: (error as? RuntimeError)?.cause ?? error)).prefix(200)
        return Fault(
            ProgramFaults.listen, "The federation listener cannot use \(host):\(port): \(detail)", at: "\(host):\(port)"
        )
    }
}
