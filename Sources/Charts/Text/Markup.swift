/// Elements of HTML and SVG as text. Whatever is text or the value of an attribute is escaped; content is taken as it is.
public enum Markup {
    public typealias Attribute = (name: String, value: String)

    /// For text and for values in double quotes. Characters that neither XML nor HTML may hold become U+FFFD.
    public static func escape(_ text: String) -> String {
        // Most texts are numbers and short names.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && !special.contains($0) }) { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            // Marks that change the direction of what follows could make a name read as another.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FFFE}",
                "\u{FFFF}":
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// - Parameter content: markup; nil makes an element without content and without an end.
    public static func element(_ name: String, _ attributes: [Attribute] = [], _ content: String?) -> String {
        var result = "<" + name
        for attribute in attributes { result += " \(attribute.name)=\"\(escape(attribute.value))\"" }
        guard let content else { return result + "/>" }
        return result + ">" + content + "</\(name)>"
    }

    private static let special: [UInt8] = Array("&<>\"'".utf8)

    /// An element that holds a phrase and nothing else. In both languages it is English, with the Chinese in `data-zh` for the
    /// page's switch.
    public static func text(
        _ name: String, _ attributes: [Attribute] = [], _ phrase: Phrase, in language: ChartLanguage = .both
    ) -> String {
        switch language {
        case .english: return element(name, attributes, escape(phrase.english))
        case .chinese: return element(name, attributes, escape(phrase.inChinese))
        case .both: break
        }
        var attributes = attributes
        if let chinese = phrase.chinese, chinese != phrase.english { attributes.append(("data-zh", chinese)) }
        return element(name, attributes, escape(phrase.english))
    }
}
