import Charts

extension ReportPage {
    var models: String {
        guard let learning = document.learning, !learning.models.isEmpty else { return "" }
        let measures = ReportMeasure.all(of: learning.models)
        return section(
            "models", .models, ReportText.modelsNote.filled(Phrase(Figures.count(learning.rows.test))),
            comparison(learning.models, measures) + grid(intervals(learning)))
    }

    private func comparison(_ models: [TrialDocument.Model], _ measures: [ReportMeasure]) -> String {
        let hasBoth = findings.uplift != nil
        var columns = [ReportText.measure.phrase] + models.map { ReportNames.model($0.name) }
        if hasBoth { columns.append(ReportText.difference.phrase) }
        let guest = models.first { $0.name == "guest" }?.measures ?? [:]
        let federated = models.first { $0.name == "federated" }?.measures ?? [:]
        let head = columns.map { Markup.text("th", [("scope", "col")], $0) }.joined()
        let rows = measures.map { measure in
            let note = measure.higherIsBetter.map { $0 ? ReportText.higherIsBetter : .lowerIsBetter }
            var cells = Markup.element(
                "th", [("scope", "row")],
                Markup.text("span", [], measure.name)
                    + (note.map { " " + Markup.text("small", [], $0.phrase) } ?? ""))
            for model in models {
                var cell = Markup.text("span", [], number(model.measures[measure.key], measure.format))
                if let low = model.measures["\(measure.key).low"], let high = model.measures["\(measure.key).high"] {
                    let interval = measure.format.text(low) + " – " + measure.format.text(high)
                    cell += Markup.text("small", [("class", "interval")], Phrase(interval))
                }
                cells += Markup.element("td", [], cell)
            }
            if hasBoth { cells += difference(measure, guest[measure.key], federated[measure.key]) }
            return Markup.element("tr", [], cells)
        }
        return Markup.element(
            "div", [("class", "scroll")],
            Markup.element(
                "table", [("class", "comparison")],
                Markup.text("caption", [], ReportText.models.phrase)
                    + Markup.element("thead", [], Markup.element("tr", [], head))
                    + Markup.element("tbody", [], rows.joined())))
    }

    /// Its colour has an arrow beside it, for those who do not see colours.
    private func difference(_ measure: ReportMeasure, _ guest: Double?, _ federated: Double?) -> String {
        guard let guest, let federated else { return Markup.element("td", [], Figures.none) }
        let value = federated - guest
        let text = measure.format.text(value)
        let isZero = !text.contains { $0.isNumber && $0 != "0" }
        var looks = ""
        if let higher = measure.higherIsBetter, !isZero { looks = (value > 0) == higher ? "good" : "bad" }
        let arrow = isZero || !value.isFinite ? "" : value > 0 ? "▲ +" : "▼ "
        return Markup.text("td", [("class", looks)], Phrase(arrow + text))
    }

    /// AUC, KS and lift, or RMSE and MAE, of each model with its interval where it is known.
    private func intervals(_ learning: TrialDocument.Learning) -> [String] {
        let keys = learning.objective == "binary" ? ["auc", "ks", "lift"] : ["rmse", "mae", "r2"]
        return ReportMeasure.all(of: learning.models).filter { keys.contains($0.key) }.map { measure in
            let rows = learning.models.compactMap { model in
                model.measures[measure.key].map { value in
                    IntervalChart.Row(
                        ReportNames.model(model.name), value, interval: interval(model.measures, measure.key))
                }
            }
            let text = rows.reduce(Phrase("")) { says, row in
                (says.english.isEmpty ? says : says + ", ") + row.name + " " + Phrase(measure.format.text(row.value))
            }
            return IntervalChart(
                measure.name, summary: text, item: ReportText.models.phrase,
                value: .init(measure.name, measure.format), rows: rows
            ).figure(id: "chart-measure-\(measure.key)")
        }
    }

    private func interval(_ measures: [String: Double], _ key: String) -> ClosedRange<Double>? {
        guard let low = measures["\(key).low"], let high = measures["\(key).high"], low <= high else { return nil }
        return low...high
    }
}
