import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore
import Sites

/// The library alone: one client stream with its own mutual TLS, the window, buffer and frame of a link, and nothing of
/// this program but the certificates.
enum BareStream {
    private static let method = MethodDescriptor(
        service: ServiceDescriptor(fullyQualifiedService: "bench"), method: "send")
    private static let window = 1 << 20

    /// Seconds from the first message to the answer that all have arrived.
    static func run(_ identity: SiteIdentity, frames: Int, size: Int) async throws -> Double {
        let server = GRPCServer(transport: serverTransport(identity), services: [Sink()])
        let client = try await Task { try await connect(to: server, identity) }.value
        let message = Data(repeating: 7, count: size)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.runConnections() }
            let clock = ContinuousClock()
            let start = clock.now
            let count = try await client.clientStreaming(
                request: StreamingClientRequest<Data> { writer in
                    for _ in 0..<frames { try await writer.write(message) }
                },
                descriptor: method, serializer: DataCoding(), deserializer: DataCoding(), options: .defaults
            ) { try $0.message }
            let seconds = start.duration(to: clock.now) / .seconds(1)
            client.beginGracefulShutdown()
            server.beginGracefulShutdown()
            try await group.waitForAll()
            guard count == Data("\(frames)".utf8) else { throw CancellationError() }
            return seconds
        }
    }

    private static func serverTransport(_ identity: SiteIdentity) -> HTTP2ServerTransport.Posix {
        var config = HTTP2ServerTransport.Posix.Config.defaults
        config.http2.targetWindowSize = window
        config.connection.flushCoalescing = nil
        config.rpc.maxRequestPayloadSize = LinkLimits.message
        config.channelDebuggingCallbacks.onAcceptTCPConnection = { buffer($0) }
        return HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0),
            transportSecurity: .mTLS(
                certificateChain: [.bytes(identity.leaf.certificate, format: .der)],
                privateKey: .bytes(identity.leaf.privateKey, format: .der)
            ) { $0.trustRoots = .certificates([.bytes(identity.rootCertificate, format: .der)]) },
            config: config)
    }

    /// Starts the server and makes a client of it.
    private static func connect(
        to server: GRPCServer<HTTP2ServerTransport.Posix>, _ identity: SiteIdentity
    ) async throws -> GRPCClient<HTTP2ClientTransport.Posix> {
        Task { try await server.serve() }
        guard let address = try await server.listeningAddress?.ipv4 else { throw CancellationError() }
        var config = HTTP2ClientTransport.Posix.Config.defaults
        config.http2.targetWindowSize = window
        config.connection.flushCoalescing = nil
        config.channelDebuggingCallbacks.onCreateTCPConnection = { buffer($0) }
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: "127.0.0.1", port: address.port),
            transportSecurity: .mTLS(
                certificateChain: [.bytes(identity.leaf.certificate, format: .der)],
                privateKey: .bytes(identity.leaf.privateKey, format: .der)
            ) {
                $0.trustRoots = .certificates([.bytes(identity.rootCertificate, format: .der)])
                $0.serverCertificateVerification = .noHostnameVerification
            },
            config: config)
        return GRPCClient(transport: transport)
    }

    private static func buffer(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 20))
    }

    private struct Sink: RegistrableRPCService {
        func registerMethods(with router: inout RPCRouter<some ServerTransport>) {
            router.registerHandler(forMethod: method, deserializer: DataCoding(), serializer: DataCoding()) {
                request, _ in
                var count = 0
                for try await _ in request.messages { count += 1 }
                return StreamingServerResponse(single: ServerResponse(message: Data("\(count)".utf8)))
            }
        }
    }
}

/// Bytes as they are.
private struct DataCoding: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: Data) throws -> Bytes {
        Bytes(message)
    }

    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> Data {
        bytes.withUnsafeBytes { Data($0) }
    }
}
