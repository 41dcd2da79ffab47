/// The name of an additively homomorphic scheme and the number that stands for it in encodings. Numbers are stable for
/// ever.
public struct SchemeIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// Stands in the header of every encoding.
    public let code: UInt8
    /// `paillier`.
    public let name: String

    public init(code: UInt8, name: String) {
        self.code = code
        self.name = name
    }

    public var description: String { name }

    public static let paillier = SchemeIdentifier(code: 1, name: "paillier")
}

/// Sixteen bytes that tell one public key from another: every ciphertext block names the key it belongs to.
///
/// It is a part of the public key, not a fingerprint: it protects against confusion, not against forgery. Sites pin
/// each other's identity elsewhere.
public struct KeyIdentifier: Hashable, Sendable, CustomStringConvertible {
    public static let length = 16

    /// Exactly sixteen.
    public let bytes: [UInt8]

    public init?(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// Thirty-two hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
