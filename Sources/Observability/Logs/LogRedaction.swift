import Logging

/// Keeps secrets out of the logs by the name of the metadata key. The message's text is not looked into: it is written
/// by us and must not hold such values in the first place.
///
/// A key is redacted, whatever its value, when it
/// - holds `secret`, `token`, `password`, `passwd`, `passphrase`, `credential`, `authorization` or `cookie`, unless
///   its last word is `id`, `name`, `count`, `kind`, `version` or `expiry` (`secret_name` is a reference), or
/// - ends in `key`, `keys` or `keypair` (`privatekey` too), unless it says `public` or is called `idempotency_key`.
/// Words are found in `snake_case`, `kebab-case`, `dotted.names` and `camelCase`. Keys inside dictionaries count too.
public enum LogRedaction {
    public static let mark = "[redacted]"

    static func applies(to key: String) -> Bool {
        let words = words(of: key)
        guard let last = words.last else { return false }
        let joined = words.joined()
        if secretWords.contains(where: joined.contains), !harmlessEnds.contains(last) { return true }
        return keyEnds.contains(where: last.hasSuffix) && !words.contains("public") && joined != "idempotencykey"
    }

    /// The value with everything under a redacted key replaced, at any depth.
    static func clean(_ value: Logger.MetadataValue) -> Logger.MetadataValue {
        switch value {
        case .dictionary(let inner): .dictionary(clean(inner))
        case .array(let items): .array(items.map(clean))
        default: value
        }
    }

    static func clean(_ metadata: Logger.Metadata) -> Logger.Metadata {
        var out = Logger.Metadata(minimumCapacity: metadata.count)
        for (key, value) in metadata {
            out[key] = applies(to: key) ? .string(mark) : clean(value)
        }
        return out
    }

    private static let secretWords = [
        "secret", "token", "password", "passwd", "passphrase", "credential", "authorization", "cookie",
    ]
    private static let harmlessEnds: Set = ["id", "name", "count", "kind", "version", "expiry"]
    private static let keyEnds = ["key", "keys", "keypair"]

    private static func words(of key: String) -> [String] {
        var words: [String] = []
        var word = ""
        var afterSmall = false
        for character in key {
            let breaks = !(character.isLetter || character.isNumber)
            if breaks || (character.isUppercase && afterSmall), !word.isEmpty {
                words.append(word)
                word = ""
            }
            if !breaks { word += character.lowercased() }
            afterSmall = !breaks && !character.isUppercase
        }
        return word.isEmpty ? words : words + [word]
    }
}
