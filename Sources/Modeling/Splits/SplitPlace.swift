/// A way to split a node by one column of one party; only that party needs to know it.
///
/// In order: by column, then threshold, then missing values left before right. Of places with equal gain the lowest wins.
public struct SplitPlace: Hashable, Sendable, Comparable {
    /// Place in `PartyColumns`.
    public let column: Int
    /// Codes below this go left; 1 ..< bins.
    public let threshold: Int
    /// Where rows without a value go.
    public let missingLeft: Bool

    public init(column: Int, threshold: Int, missingLeft: Bool) {
        self.column = column
        self.threshold = threshold
        self.missingLeft = missingLeft
    }

    public static func < (left: SplitPlace, right: SplitPlace) -> Bool {
        (left.column, left.threshold, left.missingLeft ? 0 : 1)
            < (right.column, right.threshold, right.missingLeft ? 0 : 1)
    }
}

extension CellPartition {
    /// The candidates of a column in a node, ascending. Where no row lacks a value, or those rows are part of the first
    /// cell, missing goes left.
    ///
    /// - Parameter hasMissing: whether a row of the node has no value in the column.
    public func places(column: Int, hasMissing: Bool) -> [SplitPlace] {
        thresholds.flatMap { threshold in
            (hasMissing && !missingJoined ? [true, false] : [true]).map {
                SplitPlace(column: column, threshold: threshold, missingLeft: $0)
            }
        }
    }
}
