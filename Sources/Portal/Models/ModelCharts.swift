import Charts
import Resources

/// Charts of what is inside of a version, of the API's `facts` and `trees`.
enum ModelCharts {
    private static let mostColumns = 15

    /// - Parameter content: of `facts`.
    /// - Returns: nil where no gain is known.
    static func importance(_ content: JSONValue) -> RankChart? {
        let columns = (content["columns"]?.array ?? []).filter { ($0["gain"]?.number ?? 0) > 0 }
        let all = columns.reduce(0) { $0 + ($1["gain"]?.number ?? 0) }
        guard let first = columns.first, all > 0 else { return nil }
        let parties = Set(columns.compactMap { $0["party"]?.string }).sorted()
        return RankChart(
            Words("Importance of columns", "列重要性").phrase,
            summary: Words("{0} counts most, with {1} of the gain.", "{0} 最重要，占增益的 {1}。").phrase.filled(
                Phrase(first["column"]?.string ?? ""),
                Phrase(Figures.percent((first["gain"]?.number ?? 0) / all))),
            item: Words("Column", "列").phrase, group: Words("Party", "参与方").phrase,
            value: .init(Words("Share of the gain", "增益占比").phrase, .percent),
            groups: parties.map { Phrase($0) },
            bars: columns.prefix(mostColumns).map { column in
                .init(
                    Phrase(column["column"]?.string ?? ""),
                    group: parties.firstIndex(of: column["party"]?.string ?? "") ?? 0,
                    value: (column["gain"]?.number ?? 0) / all)
            })
    }

    /// - Parameters:
    ///   - tree: an item of `trees`.
    ///   - parties: of the model, the guest first: `guest`, `host1`.
    static func tree(_ tree: JSONValue, parties: [String]) -> TreeDiagram {
        let nodes = tree["nodes"]?.array ?? []
        let leaves = nodes.count { $0["leaf"] != nil }
        return TreeDiagram(
            Words("Tree {0}", "第 {0} 棵树").phrase.filled(Phrase("\(tree["tree"]?.integer ?? 0)")),
            summary: Words("{0} splits and {1} leaves.", "{0} 个分裂，{1} 个叶子。").phrase.filled(
                Phrase("\(nodes.count - leaves)"), Phrase("\(leaves)")),
            groups: parties.map { Phrase($0) },
            nodes: nodes.map { node in
                let rows = Words("{0} rows", "{0} 行").phrase.filled(
                    Phrase(numberText(node["rows"]?.integer ?? 0)))
                if let leaf = node["leaf"]?.number {
                    return .init(
                        Phrase((leaf > 0 ? "+" : "") + Figures.short(leaf)), detail: rows, group: nil)
                }
                let party = node["party"]?.string ?? ""
                let edge = node["edge"]?.number.map { Phrase("< \(Figures.short($0)) · ") } ?? ""
                return .init(
                    node["column"]?.string.map { Phrase($0) }
                        ?? Words("split of {0}", "{0} 的分裂").phrase.filled(Phrase(party)),
                    detail: edge + rows, group: parties.firstIndex(of: party),
                    children: [node["left"], node["right"]].compactMap { $0?.integer.map { Int($0) } })
            })
    }
}
