/// Who a site is: the hash of its long-lived P-256 root key, so a name cannot be taken by anyone without the key.
///
/// The text is SHA-256 over the root key's DER SubjectPublicKeyInfo (RFC 5280 4.1), in lower-case base 32 (RFC 4648,
/// no padding): always 52 characters, and a valid resource name.
public struct SiteID: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// Nil unless the text is exactly 52 characters of `a-z2-7` that encode 32 bytes.
    public init?(_ text: String) {
        guard text.utf8.count == 52,
            text.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x32...0x37).contains($0) }),
            // 52 characters are 260 bits: the last 4 are padding and must be zero, or two texts would name one site.
            let last = text.utf8.last, [0x61, 0x71].contains(last)
        else { return nil }
        self.text = text
    }

    /// - Parameter digest: the 32 bytes of the hash.
    public init(digest: some Sequence<UInt8>) {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var (window, bits) = (UInt32(0), 0)
        var characters: [UInt8] = []
        var count = 0
        for byte in digest {
            count += 1
            window = window << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                characters.append(alphabet[Int(window >> UInt32(bits) & 31)])
            }
        }
        precondition(count == 32, "a site id is made from 32 bytes")
        characters.append(alphabet[Int(window << UInt32(5 - bits) & 31)])
        text = String(decoding: characters, as: UTF8.self)
    }

    /// The first eight characters, for tables and log lines.
    public var short: String { String(text.prefix(8)) }

    public var description: String { text }

    public static func < (left: SiteID, right: SiteID) -> Bool {
        left.text < right.text
    }
}
