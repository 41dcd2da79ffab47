import Charts

extension ReportPage {
    var curves: String {
        guard let learning = document.learning, let main = findings.main else { return "" }
        let figures =
            learning.objective == "binary"
            ? [roc(learning), ks(main), gain(learning), lift(learning), calibration(learning), scores(main)]
            : [scatter(main), calibration(learning), predictions(main)]
        return section("curves", .curves, ReportText.curvesNote.filled(ReportNames.model(main.name)), grid(figures))
    }

    /// `Guest alone 0.742, Federated 0.781`.
    private func values(_ learning: TrialDocument.Learning, _ key: String, _ format: ValueFormat) -> Phrase {
        let known = learning.models.compactMap { model in
            model.measures[key].map { ReportNames.model(model.name) + " " + Phrase(format.text($0)) }
        }
        return known.reduce(Phrase("")) { ($0.english.isEmpty ? $0 : $0 + ", ") + $1 }
    }

    private func roc(_ learning: TrialDocument.Learning) -> String {
        let series = learning.models.filter { !$0.roc.isEmpty }.map { model in
            PlotChart.Series(ReportNames.model(model.name), points: model.roc.map { .init(x: $0.x, y: $0.y) })
        }
        guard !series.isEmpty else { return "" }
        return PlotChart(
            ReportText.roc.phrase,
            summary: ReportText.rocSummary.filled(Phrase("AUC: ") + values(learning, "auc", .fixed(3))),
            x: .init(ReportText.falsePositives.phrase, .percent, includesZero: true),
            y: .init(ReportText.truePositives.phrase, .percent, includesZero: true), series: series,
            references: [.init(ReportText.random.phrase, from: .init(x: 0, y: 0), to: .init(x: 1, y: 1))],
            height: 400
        ).figure(id: "chart-roc")
    }

    private func ks(_ model: TrialDocument.Model) -> String {
        let points = model.ks.filter { $0.events.isFinite && $0.others.isFinite }
        guard let widest = points.max(by: { abs($0.others - $0.events) < abs($1.others - $1.events) }) else {
            return ""
        }
        return PlotChart(
            ReportText.ks.phrase,
            summary: ReportText.ksSummary.filled(
                number(model.measures["ks"] ?? abs(widest.others - widest.events), .fixed(3)),
                number(model.measures["ks.location"] ?? widest.score)),
            x: .init(ReportText.score.phrase), y: .init(ReportText.cumulative.phrase, .percent, includesZero: true),
            series: [
                .init(ReportText.events.phrase, points: points.map { .init(x: $0.score, y: $0.events) }),
                .init(ReportText.others.phrase, points: points.map { .init(x: $0.score, y: $0.others) }),
            ],
            references: [
                .init(
                    ReportText.largestGap.phrase, from: .init(x: widest.score, y: widest.events),
                    to: .init(x: widest.score, y: widest.others))
            ],
            height: 400
        ).figure(id: "chart-ks")
    }

    private func gain(_ learning: TrialDocument.Learning) -> String {
        let series = learning.models.filter { !$0.bands.isEmpty }.map { model in
            let all = Double(max(1, model.bands.reduce(0) { $0 + $1.rows }))
            var rows = 0.0
            let points = model.bands.map { band in
                rows += Double(band.rows)
                return PlotChart.Point(x: rows / all, y: band.gain)
            }
            return PlotChart.Series(
                ReportNames.model(model.name), .lineWithMarkers, points: [.init(x: 0, y: 0)] + points)
        }
        guard !series.isEmpty else { return "" }
        let first = learning.models.compactMap { model in
            model.bands.first.map { ReportNames.model(model.name) + " " + Phrase(Figures.percent($0.gain)) }
        }.reduce(Phrase("")) { ($0.english.isEmpty ? $0 : $0 + ", ") + $1 }
        return PlotChart(
            ReportText.gain.phrase,
            summary: ReportText.gainSummary.filled(Phrase("10%: ") + first),
            x: .init(ReportText.shareOfRows.phrase, .percent, includesZero: true),
            y: .init(ReportText.shareOfEvents.phrase, .percent, includesZero: true), series: series,
            references: [.init(ReportText.random.phrase, from: .init(x: 0, y: 0), to: .init(x: 1, y: 1))],
            height: 360
        ).figure(id: "chart-gain")
    }

    private func lift(_ learning: TrialDocument.Learning) -> String {
        let models = learning.models.filter { !$0.bands.isEmpty }
        guard let most = models.map(\.bands.count).max() else { return "" }
        return BarChart(
            ReportText.lift.phrase, summary: ReportText.liftSummary.phrase, category: ReportText.band.phrase,
            categories: (1...most).map { Phrase("\($0)") },
            value: .init(ReportText.liftValue.phrase, .fixed(2), includesZero: true),
            series: models.map { .init(ReportNames.model($0.name), $0.bands.map(\.lift)) },
            reference: (ReportText.noLift.phrase, 1), height: 360
        ).figure(id: "chart-lift-bands")
    }

    private func calibration(_ learning: TrialDocument.Learning) -> String {
        let series = learning.models.filter { !$0.calibration.isEmpty }.map { model in
            PlotChart.Series(
                ReportNames.model(model.name), .lineWithMarkers,
                points: model.calibration.map { .init(x: $0.predicted, y: $0.observed) })
        }
        let isBinary = learning.objective == "binary"
        let values = series.flatMap(\.points).flatMap { [$0.x, $0.y] }.filter(\.isFinite) + (isBinary ? [0] : [])
        guard let low = values.min(), let high = values.max(), !series.isEmpty else { return "" }
        let format: ValueFormat = isBinary ? .percent : .number
        return PlotChart(
            ReportText.calibration.phrase, summary: ReportText.calibrationSummary.phrase,
            x: .init(ReportText.predicted.phrase, format), y: .init(ReportText.observed.phrase, format), series: series,
            references: [.init(ReportText.perfect.phrase, from: .init(x: low, y: low), to: .init(x: high, y: high))],
            height: 400
        ).figure(id: "chart-calibration")
    }

    private func scores(_ model: TrialDocument.Model) -> String {
        let bars = model.histogram
        guard let last = bars.last else { return "" }
        func series(_ name: ReportText, _ count: (TrialDocument.Bar) -> Int) -> PlotChart.Series {
            let all = Double(max(1, bars.map(count).reduce(0, +)))
            let points = bars.map { PlotChart.Point(x: $0.low, y: Double(count($0)) / all) }
            return .init(name.phrase, .area, points: points + [.init(x: last.high, y: points.last?.y ?? 0)])
        }
        return PlotChart(
            ReportText.scores.phrase, summary: ReportText.scoresSummary.phrase,
            x: .init(ReportText.predicted.phrase, .percent),
            y: .init(ReportText.shareOfClass.phrase, .percent, includesZero: true),
            series: [series(.events, \.events), series(.others, \.others)], height: 400
        ).figure(id: "chart-scores")
    }

    private func predictions(_ model: TrialDocument.Model) -> String {
        guard !model.histogram.isEmpty else { return "" }
        return BarChart(
            ReportText.predictions.phrase, summary: ReportText.predictionsSummary.phrase,
            category: ReportText.predicted.phrase, categories: model.histogram.map { Phrase(Figures.short($0.low)) },
            value: .init(ReportText.count.phrase, .number, includesZero: true),
            series: [
                .init(ReportNames.model(model.name), model.histogram.map { Double($0.events) + Double($0.others) })
            ], height: 400
        ).figure(id: "chart-predictions")
    }

    private func scatter(_ model: TrialDocument.Model) -> String {
        let points = model.scatter.filter { $0.x.isFinite && $0.y.isFinite }
        let values = points.flatMap { [$0.x, $0.y] }
        guard let low = values.min(), let high = values.max() else { return "" }
        return PlotChart(
            ReportText.scatter.phrase, summary: ReportText.scatterSummary.filled(Phrase(Figures.count(points.count))),
            x: .init(ReportText.predicted.phrase), y: .init(ReportText.label.phrase),
            series: [.init(ReportNames.model(model.name), .markers, points: points.map { .init(x: $0.x, y: $0.y) })],
            references: [.init(ReportText.perfect.phrase, from: .init(x: low, y: low), to: .init(x: high, y: high))],
            height: 400
        ).figure(id: "chart-scatter")
    }
}
