import Charts

/// What is inside of the model: importance and trees.
extension ReportPage {
    private static let mostColumns = 15
    private static let mostTrees = 6

    /// Sites in the order of the parties, then others that a column or a node names.
    private var groups: [String] {
        var names = document.learning?.parties.map(\.site) ?? []
        let others =
            (document.learning?.importance.map(\.site) ?? [])
            + (document.learning?.trees.flatMap { $0.nodes.compactMap(\.site) } ?? [])
        for name in others where !names.contains(name) { names.append(name) }
        return names
    }

    private func group(_ site: String) -> Phrase {
        guard let role = document.learning?.parties.first(where: { $0.site == site })?.role else { return Phrase(site) }
        return Phrase(site) + " (" + ReportNames.role(role) + ")"
    }

    var importance: String {
        guard let learning = document.learning else { return "" }
        let columns = learning.importance.filter { $0.gain.isFinite && $0.gain > 0 }
        let all = columns.reduce(0) { $0 + $1.gain }
        guard all > 0, all.isFinite, let first = columns.first else { return "" }
        let groups = groups
        let shown = columns.prefix(Self.mostColumns)
        let ranks = RankChart(
            ReportText.importanceOf.phrase,
            summary: ReportText.importanceSummary.filled(
                Phrase(first.column), Phrase(Figures.percent(first.gain / all))),
            item: ReportText.column.phrase, group: ReportText.party.phrase,
            value: .init(ReportText.gainShare.phrase, .percent), groups: groups.map(group),
            bars: shown.map { column in
                RankChart.Bar(
                    Phrase(column.column), group: groups.firstIndex(of: column.site) ?? 0, value: column.gain / all)
            })
        let used = groups.indices.filter { index in
            learning.parties.contains { $0.site == groups[index] } || columns.contains { $0.site == groups[index] }
        }
        let parties = RankChart(
            ReportText.importanceByParty.phrase, summary: ReportText.importanceByPartySummary.phrase,
            item: ReportText.party.phrase, group: ReportText.party.phrase,
            value: .init(ReportText.gainShare.phrase, .percent), groups: groups.map(group),
            bars: used.map { index in
                let gain = columns.filter { $0.site == groups[index] }.reduce(0) { $0 + $1.gain }
                return RankChart.Bar(Phrase(groups[index]), group: index, value: gain / all)
            })
        var content = grid([ranks.figure(id: "chart-importance"), parties.figure(id: "chart-importance-party")])
        if columns.count > shown.count {
            let rest = columns.dropFirst(shown.count)
            content += Markup.text(
                "p", [("class", "note")],
                ReportText.moreColumns.filled(
                    Phrase("\(rest.count)"), Phrase(Figures.percent(rest.reduce(0) { $0 + $1.gain } / all))))
        }
        return section("importance", .importance, ReportText.importanceNote.phrase, content)
    }

    var trees: String {
        let all = document.learning?.trees.filter { !$0.nodes.isEmpty } ?? []
        guard !all.isEmpty else { return "" }
        let shown = all.prefix(Self.mostTrees)
        let drawn = shown.enumerated().map { index, tree in
            let figure = Markup.element(
                "div", [("class", "card")], diagram(tree, index).figure(id: "chart-tree-\(index + 1)"))
            if index == 0 { return figure }
            return Markup.element(
                "details", [("class", "more")],
                Markup.text("summary", [], ReportText.tree.filled(Phrase("\(index + 1)"))) + figure)
        }
        var content = drawn.joined(separator: "\n")
        if all.count > shown.count {
            content += Markup.text(
                "p", [("class", "note")],
                ReportText.treesMore.filled(Phrase("\(shown.count)"), Phrase("\(all.count)")))
        }
        return section("trees", .trees, ReportText.treesNote.phrase, content)
    }

    private func diagram(_ tree: TrialDocument.Tree, _ index: Int) -> TreeDiagram {
        let groups = groups
        let leaves = tree.nodes.count { $0.leaf != nil }
        return TreeDiagram(
            ReportText.tree.filled(Phrase("\(index + 1)")),
            summary: ReportText.treeSummary.filled(Phrase("\(tree.nodes.count - leaves)"), Phrase("\(leaves)")),
            groups: groups.map(group),
            nodes: tree.nodes.map { node in
                let rows = ReportText.nodeRows.filled(Phrase(Figures.count(node.rows)))
                if let leaf = node.leaf {
                    return .init(Phrase((leaf > 0 ? "+" : "") + Figures.short(leaf)), detail: rows, group: nil)
                }
                let edge = node.column == nil ? nil : node.edge.map { Phrase("< " + Figures.short($0) + " · ") }
                return .init(
                    question(node), detail: (edge ?? "") + rows, group: node.site.flatMap { groups.firstIndex(of: $0) },
                    children: [node.left, node.right].compactMap(\.self))
            }, ways: (ReportText.yes.phrase, ReportText.no.phrase))
    }

    /// The column that is asked, or whose question it is.
    private func question(_ node: TrialDocument.Node) -> Phrase {
        node.column.map { Phrase($0) } ?? ReportText.splitAt.filled(Phrase(node.site ?? Figures.none))
    }
}
