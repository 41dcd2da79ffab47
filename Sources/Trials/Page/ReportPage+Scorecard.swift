import Charts

/// Columns by their risk: information values, bins with weights and points, and what a scorecard of them is worth.
extension ReportPage {
    private static let mostCharted = 15
    private static let mostTables = 12

    var scorecard: String {
        guard let found = document.learning?.scorecard else { return "" }
        let divided = found.columns.filter { ($0.iv ?? 0).isFinite && $0.iv != nil }
        guard let first = divided.first else { return "" }
        let sites = document.learning?.parties.map(\.site) ?? []
        let ranks = RankChart(
            ReportText.informationOf.phrase,
            summary: ReportText.informationSummary.filled(
                Phrase(first.column), Phrase(Figures.fixed(first.iv ?? 0, 3))),
            item: ReportText.column.phrase, group: ReportText.party.phrase,
            value: .init(ReportText.informationValue.phrase, .fixed(3)), groups: sites.map { Phrase($0) },
            bars: divided.prefix(Self.mostCharted).map { column in
                RankChart.Bar(
                    Phrase(column.column), group: sites.firstIndex(of: column.site) ?? 0, value: column.iv ?? 0)
            })
        var content = grid([ranks.figure(id: "chart-information")]) + compared(found) + cutoffs(found) + decided(found)
        for (index, column) in divided.prefix(Self.mostTables).enumerated() {
            let title =
                Phrase("\(column.column) (\(column.site)) · ") + ReportText.informationValue.phrase
                + Phrase(" " + Figures.fixed(column.iv ?? 0, 3)) + direction(column.direction)
            let bins = table(title, Self.heads.map(\.phrase), column.bins.map(row))
            let isOpen = index < 2 ? [("open", "")] : []
            content += Markup.element(
                "details", [("class", "more")] + isOpen,
                Markup.text("summary", [], title) + weights(of: column, index) + bins)
        }
        let others = found.columns.filter { $0.iv == nil }
        if !others.isEmpty {
            content += Markup.text(
                "p", [("class", "note")],
                ReportText.undivided.filled(Phrase(others.map { "\($0.column) (\($0.site))" }.joined(separator: ", "))))
        }
        return section("weights", .weights, notes(found), content)
    }

    /// The weights of a column's bins as bars; the table below has the numbers.
    private func weights(of column: TrialDocument.Scorecard.Column, _ index: Int) -> String {
        let chart = BarChart(
            ReportText.weightsOf.filled(Phrase(column.column)),
            summary: ReportText.weightsSummary.filled(
                number(column.bins.map(\.woe).min(), .fixed(2)), number(column.bins.map(\.woe).max(), .fixed(2))),
            category: ReportText.bin.phrase, categories: column.bins.map(range),
            value: .init(ReportText.woe.phrase, .fixed(2)),
            series: [.init(ReportText.woe.phrase, column.bins.map(\.woe))], height: 240)
        return Markup.element("div", [("class", "card")], chart.figure(id: "chart-weights-\(index + 1)"))
    }

    private func notes(_ found: TrialDocument.Scorecard) -> Phrase {
        var notes: [ReportText] = [.weightsNote, found.isEqual ? .weightsEqualNote : .weightsDifferentNote]
        if let regression = found.regression {
            notes += [.regressionNote, regression.isEqual ? .regressionEqualNote : .regressionDifferentNote]
        } else {
            notes.append(.onePlaceNote)
        }
        return notes.dropFirst().reduce(notes[0].phrase) { text, note in
            text + Phrase(" ", chinese: "")
                + (note == .regressionNote ? note.filled(Phrase("\(found.regression?.passes ?? 0)")) : note.phrase)
        }
    }

    /// Shares that would be approved, and what would be lost and caught.
    private func cutoffs(_ found: TrialDocument.Scorecard) -> String {
        let rows = (found.cutoffs ?? []).map { line -> [Phrase] in
            [
                Phrase("≥ " + Figures.fixed(line.score, 0)), Phrase(Figures.percent(line.approved)),
                Phrase(Figures.percent(line.badRate)), Phrase(Figures.percent(line.badsCaught)),
                Phrase(Figures.percent(line.goodsLost)),
            ]
        }
        return titled(.cutoffs, [.approvedFrom, .approvalRate, .badRate, .badsCaught, .goodsLost], rows)
    }

    private func titled(_ name: ReportText, _ columns: [ReportText], _ rows: [[Phrase]]) -> String {
        rows.isEmpty ? "" : Markup.text("h3", [], name.phrase) + table(name, columns, rows)
    }

    /// Every decision about columns: those that dropped one first.
    private func decided(_ found: TrialDocument.Scorecard) -> String {
        guard let decisions = found.decisions, !decisions.isEmpty else { return "" }
        let order = decisions.filter { !$0.kept } + decisions.filter(\.kept)
        let rows = order.map { decision -> [Phrase] in
            [
                Phrase("\(decision.column) (\(decision.site))"), ReportNames.rule(decision.rule),
                number(decision.figure, .fixed(4)), number(decision.limit, .fixed(4)),
                (decision.kept ? ReportText.kept : .dropped).phrase, Phrase(decision.reason),
            ]
        }
        let dropped = Set(decisions.filter { !$0.kept }.map { "\($0.site) \($0.column)" }).count
        let all = Set(decisions.map { "\($0.site) \($0.column)" }).count
        return Markup.element(
            "details", [("class", "more")],
            Markup.text(
                "summary", [], ReportText.selectionSummary.filled(Phrase("\(all - dropped)"), Phrase("\(all)")))
                + table(.selection, [.column, .rule, .value, .limit, .decision, .reason], rows))
    }

    private static let heads: [ReportText] = [.bin, .rowsInBin, .bads, .badRate, .woe, .informationValue, .points]

    private func row(_ bin: TrialDocument.Scorecard.Bin) -> [Phrase] {
        let rate = bin.rows > 0 ? Double(bin.bads) / Double(bin.rows) : 0
        return [
            range(bin), Phrase(Figures.count(bin.rows)), Phrase(Figures.count(bin.bads)), Phrase(Figures.percent(rate)),
            Phrase(Figures.signed(bin.woe, 3)), Phrase(Figures.fixed(bin.iv, 4)),
            Phrase(bin.points.map { Figures.fixed($0, 0) } ?? Figures.none),
        ]
    }

    private func range(_ bin: TrialDocument.Scorecard.Bin) -> Phrase {
        var parts: [Phrase] = []
        if !bin.isApart {
            let text =
                switch (bin.from, bin.below) {
                case (nil, nil): "−∞ … ∞"
                case (nil, let below?): "< " + Figures.short(below)
                case (let from?, nil): "≥ " + Figures.short(from)
                case (let from?, let below?): "\(Figures.short(from)) … < \(Figures.short(below))"
                }
            parts.append(Phrase(text))
        }
        if !bin.values.isEmpty { parts.append(Phrase(bin.values.map(Figures.short).joined(separator: ", "))) }
        if bin.missing { parts.append(ReportText.missing.phrase) }
        return parts.dropFirst().reduce(parts.first ?? "") { $0 + Phrase(", ") + $1 }
    }

    private func direction(_ name: String?) -> Phrase {
        switch name {
        case "rising": Phrase(" · ") + ReportText.rising.phrase
        case "falling": Phrase(" · ") + ReportText.falling.phrase
        default: ""
        }
    }

    /// Scorecards beside boosting, on the same rows.
    private func compared(_ found: TrialDocument.Scorecard) -> String {
        let boosted = (document.learning?.models ?? []).filter { ["guest", "federated"].contains($0.name) }
        let rows =
            boosted.map { model in
                [
                    ReportText.boosting.phrase + Phrase(": ") + ReportNames.model(model.name),
                    number(model.measures["auc"], .fixed(4)), number(model.measures["ks"], .fixed(4)),
                ]
            }
            + found.models.map { model in
                [
                    (["guest": ReportText.scorecardAlone, "federated": .scorecardBetween][model.name]
                        ?? .scorecardOfAll).filled(Phrase("\(model.columns)")),
                    number(model.measures["auc"], .fixed(4)), number(model.measures["ks"], .fixed(4)),
                ]
            }
        return table(ReportText.comparedModels, [.modelKind, .areaUnderCurve, .ks], rows)
    }
}
