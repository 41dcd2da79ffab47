public import Faults

/// What selection goes by, of one column. All of it follows from counts per bin, so it is known between sites too.
public struct ColumnFigures: Hashable, Sendable {
    public let column: String
    /// Share of rows without a value, 0 ... 1; special values count as values.
    public let missingRate: Double
    /// Share of the rows in the fullest fine bin, 0 ... 1.
    public let concentration: Double
    /// Information value of the bins; nil when no two bins meet the guard.
    public let iv: Double?
    /// Stability of the bins between two samples; nil without a second sample.
    public let stability: Double?

    /// - Throws: `ModelingFaults.selection` for a figure that is not a number in its range.
    public init(
        column: String, missingRate: Double, concentration: Double, iv: Double?, stability: Double? = nil
    ) throws(Fault) {
        let others = [iv, stability].compactMap(\.self)
        guard 0...1 ~= missingRate, 0...1 ~= concentration, others.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw Fault(ModelingFaults.selection, "a figure is out of its range", at: column)
        }
        self.column = column
        self.missingRate = missingRate
        self.concentration = concentration
        self.iv = iv
        self.stability = stability
    }

    /// Figures of counts.
    ///
    /// - Parameters:
    ///   - missingRows: rows without a value; its owner knows them even where they have no fine bin of their own.
    ///   - table: the column's bins; nil when no two meet the guard.
    ///   - other: rows per bin of `table` in a second sample.
    ///   - name: what the column is called in the selection, where parties have columns of the same name; nil is its own.
    /// - Throws: `ModelingFaults.evaluation` when the second sample has other bins or no rows; `.selection`, also for a table
    ///   of other counts.
    public init(
        _ counts: FineCounts, missingRows: Int, table: WoeTable?, other: [Int]? = nil, name: String? = nil
    ) throws(Fault) {
        guard table.map({ $0.counts == counts }) ?? true else {
            throw Fault(ModelingFaults.selection, "the bins are of other counts", at: counts.column)
        }
        let rows = max(1, counts.total.rows)
        var stability: Double?
        if let table, let other {
            stability = try ScoreStability(
                referenceRows: table.bins.map(\.counts.rows), actualRows: other
            ).index
        }
        try self.init(
            column: name ?? counts.column, missingRate: Double(missingRows) / Double(rows),
            concentration: Double(counts.all.map(\.rows).max() ?? 0) / Double(rows), iv: table?.iv, stability: stability
        )
    }
}
