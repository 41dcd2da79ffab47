import Crypto
public import Faults
public import Ledger
public import Resources
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Who this site is: a long-lived P-256 root key in a file of its own, and the short TLS leaf that it signed last.
///
/// The folder holds `root.key` (PKCS #8 as PEM, mode 0600), `root.crt` (DER) and `leaf.serial` (the last serial given
/// out, decimal). Keys of leaves live in memory only: every start makes a new one. Thread-safe; `leaf` never waits for
/// a disk.
public final class SiteIdentity: Sendable {
    /// SHA-256 over the root key's SubjectPublicKeyInfo.
    public let id: SiteID
    /// DER; self-signed.
    public let rootCertificate: [UInt8]
    /// DER SubjectPublicKeyInfo.
    public let rootKey: [UInt8]

    private let folder: String
    private let key: P256.Signing.PrivateKey
    private let current: Mutex<Leaf>
    /// The serial given out last; held while the next one is made, so that serials and leaves come in one order.
    private let serials: Mutex<UInt64>

    /// Opens the identity in a folder, making the folder, the key and the root certificate on the first start, and makes
    /// a new leaf.
    ///
    /// - Parameters:
    ///   - folder: its parent must exist.
    ///   - now: when the leaf is made; it is valid from 5 minutes before to 7 days after.
    /// - Throws: `ProgramFaults.unsafePermissions` when others may read the key, `.dataDirectory`;
    ///   `JoiningFaults.identityDamaged` when key or certificate cannot be used; `ResourceFaults.storeFull`,
    ///   `.storeReadOnly`.
    public static func open(folder: String, now: Timestamp) throws(Fault) -> SiteIdentity {
        try IdentityFiles.openFolder(folder)
        let key = try openKey("\(folder)/root.key")
        let site = SiteCertificates.site(of: key.publicKey)
        let certificate = try openRoot("\(folder)/root.crt", key: key, site: site)
        let last = try readSerial("\(folder)/leaf.serial")
        let (leaf, serial) = try makeLeaf(after: last, now: now, folder: folder, key: key, site: site)
        return SiteIdentity(folder: folder, key: key, site: site, certificate: certificate, leaf: leaf, serial: serial)
    }

    private init(
        folder: String, key: P256.Signing.PrivateKey, site: SiteID, certificate: [UInt8], leaf: Leaf, serial: UInt64
    ) {
        self.folder = folder
        self.key = key
        id = site
        rootCertificate = certificate
        rootKey = SiteCertificates.encoded(key.publicKey)
        current = Mutex(leaf)
        serials = Mutex(serial)
    }

    /// The leaf to present now.
    public var leaf: Leaf {
        current.withLock { $0 }
    }

    /// Makes the next leaf and presents it from now on; sessions made with the one before go on.
    ///
    /// - Throws: as `open` for what cannot be written; the leaf before stays then.
    @discardableResult
    public func rotate(now: Timestamp) throws(Fault) -> Leaf {
        try serials.withLock { (last) throws(Fault) -> Leaf in
            let (leaf, serial) = try Self.makeLeaf(after: last, now: now, folder: folder, key: key, site: id)
            last = serial
            current.withLock { $0 = leaf }
            return leaf
        }
    }

    /// Signs with the root key: ECDSA over P-256 with SHA-256.
    ///
    /// - Returns: 64 bytes, r and s as big-endian numbers of 32 bytes each.
    public func sign(_ message: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: message).rawRepresentation)
    }

    /// Whether the signature of the message was made with this root key.
    ///
    /// - Parameters:
    ///   - signature: as `sign` returns it; anything else is not valid.
    ///   - rootKey: DER SubjectPublicKeyInfo.
    public static func isValid(signature: [UInt8], message: [UInt8], rootKey: [UInt8]) -> Bool {
        guard let key = try? P256.Signing.PublicKey(derRepresentation: rootKey),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }

    /// A key for sealing what must be useless without this site's root key; each purpose has its own (RFC 5869).
    func sealingKey(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.rawRepresentation),
            info: Array("atoll sealing \(purpose)".utf8),
            outputByteCount: 32
        )
    }

    private static func openKey(_ path: String) throws(Fault) -> P256.Signing.PrivateKey {
        guard let bytes = try IdentityFiles.read(path, isSecret: true) else {
            let key = P256.Signing.PrivateKey()
            try IdentityFiles.write(Array((key.pemRepresentation + "\n").utf8), to: path)
            return key
        }
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: String(decoding: bytes, as: UTF8.self)) else {
            throw Fault(
                JoiningFaults.identityDamaged, "The file holds no P-256 key.", at: path, wanted: "PKCS #8 as PEM")
        }
        return key
    }

    /// The certificate can be made again from the key at any time; one of another key means mixed-up folders.
    private static func openRoot(
        _ path: String, key: P256.Signing.PrivateKey, site: SiteID
    ) throws(Fault) -> [UInt8] {
        if let bytes = try IdentityFiles.read(path, isSecret: false) {
            guard let root = try? PresentedIdentity.root(bytes, at: path), root.site == site else {
                throw Fault(JoiningFaults.identityDamaged, "The root certificate does not belong to the key.", at: path)
            }
            return bytes
        }
        guard let bytes = try? SiteCertificates.root(key, site: site) else {
            throw Fault(JoiningFaults.identityDamaged, "The key cannot sign.", at: path)
        }
        try IdentityFiles.write(bytes, to: path)
        return bytes
    }

    private static func readSerial(_ path: String) throws(Fault) -> UInt64 {
        guard let bytes = try IdentityFiles.read(path, isSecret: false) else { return 0 }
        guard let serial = UInt64(String(decoding: bytes, as: UTF8.self).filter { $0 != "\n" }), serial < 1 << 62 else {
            throw Fault(
                JoiningFaults.identityDamaged, "The last serial cannot be read.", at: path,
                wanted: "a number below 2^62")
        }
        return serial
    }

    /// The serial is durable before the leaf exists. It is at least the seconds since 1970, so that a folder restored
    /// from a backup does not fall behind what peers have seen.
    private static func makeLeaf(
        after last: UInt64, now: Timestamp, folder: String, key root: P256.Signing.PrivateKey, site: SiteID
    ) throws(Fault) -> (Leaf, UInt64) {
        let serial = max(last + 1, UInt64(clamping: now.milliseconds / 1000))
        try IdentityFiles.write(Array("\(serial)\n".utf8), to: "\(folder)/leaf.serial")
        // Certificates count whole seconds.
        let start = Timestamp(milliseconds: (now.milliseconds - Leaf.headStart) / 1000 * 1000)
        let end = Timestamp(milliseconds: (now.milliseconds + Leaf.lifetime) / 1000 * 1000)
        let key = P256.Signing.PrivateKey()
        let certificate: [UInt8]
        do {
            certificate = try SiteCertificates.leaf(
                key.publicKey, serial: serial, from: start, to: end, signedBy: root, site: site)
        } catch {
            throw Fault(JoiningFaults.identityDamaged, "The root key cannot sign.", at: "\(folder)/root.key")
        }
        let leaf = Leaf(
            serial: serial, certificate: certificate, privateKey: Array(key.derRepresentation), notBefore: start,
            notAfter: end, fingerprint: Array(SHA256.hash(data: certificate)))
        return (leaf, serial)
    }
}
