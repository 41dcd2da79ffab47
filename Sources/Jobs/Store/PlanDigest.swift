import Crypto

/// The digest of a plan's bytes.
enum PlanDigest {
    static func of(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
