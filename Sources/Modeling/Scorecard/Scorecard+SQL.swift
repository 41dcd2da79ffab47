public import Faults

extension Scorecard {
    /// The scorecard as a query of a table that has all columns: everything of the table, and the score under a name.
    ///
    /// Standard SQL: CASE over comparisons with numbers. NULL is a missing value. Columns go by their names, those that
    /// several parties have by "guest.NAME", "host1.NAME", …, and all of them where that is the name of another; names are
    /// quoted.
    ///
    /// - Throws: `ModelingFaults.scorecardName` for an empty name or one with a zero character, and for names of columns, or
    ///   of one and the score, that differ in capitals alone or not at all: many databases take these for one column.
    public func sql(table: String, score: String = "score") throws(Fault) -> String {
        let digest = digest
        let names = tableNames
        guard Self.areApart(names + [score], isCaseSensitive: false) else {
            throw Fault(
                ModelingFaults.scorecardName, "two columns, or a column and the score, are called the same in SQL",
                fix: "Name the score otherwise, or rename one of the columns: names must differ by more than capitals.")
        }
        var parts = base == .apart ? ["  \(scale.text(baseUnits))"] : []
        for (column, name) in zip(columns, names) { parts.append("  \(try Self.expression(column, name, scale))") }
        return """
            -- Atoll scorecard \(digest)
            SELECT *,
            \(parts.joined(separator: " +\n"))
              AS \(try Self.identifier(score))
            FROM \(try Self.identifier(table));

            """
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
