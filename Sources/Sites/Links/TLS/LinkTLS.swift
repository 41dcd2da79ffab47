import Faults
import NIOCore
import NIOSSL
import Resources
import Synchronization

/// TLS between sites: 1.3 and nothing else, both ends with a certificate, HTTP/2 chosen by ALPN. There is no setting.
///
/// Every connection is made with the leaf of that moment, so a rotated leaf is used by the next connection.
final class LinkTLS: Sendable {
    private let identity: SiteIdentity
    private let now: @Sendable () -> Timestamp
    /// How long a connection may be silent.
    private let silence: Duration
    private let contexts = Mutex<Contexts?>(nil)

    init(
        identity: SiteIdentity, keepAlive: LinkKeepAlive = .standard, now: @escaping @Sendable () -> Timestamp
    ) {
        self.identity = identity
        silence = keepAlive.time + keepAlive.timeout
        self.now = now
    }

    /// Adds TLS to a connection that this side dialled. Called on the channel's event loop.
    ///
    /// - Parameters:
    ///   - proof: gets who the other end is.
    ///   - pin: the only site that is accepted at the other end.
    func addClient(to channel: any Channel, proof: ConnectionProof, pin: SiteIdentityPin) throws {
        let contexts = try current()
        proof.presents(contexts.leaf)
        let handler = try NIOSSLClientHandler(
            context: contexts.client, serverHostname: nil,
            customVerificationCallbackWithMetadata: verification(proof, pin))
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.pipeline.syncOperations.addHandler(ConnectionWatch(proof, silence: silence))
    }

    /// Adds TLS to a connection that came from outside. Called on the channel's event loop.
    func addServer(to channel: any Channel, proof: ConnectionProof) throws {
        let contexts = try current()
        proof.presents(contexts.leaf)
        let handler = NIOSSLServerHandler(
            context: contexts.server, customVerificationCallbackWithMetadata: verification(proof, .anyone))
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.pipeline.syncOperations.addHandler(ConnectionWatch(proof, silence: silence))
    }

    /// Makes sure that the leaf can be used, so that a listener does not open with one that cannot.
    ///
    /// - Throws: `LinkFaults.handshake`.
    func check() throws(Fault) {
        do {
            _ = try current()
        } catch {
            throw Fault(LinkFaults.handshake, "The site's own certificate cannot be used for TLS.")
        }
    }

    private typealias Verification =
        @Sendable ([NIOSSLCertificate], EventLoopPromise<NIOSSLVerificationResultWithMetadata>) -> Void

    /// What takes the place of the library's verification: the certificates are a site's, made by its own root; and the
    /// site is the one that was dialled.
    private func verification(_ proof: ConnectionProof, _ pin: SiteIdentityPin) -> Verification {
        let now = now
        return { certificates, promise in
            do {
                let chain = try certificates.prefix(3).map { try $0.toDERBytes() }
                let identity = try PresentedIdentity.verify(chain: chain, now: now())
                try pin.check(identity)
                proof.verified(identity)
                promise.succeed(.certificateVerified(VerificationMetadata(nil)))
            } catch {
                proof.refuse((error as? Fault) ?? Fault(LinkFaults.handshake, "A certificate cannot be read."))
                promise.succeed(.failed)
            }
        }
    }

    private func current() throws -> Contexts {
        let leaf = identity.leaf
        return try contexts.withLock { (kept) throws -> Contexts in
            if let kept, kept.leaf.serial == leaf.serial { return kept }
            let made = try Contexts(leaf, root: identity.rootCertificate)
            kept = made
            return made
        }
    }

    private struct Contexts {
        let leaf: Leaf
        let client: NIOSSLContext
        let server: NIOSSLContext

        init(_ leaf: Leaf, root: [UInt8]) throws {
            self.leaf = leaf
            let chain = try [leaf.certificate, root].map {
                NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            }
            let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(bytes: leaf.privateKey, format: .der))
            var dialling = TLSConfiguration.makeClientConfiguration()
            dialling.certificateChain = chain
            dialling.privateKey = key
            client = try NIOSSLContext(configuration: Self.strict(dialling))
            server = try NIOSSLContext(
                configuration: Self.strict(.makeServerConfiguration(certificateChain: chain, privateKey: key)))
        }

        private static func strict(_ given: TLSConfiguration) -> TLSConfiguration {
            var configuration = given
            configuration.minimumTLSVersion = .tlsv13
            configuration.maximumTLSVersion = .tlsv13
            configuration.applicationProtocols = ["h2"]
            // Asks for a certificate and fails without one; who it belongs to is decided in `verification`.
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates([])
            configuration.renegotiationSupport = .none
            // How long the end of a connection waits for the other side's: a dead one does not answer.
            configuration.shutdownTimeout = .seconds(1)
            return configuration
        }
    }
}
