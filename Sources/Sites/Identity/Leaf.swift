public import Resources

/// A short-lived TLS certificate of this site with its private key, which is never written to a disk.
public struct Leaf: Sendable {
    /// How long a leaf is valid after it was made: 7 days, in milliseconds.
    public static let lifetime: Int64 = 7 * 86_400_000
    /// A leaf starts so much before it was made, for clocks that are behind: 5 minutes, in milliseconds.
    public static let headStart: Int64 = 300_000

    /// Strictly rising over the life of the site; peers refuse leaves older than the newest but one.
    public let serial: UInt64
    /// DER.
    public let certificate: [UInt8]
    /// PKCS #8, DER.
    public let privateKey: [UInt8]
    public let notBefore: Timestamp
    public let notAfter: Timestamp
    /// SHA-256 of the certificate's DER: 32 bytes.
    public let fingerprint: [UInt8]

    /// When the next leaf should take its place: half-way through its life.
    public var rotationTime: Timestamp {
        Timestamp(milliseconds: notAfter.milliseconds - Self.lifetime / 2)
    }
}
