public import Faults

/// Why a row has no higher score: the points that a column lost.
public struct ScoreReason: Hashable, Sendable {
    public let party: Int
    public let column: String
    /// Points below what the column is held against; above 0.
    public let lost: Double
}

extension Scorecard {
    /// What a column's points are held against. Which one was used belongs in whatever shows the reasons.
    public enum Reference: String, Hashable, Sendable, Codable {
        /// The column's best bin.
        case best
        /// The mean over the rows that were learnt from: a column with a usual value then is no reason.
        case mean
    }

    /// The columns that cost a row most points, most first; equal ones in the order of the columns.
    ///
    /// - Parameters:
    ///   - values: by party, the guest's first.
    ///   - count: most reasons of a row; 0 and less give none.
    /// - Throws: `ModelingFaults.scoring`.
    public func reasons(
        _ values: [ColumnValues], against reference: Reference = .best, count: Int = 4
    ) throws(Fault) -> [[ScoreReason]] {
        let rows = try scores(values).count
        return (0..<rows).map { row in
            let lost = columns.map { column in
                let own = values[column.party][column.name]![row]
                let whole = reference == .best ? scale.points(column.best) : column.mean
                return whole - scale.points(column.units(of: own))
            }
            let order = lost.indices.filter { lost[$0] > 0 }.sorted { (lost[$1], $0) < (lost[$0], $1) }
            return order.prefix(max(0, count)).map {
                ScoreReason(party: columns[$0].party, column: columns[$0].name, lost: lost[$0])
            }
        }
    }
}
