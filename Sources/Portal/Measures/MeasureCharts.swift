import Charts

/// Curves of one evaluation or of several in one picture.
struct MeasureCharts {
    let all: [Evaluation]
    /// Before the ids of the charts, where a page has several sets.
    var prefix = "evaluation"

    /// Every chart that the figures give, two beside each other where there is room.
    var html: HTML {
        let charts = self.charts
        return tag("div", .class("grid")) {
            for (name, chart) in charts {
                tag("div", .class("card")) { figure(chart, id: "\(prefix)-\(name)") }
            }
        }
    }

    /// By the names that their ids have.
    var charts: [(name: String, chart: any Chart)] {
        let found: [(String, (any Chart)?)] = [
            ("roc", roc), ("ks", ks), ("gain", gain), ("lift", lift), ("calibration", calibration),
        ]
        return found.compactMap { name, chart in chart.map { (name, $0) } }
    }

    private static func axis(_ words: Words, _ format: ValueFormat = .percent, zero: Bool = true)
        -> PlotChart.Axis
    {
        PlotChart.Axis(words.phrase, format, includesZero: zero)
    }

    private static let random = Words("random", "随机")
    private static let predicted = Words("Predicted", "预测值")

    /// `task: 0.812, other: 0.790`, by one measure.
    private func values(_ key: String) -> Phrase {
        Phrase(
            all.compactMap { one in
                one.measures[key].map {
                    all.count == 1 ? Figures.fixed($0, 3) : "\(one.name): \(Figures.fixed($0, 3))"
                }
            }.joined(separator: ", "))
    }

    private var roc: PlotChart? {
        let series = all.filter { $0.curve.count > 1 }.map { one in
            PlotChart.Series(Phrase(one.name), points: one.curve.map { .init(x: $0.others, y: $0.events) })
        }
        guard !series.isEmpty else { return nil }
        return PlotChart(
            Words("ROC curve", "ROC 曲线").phrase,
            summary: Words(
                "The further from the dashed line, the better good and bad are told apart. AUC {0}.",
                "曲线离虚线越远，好坏区分越好。AUC {0}。"
            ).phrase.filled(values("auc")),
            x: Self.axis(Words("Share of goods at or above the score", "分值以上好样本占比")),
            y: Self.axis(Words("Share of bads at or above the score", "分值以上坏样本占比")), series: series,
            references: [.init(Self.random.phrase, from: .init(x: 0, y: 0), to: .init(x: 1, y: 1))],
            height: 400)
    }

    /// Both distributions of one; of several the distance of each, whose highest point is KS.
    private var ks: PlotChart? {
        let known = all.filter { $0.curve.count > 1 }
        return known.count > 1 ? distances(known) : known.first.flatMap(distributions)
    }

    private func distances(_ known: [Evaluation]) -> PlotChart {
        PlotChart(
            Words("Kolmogorov–Smirnov", "KS 曲线").phrase,
            summary: Words(
                "Bads less goods among the rows above each place in the order; the highest point is KS: {0}.",
                "按预测值从高到低，各位置以上坏样本占比减好样本占比；最高点即 KS：{0}。"
            ).phrase.filled(values("ks")),
            x: Self.axis(Words("Share of rows, highest predictions first", "按预测值从高到低的行占比")),
            y: Self.axis(Words("Bads less goods", "坏样本占比减好样本占比")),
            series: known.map { one in
                .init(Phrase(one.name), points: one.curve.map { .init(x: $0.rows, y: $0.events - $0.others) })
            }, height: 400)
    }

    private func distributions(_ one: Evaluation) -> PlotChart? {
        guard let widest = one.curve.max(by: { abs($0.others - $0.events) < abs($1.others - $1.events) })
        else { return nil }
        return PlotChart(
            Words("Kolmogorov–Smirnov", "KS 曲线").phrase,
            summary: Words(
                "The largest distance between goods and bads is {0}.", "好坏样本累计分布的最大距离为 {0}。"
            ).phrase.filled(Phrase(Figures.fixed(one.measures["ks"] ?? abs(widest.others - widest.events), 3))),
            x: .init(Self.predicted.phrase), y: Self.axis(Words("Share at or above the score", "分值以上占比")),
            series: [
                .init(
                    Words("Bads", "坏样本").phrase, points: one.curve.map { .init(x: $0.score, y: $0.events) }),
                .init(
                    Words("Goods", "好样本").phrase, points: one.curve.map { .init(x: $0.score, y: $0.others) }),
            ],
            references: [
                .init(
                    Words("largest distance", "最大距离").phrase, from: .init(x: widest.score, y: widest.events),
                    to: .init(x: widest.score, y: widest.others))
            ], height: 400)
    }

    private var gain: PlotChart? {
        let series = all.filter { !$0.bands.isEmpty }.map { one in
            let rows = max(1, one.bands.reduce(0) { $0 + $1.rows })
            var seen = 0.0
            let points = one.bands.map { band in
                seen += band.rows
                return PlotChart.Point(x: seen / rows, y: band.gain)
            }
            return PlotChart.Series(
                Phrase(one.name), .lineWithMarkers, points: [.init(x: 0, y: 0)] + points)
        }
        guard !series.isEmpty, let first = all.first(where: { !$0.bands.isEmpty })?.bands.first else {
            return nil
        }
        return PlotChart(
            Words("Gain", "增益图").phrase,
            summary: Words(
                "The tenth with the highest predictions holds {0} of the bads.", "预测值最高的十分之一包含 {0} 的坏样本。"
            ).phrase.filled(Phrase(Figures.percent(first.gain))),
            x: Self.axis(Words("Share of rows, highest predictions first", "按预测值从高到低的行占比")),
            y: Self.axis(Words("Share of bads", "坏样本占比")), series: series,
            references: [.init(Self.random.phrase, from: .init(x: 0, y: 0), to: .init(x: 1, y: 1))],
            height: 360)
    }

    private var lift: BarChart? {
        let known = all.filter { !$0.bands.isEmpty }
        guard let most = known.map(\.bands.count).max() else { return nil }
        return BarChart(
            Words("Lift by tenths", "分段提升度").phrase,
            summary: Words(
                "How many times the overall share of bads each tenth has.", "各十分段坏样本占比相对整体的倍数。"
            ).phrase,
            category: Words("Tenth, highest first", "十分段（从高到低）").phrase,
            categories: (1...most).map { Phrase("\($0)") },
            value: .init(Words("Lift", "提升度").phrase, .fixed(2), includesZero: true),
            series: known.map { .init(Phrase($0.name), $0.bands.map(\.lift)) },
            reference: (Words("no lift", "无提升").phrase, 1), height: 360)
    }

    private var calibration: PlotChart? {
        let series = all.filter { !$0.calibration.isEmpty }.map {
            PlotChart.Series(Phrase($0.name), .lineWithMarkers, points: $0.calibration)
        }
        guard !series.isEmpty else { return nil }
        return PlotChart(
            Words("Calibration", "校准曲线").phrase,
            summary: Words(
                "On the dashed line what was predicted came about exactly.", "落在虚线上表示预测与实际完全一致。"
            ).phrase,
            x: Self.axis(Self.predicted), y: Self.axis(Words("Observed", "实际值")), series: series,
            references: [
                .init(Words("perfect", "完全一致").phrase, from: .init(x: 0, y: 0), to: .init(x: 1, y: 1))
            ],
            height: 400)
    }
}
