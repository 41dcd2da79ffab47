import Faults
import Ledger

/// Who may be at the other end of a connection.
enum SiteIdentityPin: Sendable {
    /// Any site that proves who it is; what it may do is decided by the peer directory.
    case anyone
    /// This site alone.
    case site(SiteID)

    /// - Throws: `LinkFaults.wrongPeer`.
    func check(_ identity: PresentedIdentity) throws(Fault) {
        guard case .site(let site) = self, identity.site != site else { return }
        throw Fault(
            LinkFaults.wrongPeer, "The site \(identity.site.short)… answers.", wanted: "the site \(site.short)…")
    }
}
