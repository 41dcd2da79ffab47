public import Ledger

/// What the handshake needs to know of a peer.
public struct KnownPeer: Sendable, Hashable {
    public let site: SiteID
    /// The resource's name at this site.
    public let name: String
    /// The newest leaf serial seen from it; older than the one before is refused.
    public let newestLeaf: UInt64

    public init(site: SiteID, name: String, newestLeaf: UInt64) {
        self.site = site
        self.name = name
        self.newestLeaf = newestLeaf
    }
}

/// Who may connect: asked in every handshake, on the event loop, so it answers from memory at once.
///
/// A revoked peer is not in it. Thread-safe.
public protocol PeerDirectory: Sendable {
    func find(_ site: SiteID) -> KnownPeer?
    /// A leaf with this serial was accepted; remembered when it is newer.
    func sawLeaf(_ serial: UInt64, of site: SiteID)
}
