public import Ledger

/// What a joining session is bound to: SHA-256 of the DER of the leaves that both ends proved in the TLS handshake.
public struct JoinSession: Sendable, Hashable {
    /// The leaf that this side authenticated with in this session; 32 bytes.
    public let ownLeaf: [UInt8]
    /// The other end's; 32 bytes.
    public let otherLeaf: [UInt8]

    public init(ownLeaf: [UInt8], otherLeaf: [UInt8]) {
        self.ownLeaf = ownLeaf
        self.otherLeaf = otherLeaf
    }
}

/// How a site that is not known yet asks to join: one request and its answer over mutual TLS 1.3. The other end hands
/// it to `LinkAcceptor.join`.
///
/// - Retry: none; a lost connection fails the call, and the request may have been accepted. Asking again with the same
///   code from the same site is answered again.
public protocol JoinTransport: Sendable {
    /// - Parameters:
    ///   - address: `host:port`.
    ///   - pin: the only site that is accepted at the other end; checked before anything is sent.
    ///   - makeRequest: the request for the session that was made; called once, after the pin holds.
    /// - Returns: the answer's bytes.
    /// - Throws: the fault of the layer that failed; what `makeRequest` throws; the other end's fault by its number.
    func exchange(
        address: String, pin: SiteID, makeRequest: @escaping @Sendable (JoinSession) throws -> [UInt8]
    ) async throws -> [UInt8]
}
