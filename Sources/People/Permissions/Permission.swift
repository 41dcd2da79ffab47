/// What a caller may do with a noun: see it, or see and change it.
public struct Permission: Sendable, Hashable, CustomStringConvertible {
    public enum Verb: String, Sendable, CaseIterable {
        case view
        /// Holds `view` too.
        case manage
    }

    public let noun: Noun
    public let verb: Verb

    public init(_ noun: Noun, _ verb: Verb) {
        self.noun = noun
        self.verb = verb
    }

    public static func view(_ noun: Noun) -> Permission { Permission(noun, .view) }
    public static func manage(_ noun: Noun) -> Permission { Permission(noun, .manage) }

    /// `datasets.view`.
    public var description: String { "\(noun).\(verb.rawValue)" }

    /// Reads `datasets.view`; nil for a noun that the program does not know.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let verb = Verb(rawValue: parts[1]), Noun.all.contains(Noun(parts[0])) else {
            return nil
        }
        self.init(Noun(parts[0]), verb)
    }

    /// Whether whoever has this one has the other.
    public func covers(_ other: Permission) -> Bool {
        noun == other.noun && (verb == .manage || other.verb == .view)
    }
}
