public import Faults

extension Scorecard {
    /// The points of one party's columns, in units: what leaves the party when rows are scored together. Base points are not
    /// among them.
    ///
    /// - Parameter values: at least the columns that the scorecard has of the party.
    /// - Throws: `ModelingFaults.scoring` for columns that are not there or differ in length.
    public func units(party: Int, _ values: ColumnValues) throws(Fault) -> [Int] {
        var sums: [Int]?
        for column in columns where column.party == party {
            guard let own = values[column.name], sums.map({ $0.count == own.count }) ?? true else {
                throw Fault(ModelingFaults.scoring, "a column is not there, or of another length", at: column.name)
            }
            var rows = sums ?? [Int](repeating: 0, count: own.count)
            for (row, value) in own.enumerated() { rows[row] += column.units(of: value) }
            sums = rows
        }
        guard let sums else { throw Fault(ModelingFaults.scoring, "the scorecard has no column of this party") }
        return sums
    }

    /// The score of every row: base points and the points of its bins.
    ///
    /// - Parameter values: by party, the guest's first.
    /// - Throws: `ModelingFaults.scoring`.
    public func scores(_ values: [ColumnValues]) throws(Fault) -> [Double] {
        var sums: [Int]?
        for party in Set(columns.map(\.party)).sorted() {
            guard party < values.count else {
                throw Fault(ModelingFaults.scoring, "values of \(values.count) parties")
            }
            let own = try units(party: party, values[party])
            guard let others = sums else {
                sums = own
                continue
            }
            guard others.count == own.count else {
                throw Fault(ModelingFaults.scoring, "parties have different numbers of rows")
            }
            sums = zip(others, own).map { $0 + $1 }
        }
        return (sums ?? []).map { scale.points(baseUnits + $0) }
    }

    /// The log-odds of the event of one row, before any rounding.
    ///
    /// - Parameter values: in the order of the columns.
    public func logOdds(_ values: [Double]) -> Double {
        zip(columns, values).reduce(intercept) { $0 + $1.0.coefficient * $1.0.woe[$1.0.group(of: $1.1)] }
    }
}
