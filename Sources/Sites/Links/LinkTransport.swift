public import Ledger

/// How links are made. Adapters: gRPC over mutual TLS 1.3 (`GRPC/`), and in memory (`InProcess/`); both pass the
/// conformance suite of the test kit.
public protocol LinkTransport: Sendable {
    /// Dials, proves both identities, agrees on a version.
    ///
    /// - Parameters:
    ///   - address: `host:port`.
    ///   - peer: the only site that is accepted at the other end.
    ///   - tuning: window and frame sizes for this route.
    /// - Throws: the fault of the layer that failed: name, TCP, TLS, identity, version (`LinkFaults`).
    func dial(_ address: String, peer: SiteID, tuning: LinkTuning) async throws -> any Link
}

/// Window and credit of one route, chosen by the probe: at least rate times round trip on long links.
public struct LinkTuning: Sendable, Hashable {
    /// HTTP/2 window of stream and connection, in bytes.
    public var window: Int
    /// Byte credit of one channel.
    public var credit: Int

    public static let standard = LinkTuning(window: 1 << 20, credit: 1 << 20)
    public static let largest = LinkTuning(window: 16 << 20, credit: 16 << 20)
    /// Of links that come: their length is not known when they are made, so the window does not bound them. The credit of
    /// the channels does: what lies in the window is what channels were allowed to send.
    public static let accepting = LinkTuning(window: largest.window, credit: standard.credit)

    public init(window: Int, credit: Int) {
        self.window = window
        self.credit = credit
    }
}

/// Takes what arrives from outside: implemented by the site's hub, called by the listening side of a transport.
public protocol LinkAcceptor: Sendable {
    /// A peer that is known and not revoked has connected. Returns when the link is no longer needed.
    func accept(_ link: any Link) async

    /// A site that is not known yet asks to join with a code. Its TLS keys are proven: `root` is who it is, `session` which
    /// leaves both ends authenticated with.
    ///
    /// - Returns: the answer's bytes.
    /// - Throws: a numbered fault, told to the caller as number and sentence.
    func join(_ request: [UInt8], root: SiteID, session: JoinSession) async throws -> [UInt8]
}
