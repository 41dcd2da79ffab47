public import Faults

extension Scorecard {
    /// One party's part of the scorecard of a regression between sites, for that party to keep: points of its own columns' bins,
    /// and at the guest base points with offset and intercept. The parts' scores add up to the scorecard's.
    ///
    /// - Parameter woe: with bins for every column of the part.
    /// - Throws: `ModelingFaults.scorecard` without columns, or where the two do not fit together.
    public init(_ part: LogisticPart, _ woe: WoePart, scale: ScorecardScale = .usual) throws(Fault) {
        var columns: [ScorecardColumn] = []
        for (name, coefficient) in zip(part.names, part.values) {
            guard let column = woe[name], let bins = column.bins else {
                throw Fault(ModelingFaults.scorecard, "a coefficient of a column without bins", at: name)
            }
            let units = bins.bins.map { scale.units(-scale.factor * (coefficient * $0.woe)) }
            let rows = bins.counts.map(\.rows)
            let all = zip(units, rows).reduce(0.0) { $0 + scale.points($1.0) * Double($1.1) }
            columns.append(
                try ScorecardColumn(
                    party: part.party, partition: column.partition, groups: bins.groups, coefficient: coefficient,
                    woe: bins.bins.map(\.woe), units: units, mean: all / Double(max(1, rows.reduce(0, +)))))
        }
        let base = part.party == 0 ? scale.units(scale.score(logOdds: part.intercept)) : 0
        try self.init(scale: scale, base: .apart, intercept: part.intercept, baseUnits: base, columns: columns)
    }
}
