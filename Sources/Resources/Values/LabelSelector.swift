public import Faults

/// Chooses resources by their labels; every requirement must hold.
public struct LabelSelector: Sendable, Hashable, CustomStringConvertible {
    public enum Requirement: Sendable, Hashable {
        case equals(String, String)
        /// True as well when the label is absent.
        case differs(String, String)
        case exists(String)
        case absent(String)
    }

    public let requirements: [Requirement]

    public static let everything = LabelSelector([])

    public init(_ requirements: [Requirement]) {
        self.requirements = requirements
    }

    /// Reads `app=web,tier!=db,team,!legacy`, with spaces around a term but not inside; the empty text chooses everything.
    ///
    /// - Throws: `ResourceFaults.invalidSelector`.
    public init(_ text: String) throws(Fault) {
        var requirements: [Requirement] = []
        let isEmpty = text.allSatisfy { $0 == " " }
        for part in isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false) {
            let term = Self.trim(part)
            let requirement: Requirement
            if let range = term.firstRange(of: "!=") {
                requirement = .differs(String(term[..<range.lowerBound]), String(term[range.upperBound...]))
            } else if let range = term.firstRange(of: "=") {
                requirement = .equals(String(term[..<range.lowerBound]), String(term[range.upperBound...]))
            } else if term.hasPrefix("!") {
                requirement = .absent(String(term.dropFirst()))
            } else {
                requirement = .exists(term)
            }
            let (key, value) = requirement.parts
            guard (try? Names.checkLabel(key, value, at: "selector")) != nil else {
                throw Fault(ResourceFaults.invalidSelector, at: "selector '\(term.shortened)'")
            }
            requirements.append(requirement)
        }
        self.requirements = requirements
    }

    private static func trim(_ part: Substring) -> String {
        let start = part.drop { $0 == " " }
        guard let end = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...end])
    }

    public func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .equals(let key, let value): labels[key] == value
            case .differs(let key, let value): labels[key] != value
            case .exists(let key): labels[key] != nil
            case .absent(let key): labels[key] == nil
            }
        }
    }

    public var description: String {
        requirements.map { requirement in
            switch requirement {
            case .equals(let key, let value): "\(key)=\(value)"
            case .differs(let key, let value): "\(key)!=\(value)"
            case .exists(let key): key
            case .absent(let key): "!\(key)"
            }
        }.joined(separator: ",")
    }
}

extension LabelSelector.Requirement {
    fileprivate var parts: (key: String, value: String) {
        switch self {
        case .equals(let key, let value), .differs(let key, let value): (key, value)
        case .exists(let key), .absent(let key): (key, "")
        }
    }
}
