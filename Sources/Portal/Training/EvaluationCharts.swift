import Charts
import Resources

/// Measures and curves of predictions as the API gives them, of one job or of several beside each other.
struct EvaluationCharts {
    struct Measured {
        /// What it is called beside others.
        let name: String
        let json: JSONValue

        var isBinary: Bool { json["objective"]?.string == "binary" }
        var curve: [JSONValue] { json["curve"]?.array ?? [] }
        func measure(_ name: String) -> Double? { json[path: "measures", name]?.number }
    }

    let all: [Measured]
    /// Of ids, unique in the page.
    let prefix: String

    private var binary: [Measured] { all.filter(\.isBinary) }

    var html: HTML {
        measures + (binary.isEmpty ? HTML() : tag("div", .class("grid")) { charts })
    }

    @HTMLBuilder private var charts: HTML {
        figure("roc", roc)
        figure("ks", distributions)
        figure("gain", gain)
        figure("lift", lift)
        if binary.contains(where: { !($0.json["calibration"]?.array ?? []).isEmpty }) {
            figure("calibration", calibration)
        }
    }

    private func figure(_ name: String, _ chart: some Chart) -> HTML {
        tag("div", .class("card")) { picture(chart, id: "\(prefix)-\(name)") }
    }

    // MARK: Measures

    private static let names: [(key: String, words: Words)] = [
        ("auc", Words("AUC", "AUC")), ("ks", Words("KS", "KS")), ("gini", Words("Gini", "基尼系数")),
        ("average_precision", Words("Average precision", "平均精确率")), ("log_loss", Words("Log loss", "对数损失")),
        ("brier", Words("Brier score", "Brier 分数")), ("calibration_error", Words("Calibration error", "校准误差")),
        ("rmse", Words("RMSE", "RMSE")), ("mae", Words("MAE", "MAE")), ("r2", Words("R²", "R²")),
        ("bias", Words("Bias", "偏差")),
    ]

    var measures: HTML {
        let shown = Self.names.filter { name in all.contains { $0.measure(name.key) != nil } }
        var rows = shown.map { name -> [HTML] in
            [HTML(name.words)] + all.map { one in number(one.measure(name.key), decimals: 4) }
        }
        if all.contains(where: { $0.measure("auc.low") != nil }) {
            rows.insert(
                [HTML(Words("AUC, 95% interval", "AUC 的 95% 区间"))]
                    + all.map { one in
                        guard let low = one.measure("auc.low"), let high = one.measure("auc.high") else {
                            return plain("–")
                        }
                        return plain("\(decimalText(low, 4)) – \(decimalText(high, 4))")
                    }, at: min(1, rows.count))
        }
        rows.append([HTML(Words("Rows", "行数"))] + all.map { number($0.json["rows"]?.integer ?? 0) })
        return Table(
            Words("Measures on the rows that were left out", "留出样本上的评估指标"),
            [.init(Words("Measure", "指标"))] + all.map { .init(Words($0.name, $0.name), isNumber: true) }, rows: rows
        ).html
    }

    // MARK: Curves

    private static func share(_ english: String, _ chinese: String) -> PlotChart.Axis {
        .init(Phrase(english, chinese: chinese), .percent, includesZero: true)
    }

    private func series(
        _ x: String, _ y: String, _ mark: PlotChart.Mark = .line
    ) -> [PlotChart.Series] {
        binary.map { one in
            .init(
                Phrase(one.name), mark,
                points: one.curve.compactMap { point in
                    guard let x = point[x]?.number, let y = point[y]?.number else { return nil }
                    return .init(x: x, y: y)
                })
        }
    }

    private var diagonal: PlotChart.Reference {
        .init(Phrase("random order", chinese: "随机排序"), from: .init(x: 0, y: 0), to: .init(x: 1, y: 1))
    }

    private var roc: PlotChart {
        PlotChart(
            Phrase("ROC curve", chinese: "ROC 曲线"),
            summary: Phrase(
                "How many bads are found, by how many goods are taken for bad.", chinese: "在误判不同比例好客户时，能识别多少坏客户。"),
            x: Self.share("Goods taken for bad", "误判的好客户"), y: Self.share("Bads found", "识别的坏客户"),
            series: series("others", "events"), references: [diagonal])
    }

    private var gain: PlotChart {
        PlotChart(
            Phrase("Gain", chinese: "累计增益"),
            summary: Phrase(
                "How many of all bads are among the riskiest rows.", chinese: "风险最高的样本中包含多少坏客户。"),
            x: Self.share("Rows, riskiest first", "样本（风险由高到低）"), y: Self.share("Bads found", "识别的坏客户"),
            series: series("rows", "events"), references: [diagonal])
    }

    /// The distance between both lines is KS where it is widest.
    private var distributions: PlotChart {
        PlotChart(
            Phrase("Distance of bads and goods (KS)", chinese: "好坏客户区分度 (KS)"),
            summary: Phrase(
                "Bads less goods among the rows above each place in the order; the highest point is KS.",
                chinese: "按风险排序，各位置以上坏客户占比减好客户占比；最高点即 KS。"),
            x: Self.share("Rows, riskiest first", "样本（风险由高到低）"), y: Self.share("Bads less goods", "坏客户占比减好客户占比"),
            series: binary.map { one in
                .init(
                    Phrase(one.name), .line,
                    points: one.curve.compactMap { point in
                        guard let rows = point["rows"]?.number, let events = point["events"]?.number,
                            let others = point["others"]?.number
                        else { return nil }
                        return .init(x: rows, y: events - others)
                    })
            })
    }

    private var lift: BarChart {
        let most = binary.map { ($0.json["bands"]?.array ?? []).count }.max() ?? 0
        return BarChart(
            Phrase("Lift by band", chinese: "分组提升度"),
            summary: Phrase(
                "Bad rate of equal bands of rows, riskiest first, over the rate of all.",
                chinese: "按风险由高到低等分样本，各组坏账率与整体坏账率之比。"),
            category: Phrase("Band", chinese: "分组"), categories: (0..<most).map { Phrase("\($0 + 1)") },
            value: .init(Phrase("Lift", chinese: "提升度"), includesZero: true),
            series: binary.map { one in
                let bands = one.json["bands"]?.array ?? []
                return .init(
                    Phrase(one.name), (0..<most).map { bands.indices.contains($0) ? bands[$0]["lift"]?.number : nil })
            }, reference: (Phrase("all rows", chinese: "整体"), 1))
    }

    private var calibration: PlotChart {
        PlotChart(
            Phrase("Calibration", chinese: "校准"),
            summary: Phrase(
                "What was predicted and what came, by bands of the probability.", chinese: "按预测概率分组，预测与实际坏账率的对比。"),
            x: Self.share("Predicted", "预测"), y: Self.share("Observed", "实际"),
            series: binary.map { one in
                .init(
                    Phrase(one.name), .lineWithMarkers,
                    points: (one.json["calibration"]?.array ?? []).compactMap { band in
                        guard let x = band["predicted"]?.number, let y = band["observed"]?.number else { return nil }
                        return .init(x: x, y: y)
                    })
            }, references: [diagonal])
    }
}

/// A chart with its title, its summary and its numbers, in the reader's language.
func picture(_ chart: some Chart, id: String) -> HTML {
    HTML(written: { language in
        switch language {
        case .english: chart.figure(id: id, language: .english)
        case .chinese: chart.figure(id: id, language: .chinese)
        }
    })
}

/// What a job's model is worth over another one on the same rows, in a sentence with its interval.
struct UpliftView {
    let uplift: JSONValue
    /// What the other one is.
    let other: HTML

    var html: HTML {
        let (value, low, high) = (
            uplift["value"]?.number ?? 0, uplift["low"]?.number ?? 0, uplift["high"]?.number ?? 0
        )
        let isAUC = uplift["measure"]?.string == "auc"
        let mood: Mood = low > 0 ? .good : high < 0 ? .bad : .plain
        let words =
            low > 0
            ? Words("Better than", "优于")
            : high < 0 ? Words("Worse than", "劣于") : Words("No certain difference to", "无显著差异，对比")
        let name = isAUC ? Words("AUC", "AUC") : Words("RMSE saved", "RMSE 降低")
        return tag("div", .class("uplift")) {
            tag("p") {
                state(HTML(words), mood)
                plain(" ")
                other
            }
            tag("p") {
                name
                tag("strong") { plain(" \(Figures.signed(value, 4))") }
                Words(
                    " (95% interval \(Figures.signed(low, 4)) to \(Figures.signed(high, 4)), measured on the same rows)",
                    "（95% 区间 \(Figures.signed(low, 4)) 至 \(Figures.signed(high, 4))，在相同样本上测量）")
            }
        }
    }
}
