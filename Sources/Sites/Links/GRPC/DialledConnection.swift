import Faults
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Ledger
import NIOCore
import NIOPosix

/// One TCP connection with TLS and HTTP/2 on it, dialled by this side: the layers below a link or a joining.
struct DialledConnection {
    let transport: HTTP2ClientTransport.WrappedChannel
    let proof: ConnectionProof

    /// Resolves and connects, trying every address of the name. TLS goes on by itself: `proof` tells how it ends.
    ///
    /// - Parameter onStream: called on the event loop for each stream before it is used.
    /// - Throws: `LinkFaults.nameUnknown`, `.unreachable`; `CancellationError`.
    static func open(
        _ address: HostAndPort, pin: SiteIdentityPin, tls: LinkTLS, tuning: LinkTuning, keepAlive: LinkKeepAlive,
        onStream: @escaping @Sendable (any Channel) -> Void
    ) async throws -> DialledConnection {
        let config = GRPCSettings.client(tuning, keepAlive, onStream: onStream)
        var failures: [String] = []
        for target in try await HostAddresses.find(address) {
            let proof = ConnectionProof()
            do {
                let transport = try await HTTP2ClientTransport.WrappedChannel.wrapping(config: config) { configure in
                    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .connectTimeout(.seconds(5))
                        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                        .channelOption(
                            .recvAllocator,
                            value: FixedSizeRecvByteBufferAllocator(capacity: GRPCSettings.receiveBuffer)
                        )
                        .connect(to: target) { channel in
                            channel.eventLoop.makeCompletedFuture {
                                try tls.addClient(to: channel, proof: proof, pin: pin)
                            }.flatMap { configure(channel) }
                        }
                }
                return DialledConnection(transport: transport, proof: proof)
            } catch {
                try Task.checkCancellation()
                failures.append(reason(error))
            }
        }
        throw Fault(
            LinkFaults.unreachable, "Nothing answers at \(address): \(Set(failures).sorted().joined(separator: "; ")).",
            at: address.description, wanted: "a federation port that takes connections")
    }

    /// - Throws: the fault with which the handshake ended; `CancellationError`.
    func proven() async throws -> PresentedIdentity {
        guard let outcome = await proof.outcome.wait() else { throw CancellationError() }
        return try outcome.get()
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: String(describing: error.errnoCode == 111 ? "connection refused" : error.description)
        case ChannelError.connectTimeout: "no answer within 5 seconds"
        default: String(RemoteFault.readable(String(describing: error)).prefix(120))
        }
    }
}
