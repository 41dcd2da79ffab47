/// Where values of a bin lie.
public enum BinRange: Hashable, Sendable {
    /// From the first edge on and below the second, as `Float`; nil is without end.
    case values(from: Float?, below: Float?)
    case special(Double)
    case missing
}

/// One line of a table of points: a part of a bin. A bin has a line for its ordinary values, one per special value and one
/// for missing values, as far as it has them.
public struct PointsLine: Hashable, Sendable {
    public let party: Int
    public let column: String
    public let group: Int
    public let range: BinRange
    public let woe: Double
    public let units: Int
}

extension ScorecardColumn {
    /// Missing values first, then special ones, then ordinary ones ascending: the first line that a value fits is its own.
    public var lines: [PointsLine] {
        func line(_ group: Int, _ range: BinRange) -> PointsLine {
            PointsLine(party: party, column: name, group: group, range: range, woe: woe[group], units: units[group])
        }
        var lines = [line(groups.assignment[partition.missingBin], .missing)]
        for (special, bin) in zip(partition.specials, partition.specialBins) {
            lines.append(line(groups.assignment[bin], .special(special)))
        }
        let edges = partition.edges.values
        for group in 0..<groups.count {
            guard let bins = groups.ordinaryBins(of: group) else { continue }
            let from = bins.lowerBound > 0 ? edges[bins.lowerBound - 1] : nil
            let below = bins.upperBound < edges.count ? edges[bins.upperBound] : nil
            lines.append(line(group, .values(from: from, below: below)))
        }
        return lines
    }
}

extension Scorecard {
    /// The points of one party's columns, for that party to keep.
    public func lines(party: Int) -> [PointsLine] { columns.filter { $0.party == party }.flatMap(\.lines) }

    /// The tables of all parties as CSV (RFC 4180): party, column, bin, kind, from, below, woe, points. Base points, where
    /// there are any, are a first line of kind "base".
    public var csv: String {
        var rows = ["party,column,bin,kind,from,below,woe,points"]
        if base == .apart { rows.append("guest,,,base,,,,\(scale.text(baseUnits))") }
        for line in columns.flatMap(\.lines) {
            let range: String
            switch line.range {
            case .values(let from, let below):
                range = "values,\(from.map(\.description) ?? ""),\(below.map(\.description) ?? "")"
            case .special(let value): range = "special,\(value),\(value)"
            case .missing: range = "missing,,"
            }
            rows.append(
                "\(PartyName.of(line.party)),\(Self.quoted(line.column)),\(line.group),\(range),\(line.woe),"
                    + scale.text(line.units))
        }
        return rows.joined(separator: "\r\n") + "\r\n"
    }

    private static func quoted(_ text: String) -> String {
        let needs = text.unicodeScalars.contains { ",\"\r\n ".unicodeScalars.contains($0) }
        return needs
            ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : text
    }
}
