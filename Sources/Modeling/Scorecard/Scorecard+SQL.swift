public import Faults

extension Scorecard {
    /// The scorecard as a query of a table that has all columns: everything of the table, and the score under a name.
    ///
    /// Standard SQL: CASE over comparisons with numbers. NULL is a missing value. Columns go by their names, those that
    /// several parties have by "guest.NAME", "host1.NAME", …; names are quoted.
    ///
    /// - Throws: `ModelingFaults.scorecardName` for an empty name or one with a zero character.
    public func sql(table: String, score: String = "score") throws(Fault) -> String {
        let digest = digest
        var parts = base == .apart ? ["  \(scale.text(baseUnits))"] : []
        for column in columns { parts.append("  \(try Self.expression(column, named(column), scale))") }
        return """
            -- Atoll scorecard \(digest)
            SELECT *,
            \(parts.joined(separator: " +\n"))
              AS \(try Self.identifier(score))
            FROM \(try Self.identifier(table));

            """
    }

    private func named(_ column: ScorecardColumn) -> String {
        columns.count { $0.name == column.name } > 1 ? Self.label(column.party, column.name) : column.name
    }

    private static func expression(
        _ column: ScorecardColumn, _ name: String, _ scale: ScorecardScale
    ) throws(Fault) -> String {
        let name = try identifier(name)
        var cases: [String] = []
        var rest = "0"
        for line in column.lines {
            let points = scale.text(line.units)
            switch line.range {
            case .missing: cases.append("WHEN \(name) IS NULL THEN \(points)")
            case .special(let value): cases.append("WHEN \(name) = \(value) THEN \(points)")
            case .values(_, let below?):
                let threshold = EdgeThreshold(below)
                cases.append("WHEN \(name) \(threshold.isInclusive ? "<=" : "<") \(threshold.value) THEN \(points)")
            case .values(_, nil): rest = points
            }
        }
        return "CASE \(cases.joined(separator: " ")) ELSE \(rest) END"
    }

    private static func identifier(_ name: String) throws(Fault) -> String {
        guard !name.isEmpty, !name.unicodeScalars.contains("\0") else { throw Fault(ModelingFaults.scorecardName) }
        let parts = name.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"" + parts.joined(separator: "\"\"") + "\""
    }
}
