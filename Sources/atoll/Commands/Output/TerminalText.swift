/// Texts from elsewhere, made safe to show on a terminal.
enum TerminalText {
    /// One line: control characters and those that turn the direction of writing become visible escapes, so that no
    /// stored text can move the cursor, forge a line or hide another one.
    static func line(_ text: String) -> String {
        escaped(text, keepsLines: false)
    }

    /// As `line`, but line ends stay.
    static func lines(_ text: String) -> String {
        escaped(text, keepsLines: true)
    }

    /// The text cut to so many columns, the last one `…` where something was cut.
    static func cut(_ text: String, columns: Int) -> String {
        guard DisplayWidth.of(text) > columns else { return text }
        var kept = ""
        var width = 0
        for character in text {
            let next = DisplayWidth.of(character)
            guard width + next <= columns - 1 else { break }
            kept.append(character)
            width += next
        }
        return columns > 0 ? kept + "…" : ""
    }

    private static func escaped(_ text: String, keepsLines: Bool) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if !isUnsafe(scalar) || (keepsLines && scalar == "\n") {
                safe.unicodeScalars.append(scalar)
            } else if let short = ["\n": "\\n", "\r": "\\r", "\t": "\\t"][scalar] {
                safe += short
            } else {
                safe += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return safe
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
