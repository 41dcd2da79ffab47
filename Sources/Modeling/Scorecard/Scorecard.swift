public import Faults

/// A scorecard: the log-odds of a regression on weights of evidence, as points per bin that are added up.
///
/// Points are rounded once, per bin; the sum of a row is then off from the unrounded score by at most half a unit per column
/// (and half a one for the base points).
public struct Scorecard: Hashable, Sendable {
    /// Where the intercept and the offset go.
    public enum Base: String, Hashable, Sendable, Codable {
        /// Shared equally by the columns: no base points.
        case spread
        /// Base points of their own, so that a bin with a WOE of 0 has 0 points.
        case apart
    }

    public struct Input: Hashable, Sendable {
        public let party: Int
        public let column: WoeColumn

        public init(party: Int, column: WoeColumn) {
            self.party = party
            self.column = column
        }
    }

    public let scale: ScorecardScale
    public let base: Base
    public let intercept: Double
    /// Points that every row has, in units; 0 when they are spread.
    public let baseUnits: Int
    public let columns: [ScorecardColumn]

    /// - Parameters:
    ///   - fit: a regression on the columns' weights of evidence, in their order and under their names or, with the party
    ///     before it, as "host1.NAME".
    /// - Throws: `ModelingFaults.scorecard` when these do not fit together, or for points beyond 2^40 units.
    public init(
        _ fit: LogisticFit, columns: [Input], scale: ScorecardScale = .usual, base: Base = .spread
    ) throws(Fault) {
        guard !columns.isEmpty, columns.count == fit.coefficients.count else {
            throw Fault(ModelingFaults.scorecard, "\(columns.count) columns and \(fit.coefficients.count) coefficients")
        }
        var made: [ScorecardColumn] = []
        let count = Double(columns.count)
        for (input, coefficient) in zip(columns, fit.coefficients) {
            let name = input.column.name
            guard [name, Self.label(input.party, name)].contains(coefficient.name) else {
                throw Fault(ModelingFaults.scorecard, "a coefficient is of another column", at: name)
            }
            let own = base == .spread ? scale.offset / count - scale.factor * (fit.intercept.value / count) : 0
            var units: [Int] = []
            for bin in input.column.table.bins {
                let points = own - scale.factor * (coefficient.value * bin.woe)
                units.append(try Self.units(points, scale, at: name))
            }
            let counts = input.column.table.bins.map(\.counts.rows)
            let weighted = zip(units, counts).reduce(0.0) { $0 + scale.points($1.0) * Double($1.1) }
            made.append(
                try ScorecardColumn(
                    party: input.party, partition: input.column.partition, groups: input.column.table.groups,
                    coefficient: coefficient.value, woe: input.column.table.bins.map(\.woe), units: units,
                    mean: weighted / Double(max(1, counts.reduce(0, +)))))
        }
        let whole = base == .apart ? scale.score(logOdds: fit.intercept.value) : 0
        try self.init(
            scale: scale, base: base, intercept: fit.intercept.value,
            baseUnits: Self.units(whole, scale, at: "base points"), columns: made)
    }

    /// - Throws: `ModelingFaults.scorecard` without columns, for a party's column twice, or base points where they are spread.
    init(
        scale: ScorecardScale, base: Base, intercept: Double, baseUnits: Int, columns: [ScorecardColumn]
    ) throws(Fault) {
        let names = Set(columns.map { Self.label($0.party, $0.name) })
        guard !columns.isEmpty, names.count == columns.count, abs(intercept) <= Self.largest,
            base == .apart || baseUnits == 0,
            baseUnits.magnitude <= ScorecardColumn.mostUnits
        else { throw Fault(ModelingFaults.scorecard, "no columns, one of them twice, or base points out of place") }
        self.scale = scale
        self.base = base
        self.intercept = intercept
        self.baseUnits = baseUnits
        self.columns = columns
    }

    /// No coefficient nor intercept is larger, so that log-odds are finite.
    static let largest = 1e12

    /// The furthest that a row's points can be from its unrounded score.
    public var roundingBound: Double {
        Double(columns.count + (base == .apart ? 1 : 0)) / 2 / Double(scale.unitsPerPoint)
    }

    /// "guest.NAME", "host1.NAME", …
    public static func label(_ party: Int, _ name: String) -> String { "\(PartyName.of(party)).\(name)" }

    private static func units(_ points: Double, _ scale: ScorecardScale, at name: String) throws(Fault) -> Int {
        // NaN fails the comparison too.
        guard abs(points) <= Double(ScorecardColumn.mostUnits / 1000) else {
            throw Fault(ModelingFaults.scorecard, "points beyond any scale", at: name)
        }
        return scale.units(points)
    }
}
