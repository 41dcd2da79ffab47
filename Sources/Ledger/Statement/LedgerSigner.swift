/// The root keys, as the ledger needs them: implemented by the site's identity.
///
/// - Errors: `sign` throws a numbered fault when the key cannot be read. Nothing is retried.
/// - Order and durability: none; thread-safe.
public protocol LedgerSigner: Sendable {
    var site: SiteID { get }

    /// ECDSA on P-256 with SHA-256 by this site's root key: 64 bytes, r and s of 32 bytes each.
    func sign(_ bytes: [UInt8]) throws -> [UInt8]

    /// DER SubjectPublicKeyInfo of a site's root key, this one's included; nil when the site is not known.
    func rootKey(of site: SiteID) -> [UInt8]?
}
