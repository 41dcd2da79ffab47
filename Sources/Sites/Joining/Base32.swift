/// Base 32 in lower case without padding (RFC 4648 section 6), strict: one text for each sequence of bytes.
enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var (window, bits) = (UInt32(0), 0)
        var characters: [UInt8] = []
        for byte in bytes {
            window = window << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                characters.append(alphabet[Int(window >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { characters.append(alphabet[Int(window << UInt32(5 - bits) & 31)]) }
        return String(decoding: characters, as: UTF8.self)
    }

    /// Nil for other characters, for a length that no bytes have, and for bits set behind the last byte.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard [0, 2, 4, 5, 7].contains(text.utf8.count % 8) else { return nil }
        var (window, bits) = (UInt32(0), 0)
        var bytes: [UInt8] = []
        for character in text.utf8 {
            switch character {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): window = window << 5 | UInt32(character - UInt8(ascii: "a"))
            case UInt8(ascii: "2")...UInt8(ascii: "7"):
                window = window << 5 | UInt32(character - UInt8(ascii: "2") + 26)
            default: return nil
            }
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: window >> UInt32(bits)))
                window &= (1 << UInt32(bits)) - 1
            }
        }
        return window == 0 ? bytes : nil
    }
}
