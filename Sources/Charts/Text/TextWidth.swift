/// How wide a text is at most, without its font: from tables of a wide sans-serif face, rounded up.
enum TextWidth {
    /// In units of the font's size.
    static func em(_ character: Character) -> Double {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar {
        case "i", "j", "l", "I", ".", ",", ":", ";", "|", "!", "'", " ": return 0.36
        case "f", "r", "t", "(", ")", "[", "]", "-", "/": return 0.45
        case "m", "w", "M", "W", "@", "%": return 0.98
        case "A"..."Z", "&": return 0.76
        case "\u{0}"..."\u{7F}": return 0.64
        case "\u{80}"..."\u{24F}": return 0.72
        default: return 1.05
        }
    }

    static func of(_ text: String, size: Double) -> Double {
        text.reduce(0) { $0 + em($1) } * size
    }

    /// The longer of both languages.
    static func of(_ phrase: Phrase, size: Double) -> Double {
        max(of(phrase.english, size: size), of(phrase.inChinese, size: size))
    }

    /// The text, or what of its begin fits with `…` after it.
    static func fit(_ text: String, _ width: Double, size: Double) -> String {
        guard of(text, size: size) > width else { return text }
        var used = em("…") * size
        var result = ""
        for character in text {
            used += em(character) * size
            if used > width { break }
            result.append(character)
        }
        return result + "…"
    }

    static func fit(_ phrase: Phrase, _ width: Double, size: Double) -> Phrase {
        Phrase(
            fit(phrase.english, width, size: size),
            chinese: phrase.chinese.map { fit($0, width, size: size) })
    }
}
