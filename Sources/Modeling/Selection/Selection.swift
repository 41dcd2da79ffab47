public import Faults

/// Which columns go into a scorecard, as a list of decisions that each can be looked up with its figure.
///
/// Rules look at a column in turn: bins, missing, concentration, IV, stability; the first that it fails drops it. Those that
/// are left are looked at from the highest IV down (equal: in their order): a column whose correlation with one already kept
/// is above the limit is dropped. Then the column with the highest variance inflation is dropped (equal: the lower IV, then
/// the later one) until none is above the limit. A choice by hand goes before all of it but `bins`: a column kept by hand is
/// dropped by no rule, and counts for the others' correlation and inflation.
///
/// Correlations and coefficients may name a column with its party before it ("host1.NAME") where the figures name it without.
public struct Selection: Hashable, Sendable {
    /// In the order in which they were made.
    public private(set) var decisions: [SelectionDecision] = []
    /// Columns that are kept, in the order of the figures.
    public private(set) var kept: [String]
    /// All that were decided about, in the order of the figures.
    public let columns: [String]
    private let byHand: [String: ManualChoice]
    private let rules: SelectionRules
    private let figures: [String: ColumnFigures]

    /// Applies the rules about single columns.
    ///
    /// - Throws: `ModelingFaults.selection` for a column twice, a limit that is not a number, a choice about none of the
    ///   columns, about one twice or without a reason.
    public init(
        _ figures: [ColumnFigures], rules: SelectionRules = SelectionRules(), manual: [ManualChoice] = []
    ) throws(Fault) {
        columns = figures.map(\.column)
        kept = columns
        self.rules = rules
        guard Set(kept).count == kept.count else { throw Fault(ModelingFaults.selection, "a column is named twice") }
        let limits = [
            rules.missing, rules.concentration, rules.iv, rules.stability, rules.correlation, rules.vif,
        ]
        guard !limits.contains(where: { $0?.isNaN == true }) else {
            throw Fault(ModelingFaults.selection, "a limit is not a number")
        }
        var byHand: [String: ManualChoice] = [:]
        for choice in manual {
            let hasReason = choice.reason.contains { !$0.isWhitespace }
            guard kept.contains(choice.column), hasReason, byHand.updateValue(choice, forKey: choice.column) == nil
            else {
                throw Fault(
                    ModelingFaults.selection, "a choice without a reason, or about no column, or a second one",
                    at: choice.column)
            }
        }
        self.byHand = byHand
        self.figures = Dictionary(uniqueKeysWithValues: figures.map { ($0.column, $0) })
        for figure in figures where !decide(alone: figure) { kept.removeAll { $0 == figure.column } }
    }

    /// A selection as it was decided before, to go on with by the rule of signs.
    ///
    /// - Parameter decisions: about some of the columns.
    init(columns: [String], decisions: [SelectionDecision]) {
        self.columns = columns
        self.decisions = decisions
        let dropped = Set(decisions.filter { !$0.isKept }.map(\.column))
        kept = columns.filter { !dropped.contains($0) }
        byHand = Dictionary(
            decisions.filter { $0.rule == .manual }.map {
                ($0.column, ManualChoice(column: $0.column, isKept: $0.isKept, reason: $0.reason))
            }
        ) { $1 }
        rules = SelectionRules()
        figures = [:]
    }

    /// Applies the rules about columns beside each other.
    ///
    /// - Throws: `ModelingFaults.selection` when the matrix lacks a column that is kept.
    public mutating func decide(_ correlations: CorrelationMatrix) throws(Fault) {
        let places = try places(of: kept, in: correlations.columns, "the correlations lack a column")
        if let limit = rules.correlation { correlate(places, correlations, limit) }
        if let limit = rules.vif { inflate(places, correlations, limit) }
    }

    /// What a regression says of a column.
    public struct Coefficient: Hashable, Sendable {
        public let name: String
        public let value: Double
        /// Of the coefficients not above 0 the one with the lowest goes first: z, or the coefficient where there is no standard
        /// error.
        public let rank: Double

        public init(name: String, value: Double, rank: Double) {
            self.name = name
            self.value = value
            self.rank = rank
        }
    }

    /// Applies the rule of signs: of the columns whose coefficient is not above 0, the one with the lowest z is dropped. The
    /// regression is then to be made again.
    ///
    /// - Parameter fit: a regression on the weights of evidence of the columns kept, all of them and no others.
    /// - Returns: whether a column was dropped.
    /// - Throws: `ModelingFaults.selection` when the regression lacks a column that is kept or has another: its sign would
    ///   have been looked at by nobody.
    public mutating func decideSigns(_ fit: LogisticFit) throws(Fault) -> Bool {
        try decideSigns(fit.coefficients.map { Coefficient(name: $0.name, value: $0.value, rank: $0.z) })
    }

    /// The same by coefficients alone.
    ///
    /// - Throws: as above.
    public mutating func decideSigns(_ coefficients: [Coefficient]) throws(Fault) -> Bool {
        let places = try places(of: kept, in: coefficients.map(\.name), "the regression lacks a column that is kept")
        guard coefficients.count == kept.count else {
            throw Fault(ModelingFaults.selection, "the regression has columns that are not kept")
        }
        let own = kept.map { (name: $0, coefficient: coefficients[places[$0]!]) }
        let droppable = own.filter { !($0.coefficient.value > 0) && byHand[$0.name]?.isKept != true }
        if let worst = droppable.min(by: { $0.coefficient.rank < $1.coefficient.rank }) {
            drop(
                worst.name, .sign, worst.coefficient.value, 0,
                "the coefficient of the weights of evidence is not above 0: the column works against its own bins")
            return true
        }
        for (name, coefficient) in own {
            let isRight = coefficient.value > 0
            note(
                name, .sign, coefficient.value, 0, true,
                isRight ? "the coefficient is above 0" : "the coefficient is not above 0; kept by hand")
        }
        return false
    }

    private mutating func decide(alone figure: ColumnFigures) -> Bool {
        let name = figure.column
        guard let iv = figure.iv else {
            note(name, .bins, nil, nil, false, "no two bins meet the guard")
            return false
        }
        if let choice = byHand[name] {
            note(name, .manual, nil, nil, choice.isKept, choice.reason)
            return choice.isKept
        }
        typealias Check = (rule: SelectionDecision.Rule, figure: Double?, limit: Double?, isLeast: Bool, what: String)
        let checks: [Check] = [
            (.missing, figure.missingRate, rules.missing, false, "share of missing rows"),
            (.concentration, figure.concentration, rules.concentration, false, "share of the fullest fine bin"),
            (.iv, iv, rules.iv, true, "information value"),
            (.stability, figure.stability, rules.stability, false, "stability between samples"),
        ]
        for check in checks {
            guard let value = check.figure, let limit = check.limit else { continue }
            let isKept = check.isLeast ? value >= limit : value <= limit
            let side = check.isLeast ? (isKept ? "at least" : "below") : (isKept ? "at most" : "above")
            note(name, check.rule, value, limit, isKept, "\(check.what) is \(side) the limit")
            guard isKept else { return false }
        }
        return true
    }

    private mutating func correlate(_ places: [String: Int], _ matrix: CorrelationMatrix, _ limit: Double) {
        let byHand = byHand
        func isFixed(_ name: String) -> Bool { byHand[name]?.isKept == true }
        // Those kept by hand first, so that the others are held against them; both from the highest IV down.
        let order = kept.enumerated().sorted { left, right in
            let (a, b) = (isFixed(left.element), isFixed(right.element))
            if a != b { return a }
            let (first, second) = (iv(left.element), iv(right.element))
            return first != second ? first > second : left.offset < right.offset
        }.map(\.element)
        var passed: [String] = []
        for name in order {
            var nearest: (name: String, value: Double)?
            for other in passed {
                let value = matrix.values[places[name]!][places[other]!]
                if nearest.map({ abs(value) > abs($0.value) }) ?? true { nearest = (other, value) }
            }
            if let nearest, abs(nearest.value) > limit, !isFixed(name) {
                drop(name, .correlation, nearest.value, limit, "correlates with \(nearest.name), which is kept")
                continue
            }
            if let nearest, !isFixed(name) {
                note(
                    name, .correlation, nearest.value, limit, true,
                    "the highest correlation, with \(nearest.name), is at most the limit")
            }
            passed.append(name)
        }
    }

    private mutating func inflate(_ places: [String: Int], _ matrix: CorrelationMatrix, _ limit: Double) {
        while true {
            let inflation = matrix.inflation(of: kept.map { places[$0]! })
            let droppable = kept.indices.filter { byHand[kept[$0]]?.isKept != true }
            let worst = droppable.max { left, right in
                if inflation[left] != inflation[right] { return inflation[left] < inflation[right] }
                let (first, second) = (iv(kept[left]), iv(kept[right]))
                return first != second ? first > second : left < right
            }
            guard let worst, inflation[worst] > limit else {
                for place in droppable {
                    note(
                        kept[place], .vif, inflation[place], limit, true, "the variance inflation is at most the limit")
                }
                return
            }
            drop(kept[worst], .vif, inflation[worst], limit, "the other columns kept nearly determine it")
        }
    }

    private func iv(_ name: String) -> Double { figures[name]?.iv ?? 0 }

    /// Where columns are in a list of names: under their own, or else under the only one that is theirs with a party before it.
    /// No two columns are at one place.
    private func places(of columns: [String], in names: [String], _ lack: String) throws(Fault) -> [String: Int] {
        var places: [String: Int] = [:]
        let own = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        var free = Set(names.indices)
        for column in columns {
            guard let place = own[column] else { continue }
            places[column] = place
            free.remove(place)
        }
        for column in columns where places[column] == nil {
            let found = free.filter { PartyName.unlabelled(names[$0]) == column }
            guard found.count == 1, let place = found.first else {
                throw Fault(
                    ModelingFaults.selection, found.isEmpty ? lack : "several parties have a column of this name",
                    at: column)
            }
            places[column] = place
            free.remove(place)
        }
        return places
    }

    private mutating func drop(
        _ name: String, _ rule: SelectionDecision.Rule, _ figure: Double, _ limit: Double, _ reason: String
    ) {
        note(name, rule, figure, limit, false, reason)
        kept.removeAll { $0 == name }
    }

    private mutating func note(
        _ name: String, _ rule: SelectionDecision.Rule, _ figure: Double?, _ limit: Double?, _ isKept: Bool,
        _ reason: String
    ) {
        decisions.append(
            SelectionDecision(
                column: name, rule: rule, figure: figure, limit: limit, isKept: isKept, reason: reason))
    }
}
