import Resources

/// How people name a version of a model: `NAME`, for its newest, `NAME:NUMBER` or `NAME:ALIAS`.
public struct ModelReference: Sendable, Hashable, CustomStringConvertible {
    public enum Version: Sendable, Hashable {
        case number(Int64)
        case alias(String)
    }

    public let name: String
    /// Nil for the newest.
    public let which: Version?

    /// - Parameter text: nil comes of what is no such name.
    public init?(_ text: String) {
        let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(words.count), Names.isValid(words[0]) else { return nil }
        name = words[0]
        guard words.count == 2 else {
            which = nil
            return
        }
        if let number = Int64(words[1]), number > 0, "\(number)" == words[1] {
            which = .number(number)
        } else if Self.isAlias(words[1]) {
            which = .alias(words[1])
        } else {
            return nil
        }
    }

    /// A name that is not a number.
    public static func isAlias(_ text: String) -> Bool { Names.isValid(text) && !text.allSatisfy(\.isNumber) }

    public var description: String {
        switch which {
        case nil: name
        case .number(let number): "\(name):\(number)"
        case .alias(let alias): "\(name):\(alias)"
        }
    }
}
