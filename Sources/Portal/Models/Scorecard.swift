import Charts
import Resources

/// This site's part of a scorecard, as `/jobs/:name/scorecard?form=json` tells it.
struct Scorecard {
    struct Bin {
        /// As of `/jobs/:name/bins`: `from`, `below`, `values`, `missing`, `isApart`.
        let range: JSONValue
        let woe: Double
        let points: Double
    }

    struct Column {
        let name: String
        let coefficient: Double
        let bins: [Bin]
        /// The mean of the points over the rows that were learnt from.
        let mean: Double
    }

    let columns: [Column]
    /// Points that every row has; 0 at a host.
    let base: Double
    let decimals: Int
    let digest: String

    init(_ json: JSONValue) {
        let scale = json["scale"]
        decimals = Int(scale?["decimals"]?.integer ?? 0)
        var unit = 1.0
        for _ in 0..<min(max(decimals, 0), 3) { unit *= 10 }
        base = (json["baseUnits"]?.number ?? 0) / unit
        digest = json["digest"]?.string ?? ""
        columns = (json["columns"]?.array ?? []).map { column in
            func numbers(_ member: String) -> [Double] {
                (column[member]?.array ?? []).compactMap(\.number)
            }
            let (woe, units) = (numbers("woe"), numbers("units"))
            return Column(
                name: column["name"]?.string ?? "", coefficient: column["coefficient"]?.number ?? 0,
                bins: zip(Self.ranges(column), zip(woe, units)).map {
                    Bin(range: $0, woe: $1.0, points: $1.1 / unit)
                },
                mean: column["mean"]?.number ?? 0)
        }
    }

    /// The least and the most that this part gives a row.
    var bounds: (least: Double, most: Double) {
        (
            base + columns.reduce(0) { $0 + ($1.bins.map(\.points).min() ?? 0) },
            base + columns.reduce(0) { $0 + ($1.bins.map(\.points).max() ?? 0) }
        )
    }

    /// What each bin of a column holds: bins are unions of fine bins, the ordinary ones before those of special and of
    /// missing values.
    private static func ranges(_ column: JSONValue) -> [JSONValue] {
        let edges = (column["edges"]?.array ?? []).compactMap(\.number)
        let groups = (column["groups"]?.array ?? []).compactMap { $0.integer.map { Int($0) } }
        let specials = zip(
            (column["specials"]?.array ?? []).compactMap(\.number),
            (column["specialBins"]?.array ?? []).compactMap { $0.integer.map { Int($0) } })
        let missing = column["missingBin"]?.integer.map { Int($0) } ?? -1
        return (0..<(column["woe"]?.array?.count ?? 0)).map { group in
            var range: [String: JSONValue] = [:]
            let fine = groups.indices.filter { $0 <= edges.count && groups[$0] == group }
            if let first = fine.first, let last = fine.last {
                if first > 0 { range["from"] = .number(edges[first - 1]) }
                if last < edges.count { range["below"] = .number(edges[last]) }
            } else {
                range["isApart"] = true
            }
            let values = specials.filter { groups.indices.contains($0.1) && groups[$0.1] == group }.map(
                \.0)
            if !values.isEmpty { range["values"] = .array(values.map { .number($0) }) }
            if groups.indices.contains(missing), groups[missing] == group { range["missing"] = true }
            return .object(range)
        }
    }

    /// Each column's most and least points beside each other: what matters most for the score.
    var reach: RankChart? {
        let wide = columns.map { column in
            (column.name, (column.bins.map(\.points).max() ?? 0) - (column.bins.map(\.points).min() ?? 0))
        }.sorted { $0.1 > $1.1 }
        guard let first = wide.first, first.1 > 0 else { return nil }
        return RankChart(
            Words("Reach of the points by column", "各列分值跨度").phrase,
            summary: Words("{0} moves a score the most: {1} points.", "{0} 对分数影响最大：{1} 分。").phrase.filled(
                Phrase(first.0), Phrase(Figures.fixed(first.1, decimals))),
            item: Words("Column", "列").phrase, group: Words("Party", "参与方").phrase,
            value: .init(Words("Points", "分值").phrase, .fixed(decimals)),
            groups: [Words("this site", "本站").phrase],
            bars: wide.prefix(15).map { .init(Phrase($0.0), group: 0, value: $0.1) })
    }
}
