public import Ledger

/// The ledger's view of this site's identity and of the root keys of its peers.
public struct RootKeySigner: LedgerSigner {
    private let identity: SiteIdentity
    private let peers: PeerBook

    public init(identity: SiteIdentity, peers: PeerBook) {
        self.identity = identity
        self.peers = peers
    }

    public var site: SiteID { identity.id }

    public func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        try identity.sign(bytes)
    }

    public func rootKey(of site: SiteID) -> [UInt8]? {
        site == identity.id ? identity.rootKey : peers.rootKey(of: site)
    }
}
