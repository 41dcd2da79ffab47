/// Search filters with places for what is looked for: `(uid={name})`, `(member={dn})`.
enum DirectoryFilter {
    /// A value as it stands in a filter, so that it is compared and never read (RFC 4515, 3).
    static func escaped(_ value: String) -> String {
        value.utf8.reduce(into: "") { text, byte in
            let isPlain = byte > 0x20 && byte < 0x7F && !"*()\\".utf8.contains(byte)
            text += isPlain ? String(UnicodeScalar(byte)) : "\\" + Self.hexadecimal(byte)
        }
    }

    /// Fills the places in, in one go: what is filled in is not looked at again.
    static func filled(_ filter: String, _ values: [String: String]) -> String {
        var (result, rest) = ("", filter[...])
        while let start = rest.firstIndex(of: "{") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.firstIndex(of: "}"),
                let value = values[String(rest[rest.index(after: start)..<end])]
            else {
                result.append("{")
                rest = rest.dropFirst()
                continue
            }
            result += escaped(value)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// One that holds where any of them does.
    static func any(_ filters: [String]) -> String {
        filters.count == 1 ? filters[0] : "(|\(filters.joined()))"
    }

    /// Whether the text can be a filter: one pair of parentheses around everything, and none left open.
    static func isWhole(_ text: String) -> Bool {
        guard text.hasPrefix("("), text.hasSuffix(")") else { return false }
        var depth = 0
        for (index, byte) in text.utf8.enumerated() {
            if byte < 0x20 || byte == 0x7F { return false }
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth < 0 || (depth == 0 && index != text.utf8.count - 1) { return false }
        }
        return depth == 0
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
