public import Faults
@_spi(_Unicode) import Swift

/// How the text of one key column is made the same at both parties before it is compared.
///
/// In this order: `nfc` Unicode normalisation form C; `trim` takes white space away at both ends; `fold` takes
/// differences of case away (full upper case, then full lower case, then form C again where asked); `digits` keeps the
/// ASCII digits alone, `alphanumeric` the ASCII letters and digits alone. `exact` is none of them.
public struct KeyRule: Sendable, Hashable {
    public enum Word: String, Sendable, CaseIterable {
        case nfc, trim, fold, digits, alphanumeric
    }

    public let words: Set<Word>

    /// `trim nfc fold`: what fits names and codes.
    public static let usual = KeyRule([.trim, .nfc, .fold])

    public init(_ words: Set<Word>) {
        self.words = words
    }

    /// What a key's text becomes; nil when nothing is left, which counts as missing.
    public func apply(to text: String) -> [UInt8]? {
        var text = text
        if words.contains(.nfc) { text = Self.composed(text) }
        if words.contains(.trim) { text = Self.trimmed(text) }
        if words.contains(.fold) {
            text = text.uppercased().lowercased()
            if words.contains(.nfc) { text = Self.composed(text) }
        }
        var bytes = Array(text.utf8)
        if words.contains(.digits) { bytes.removeAll { !Self.isDigit($0) } }
        if words.contains(.alphanumeric) { bytes.removeAll { !Self.isDigit($0) && !Self.isLetter($0) } }
        return bytes.isEmpty ? nil : bytes
    }

    private static func composed(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text._nfc { scalars.append(scalar) }
        return String(scalars)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte & 0xdf) }
}

/// The rules of all key columns, and how several columns make one id.
public struct KeyRules: Sendable, Hashable {
    public let rules: [KeyRule]

    /// As in a plan: one rule per column, separated by commas; a rule is words separated by spaces, or `exact`.
    ///
    /// - Throws: `AlignFaults.keyRuleUnknown`.
    public init(parsing text: String) throws(Fault) {
        var rules: [KeyRule] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let names = part.split(separator: " ").map(String.init)
            let words = names == ["exact"] ? [] : names.map(KeyRule.Word.init(rawValue:))
            guard !names.isEmpty, !words.contains(nil), Set(words).count == words.count else {
                throw Fault(
                    AlignFaults.keyRuleUnknown,
                    wanted: (KeyRule.Word.allCases.map(\.rawValue) + ["exact"]).joined(separator: ", "))
            }
            rules.append(KeyRule(Set(words.compactMap { $0 })))
        }
        self.rules = rules
    }

    public init(_ rules: [KeyRule]) {
        self.rules = rules
    }

    /// The id of a row: each column's bytes after their length in four bytes, most significant first, so that no two
    /// lists of keys give one id. nil where a key is missing or empty.
    public func identifier(of keys: [String?]) -> [UInt8]? {
        precondition(keys.count == rules.count, "one key for each rule")
        var id: [UInt8] = []
        for (rule, key) in zip(rules, keys) {
            guard let key, let bytes = rule.apply(to: key) else { return nil }
            id += stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bytes.count >> $0) }
            id += bytes
        }
        return id
    }
}
