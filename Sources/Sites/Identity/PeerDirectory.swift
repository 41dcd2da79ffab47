public import Faults
public import Ledger

/// What the handshake needs to know of a peer.
public struct KnownPeer: Sendable, Hashable {
    public let site: SiteID
    /// The resource's name at this site.
    public let name: String
    /// The newest leaf serial seen from it.
    public let newestLeaf: UInt64
    /// The one before; leaves older than that are refused. Serials rise, and not by ones.
    public let oldestLeaf: UInt64

    /// - Parameter oldestLeaf: the newest when not given.
    public init(site: SiteID, name: String, newestLeaf: UInt64, oldestLeaf: UInt64? = nil) {
        self.site = site
        self.name = name
        self.newestLeaf = newestLeaf
        self.oldestLeaf = oldestLeaf ?? newestLeaf
    }

    /// Whether a leaf with this serial may still be used: it is the newest seen, the one before, or newer.
    public func accepts(leaf serial: UInt64) -> Bool {
        serial >= oldestLeaf
    }
}

/// Who may connect: asked in every handshake, on the event loop, so it answers from memory at once.
///
/// A revoked peer is not in it. Thread-safe.
public protocol PeerDirectory: Sendable {
    func find(_ site: SiteID) -> KnownPeer?
    /// A leaf with this serial was accepted; remembered when it is newer.
    func sawLeaf(_ serial: UInt64, of site: SiteID)
    /// Lets a proven identity in, and remembers its leaf.
    ///
    /// - Throws: `JoiningFaults.peerUnknown`, also for a revoked peer; `.leafReplaced`.
    func admit(_ presented: PresentedIdentity) throws(Fault) -> KnownPeer
}

extension PeerDirectory {
    public func admit(_ presented: PresentedIdentity) throws(Fault) -> KnownPeer {
        let peer = try check(presented)
        sawLeaf(presented.leafSerial, of: presented.site)
        return peer
    }

    /// The peer that a proven identity is, if it may come in.
    func check(_ presented: PresentedIdentity) throws(Fault) -> KnownPeer {
        guard let peer = find(presented.site) else { throw Fault(JoiningFaults.peerUnknown) }
        guard peer.accepts(leaf: presented.leafSerial) else {
            throw Fault(
                JoiningFaults.leafReplaced, "The peer '\(peer.name)' presents a certificate that it has replaced.",
                at: "leaf certificate", wanted: "serial \(peer.oldestLeaf) or newer, not \(presented.leafSerial)")
        }
        return peer
    }
}
