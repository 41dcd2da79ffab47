import Crypto
import Ledger
import Resources
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The form of a site's two certificates (RFC 5280): the self-signed root that is pinned by its key, and the leaves
/// that it signs. What makes them and what checks them stand on these same constants.
enum SiteCertificates {
    /// The root's validity says nothing, as its key is pinned: it begins before any site and has no end
    /// (RFC 5280 4.1.2.5), so that a wrong clock on the first day does not harm for ever.
    static let rootNotBefore = Date(timeIntervalSince1970: 1_577_836_800)
    static let rootNotAfter = Date(timeIntervalSince1970: 253_402_300_799)
    static let rootSerial: UInt64 = 1

    static let leafKeyUsage = KeyUsage(digitalSignature: true)
    static let rootKeyUsage = KeyUsage(keyCertSign: true, cRLSign: true)

    /// `atoll://` and the site id: the one subject alternative name of a leaf.
    static func name(of site: SiteID) -> String {
        "atoll://\(site)"
    }

    static func rootSubject(_ site: SiteID) throws -> DistinguishedName {
        try DistinguishedName {
            OrganizationName("Atoll site root")
            CommonName(site.text)
        }
    }

    static func leafSubject(_ site: SiteID) throws -> DistinguishedName {
        try DistinguishedName {
            OrganizationName("Atoll site")
            CommonName(site.text)
        }
    }

    /// - Returns: DER.
    static func root(_ key: P256.Signing.PrivateKey, site: SiteID) throws -> [UInt8] {
        let subject = try rootSubject(site)
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(rootSerial),
            publicKey: .init(key.publicKey),
            notValidBefore: rootNotBefore,
            notValidAfter: rootNotAfter,
            issuer: subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(rootKeyUsage)
                SubjectKeyIdentifier(keyIdentifier: keyIdentifier(of: key.publicKey)[...])
            },
            issuerPrivateKey: .init(key)
        )
        return try encoded(certificate)
    }

    /// - Returns: DER.
    static func leaf(
        _ key: P256.Signing.PublicKey, serial: UInt64, from notBefore: Timestamp, to notAfter: Timestamp,
        signedBy root: P256.Signing.PrivateKey, site: SiteID
    ) throws -> [UInt8] {
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(serial),
            publicKey: .init(key),
            notValidBefore: date(notBefore),
            notValidAfter: date(notAfter),
            issuer: try rootSubject(site),
            subject: try leafSubject(site),
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(leafKeyUsage)
                try ExtendedKeyUsage([.clientAuth, .serverAuth])
                SubjectAlternativeNames([.uniformResourceIdentifier(name(of: site))])
                SubjectKeyIdentifier(keyIdentifier: keyIdentifier(of: key)[...])
                AuthorityKeyIdentifier(keyIdentifier: keyIdentifier(of: root.publicKey)[...])
            },
            issuerPrivateKey: .init(root)
        )
        return try encoded(certificate)
    }

    /// The key as DER SubjectPublicKeyInfo in its one canonical form (named curve, uncompressed point).
    static func encoded(_ key: P256.Signing.PublicKey) -> [UInt8] {
        Array(key.derRepresentation)
    }

    static func site(of key: P256.Signing.PublicKey) -> SiteID {
        SiteID(digest: SHA256.hash(data: encoded(key)))
    }

    static func date(_ time: Timestamp) -> Date {
        Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
    }

    /// 20 bytes of SHA-256 (RFC 7093 section 2, method 1, over the whole SubjectPublicKeyInfo).
    private static func keyIdentifier(of key: P256.Signing.PublicKey) -> [UInt8] {
        Array(SHA256.hash(data: encoded(key)).prefix(20))
    }

    private static func encoded(_ certificate: Certificate) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}
