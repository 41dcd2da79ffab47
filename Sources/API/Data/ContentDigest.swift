#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The header field `Content-Digest` of RFC 9530, as far as it says SHA-256.
enum ContentDigest {
    /// The 32 bytes of `sha-256=:BASE64:`, among others of a list; nil when there are none.
    static func sha256(_ value: String) -> [UInt8]? {
        for member in value.split(separator: ",") {
            let text = member.drop { $0 == " " || $0 == "\t" }
            guard text.hasPrefix("sha-256=:"), let end = text.dropFirst(9).firstIndex(of: ":") else { continue }
            guard let bytes = Data(base64Encoded: String(text.dropFirst(9)[..<end])), bytes.count == 32 else {
                return nil
            }
            return Array(bytes)
        }
        return nil
    }
}
