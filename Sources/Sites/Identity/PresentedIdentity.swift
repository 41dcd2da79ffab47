import Crypto
public import Faults
public import Ledger
public import Resources
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Who the other end of a session is, proven by the certificates that it authenticated with: made only by `verify`.
///
/// It says who someone is, and nothing about whether this site knows them.
public struct PresentedIdentity: Sendable, Hashable {
    public let site: SiteID
    /// DER SubjectPublicKeyInfo of the root.
    public let rootKey: [UInt8]
    public let leafSerial: UInt64
    /// SHA-256 of the leaf's DER.
    public let leafFingerprint: [UInt8]
    public let notAfter: Timestamp

    /// The largest certificate that is looked at; ours have some 600 bytes.
    static let maximumBytes = 8192

    /// Checks the two certificates of a site: the root is a self-signed P-256 authority whose key hash is the site id,
    /// the leaf is signed by it, names the same site, is made for connections between sites, and is valid now.
    ///
    /// That the other end holds the leaf's private key is proven by TLS, not here.
    ///
    /// - Parameters:
    ///   - chain: leaf and root, each DER. From a stranger: any bytes.
    ///   - now: this site's clock.
    /// - Throws: `JoiningFaults.certificateMalformed`, `.rootRefused`, `.wrongName`, `.notSignedByRoot`, `.wrongUsage`,
    ///   `.leafNotYetValid`, `.leafExpired`, in that order.
    public static func verify(chain: [[UInt8]], now: Timestamp) throws(Fault) -> PresentedIdentity {
        guard chain.count == 2 else {
            throw Fault(
                JoiningFaults.certificateMalformed, "The other end presented \(chain.count) certificates.",
                at: "certificate chain", wanted: "a leaf and its root")
        }
        let leaf = try parsed(chain[0], at: "leaf certificate")
        let root = try Self.root(chain[1], at: "root certificate")
        try checkNames(of: leaf, against: root)
        guard leaf.signatureAlgorithm == .ecdsaWithSHA256, root.key.isValidSignature(leaf.signature, for: leaf) else {
            throw Fault(JoiningFaults.notSignedByRoot, at: "leaf certificate")
        }
        try checkUsage(of: leaf)
        guard let serial = serial(of: leaf) else {
            throw Fault(
                JoiningFaults.certificateMalformed, "The serial is not one of ours.", at: "leaf certificate",
                wanted: "a number from 1 to 2^64-1")
        }
        try checkTime(of: leaf, now: now)
        return PresentedIdentity(
            site: root.site, rootKey: root.rootKey, leafSerial: serial,
            leafFingerprint: Array(SHA256.hash(data: chain[0])),
            notAfter: Timestamp(milliseconds: Int64(leaf.notValidAfter.timeIntervalSince1970) * 1000))
    }

    /// A root certificate that is in order by itself.
    struct Root {
        let site: SiteID
        /// DER SubjectPublicKeyInfo.
        let rootKey: [UInt8]
        fileprivate let key: Certificate.PublicKey
        fileprivate let subject: DistinguishedName
    }

    /// - Throws: `JoiningFaults.certificateMalformed`, `.rootRefused`, `.wrongName`.
    static func root(_ bytes: [UInt8], at place: String) throws(Fault) -> Root {
        let certificate = try parsed(bytes, at: place)
        func refusal(_ what: String) -> Fault {
            Fault(JoiningFaults.rootRefused, what, at: place, wanted: "a self-signed P-256 certificate authority")
        }
        guard let key = P256.Signing.PublicKey(certificate.publicKey) else { throw refusal("Its key is not P-256.") }
        guard certificate.issuer == certificate.subject, certificate.signatureAlgorithm == .ecdsaWithSHA256,
            certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
        else { throw refusal("It is not signed by its own key.") }
        guard case .isCertificateAuthority? = try? certificate.extensions.basicConstraints,
            let usage = try? certificate.extensions.keyUsage, usage.keyCertSign, hasOnlyKnownCriticals(certificate)
        else { throw refusal("It is no certificate authority.") }
        let site = SiteCertificates.site(of: key)
        guard let subject = try? SiteCertificates.rootSubject(site), certificate.subject == subject else {
            throw Fault(JoiningFaults.wrongName, "The root certificate does not carry its key's site id.", at: place)
        }
        return Root(
            site: site, rootKey: SiteCertificates.encoded(key), key: certificate.publicKey, subject: subject)
    }

    private static func parsed(_ bytes: [UInt8], at place: String) throws(Fault) -> Certificate {
        guard bytes.count <= maximumBytes, let certificate = try? Certificate(derEncoded: bytes) else {
            throw Fault(
                JoiningFaults.certificateMalformed, "A certificate cannot be read.", at: place,
                wanted: "X.509 in DER, at most \(maximumBytes) bytes")
        }
        return certificate
    }

    private static func checkNames(of leaf: Certificate, against root: Root) throws(Fault) {
        let names = (try? leaf.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames()
        guard leaf.issuer == root.subject, leaf.subject == (try? SiteCertificates.leafSubject(root.site)),
            Array(names) == [.uniformResourceIdentifier(SiteCertificates.name(of: root.site))]
        else {
            throw Fault(
                JoiningFaults.wrongName, at: "leaf certificate", wanted: "the name atoll:// and the root's site id")
        }
    }

    private static func checkUsage(of leaf: Certificate) throws(Fault) {
        let usages = (try? leaf.extensions.extendedKeyUsage).map(Set.init) ?? []
        guard P256.Signing.PublicKey(leaf.publicKey) != nil,
            case .notCertificateAuthority? = try? leaf.extensions.basicConstraints,
            let usage = try? leaf.extensions.keyUsage, usage == SiteCertificates.leafKeyUsage,
            usages == [.clientAuth, .serverAuth], hasOnlyKnownCriticals(leaf)
        else {
            throw Fault(
                JoiningFaults.wrongUsage, at: "leaf certificate",
                wanted: "a P-256 key for signatures of clients and servers")
        }
    }

    /// - Throws: `JoiningFaults.leafNotYetValid`, `.leafExpired`; times are told, they are no secret.
    private static func checkTime(of leaf: Certificate, now: Timestamp) throws(Fault) {
        let date = SiteCertificates.date(now)
        func text(_ date: Date) -> String {
            Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000).description
        }
        if date < leaf.notValidBefore {
            throw Fault(
                JoiningFaults.leafNotYetValid,
                "The other end's certificate is valid from \(text(leaf.notValidBefore)); here it is \(now).",
                at: "leaf certificate")
        }
        if date > leaf.notValidAfter {
            throw Fault(
                JoiningFaults.leafExpired,
                "The other end's certificate was valid until \(text(leaf.notValidAfter)); here it is \(now).",
                at: "leaf certificate")
        }
    }

    private static func serial(of leaf: Certificate) -> UInt64? {
        let bytes = leaf.serialNumber.bytes.drop { $0 == 0 }
        guard (1...8).contains(bytes.count) else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A critical extension that is not understood refuses the certificate (RFC 5280 4.2).
    private static func hasOnlyKnownCriticals(_ certificate: Certificate) -> Bool {
        let known: Set<ASN1ObjectIdentifier> = [
            .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
            .X509ExtensionID.subjectAlternativeName,
        ]
        return certificate.extensions.allSatisfy { !$0.critical || known.contains($0.oid) }
    }
}
