/// A text for people: in English, and in Chinese where that differs (names and numbers are the same in both).
public struct Phrase: Sendable, Hashable, ExpressibleByStringLiteral {
    public var english: String
    public var chinese: String?

    public init(_ english: String, chinese: String? = nil) {
        self.english = english
        self.chinese = chinese
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The Chinese text, or the English one that stands for both.
    public var inChinese: String { chinese ?? english }

    /// With `{0}`, `{1}`, … replaced by the values. What a value says is not looked at again: a name `{1}` stays so.
    public func filled(_ values: Phrase...) -> Phrase {
        let english = Self.fill(english, values.map(\.english))
        let chinese = Self.fill(inChinese, values.map(\.inChinese))
        return Phrase(english, chinese: chinese == english ? nil : chinese)
    }

    public static func + (left: Phrase, right: Phrase) -> Phrase {
        let chinese = left.chinese == nil && right.chinese == nil ? nil : left.inChinese + right.inChinese
        return Phrase(left.english + right.english, chinese: chinese)
    }

    private static func fill(_ text: String, _ values: [String]) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            if let close = rest.firstIndex(of: "}"), let place = Int(rest[rest.index(after: open)..<close]),
                values.indices.contains(place)
            {
                result += values[place]
                rest = rest[rest.index(after: close)...]
            } else {
                result += "{"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
