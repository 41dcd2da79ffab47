/// One decision about one column: which rule looked at which figure, and what came of it.
public struct SelectionDecision: Hashable, Sendable {
    public enum Rule: String, Hashable, Sendable, Codable {
        /// Two bins that meet the guard.
        case bins
        case missing
        case concentration
        case iv
        case stability
        case correlation
        case vif
        /// The sign of the coefficient in a regression on weights of evidence.
        case sign
        case manual
    }

    public let column: String
    public let rule: Rule
    /// What was looked at; nil for decisions by hand and for `bins`.
    public let figure: Double?
    /// What it was held against; nil likewise.
    public let limit: Double?
    public let isKept: Bool
    /// In words, with the other column's name where there is one.
    public let reason: String
}

/// A decision by hand, which goes before all rules but that of the guard.
public struct ManualChoice: Hashable, Sendable {
    public let column: String
    public let isKept: Bool
    /// Not empty.
    public let reason: String

    public init(column: String, isKept: Bool, reason: String) {
        self.column = column
        self.isKept = isKept
        self.reason = reason
    }
}
