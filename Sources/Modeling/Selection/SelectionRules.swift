/// The limits of selection. Each is used where it is not nil.
public struct SelectionRules: Hashable, Sendable {
    /// Highest share of missing rows.
    public var missing: Double? = 0.95
    /// Highest share of the fullest fine bin.
    public var concentration: Double? = 0.95
    /// Lowest information value: below 0.02 a column is commonly held to say nothing (Siddiqi 2006).
    public var iv: Double? = 0.02
    /// Highest stability index between samples: from 0.25 on a column is commonly held to have shifted.
    public var stability: Double? = 0.25
    /// Highest size of the correlation with a column that is kept.
    public var correlation: Double? = 0.8
    /// Highest variance inflation.
    public var vif: Double? = 10

    public init() {}
}
