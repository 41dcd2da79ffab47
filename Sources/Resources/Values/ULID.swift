/// A 128-bit identifier: 48 bits of milliseconds and 80 random bits, 26 characters of Crockford's base 32, sorted by time.
/// Source: the ULID specification (github.com/ulid/spec).
public enum ULID {
    public static func make(at time: Timestamp = .now) -> String {
        var generator = SystemRandomNumberGenerator()
        let clock = UInt64(clamping: time.milliseconds) & 0xFFFF_FFFF_FFFF
        var value = (UInt128(clock) << 80) | (UInt128(generator.next()) << 16) | UInt128(generator.next() & 0xFFFF)
        var characters = [UInt8](repeating: 0, count: 26)
        for index in characters.indices.reversed() {
            characters[index] = alphabet[Int(truncatingIfNeeded: value & 31)]
            value >>= 5
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// Whether a text has the form of one.
    public static func isValid(_ text: String) -> Bool {
        text.utf8.count == 26 && text.utf8.allSatisfy { alphabet.contains($0) } && text.utf8.first! <= UInt8(ascii: "7")
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}
