import Charts
import Resources

/// How good predictions are, as `/jobs/:name/evaluation` tells it.
struct Evaluation: Sendable {
    struct Band: Sendable {
        let rows: Double
        let rate: Double
        let lift: Double
        let gain: Double
    }

    /// Of what: a job and its task.
    let name: String
    let measures: [String: Double]
    let bands: [Band]
    /// Mean prediction and share of events of bands of equal width.
    let calibration: [PlotChart.Point]
    /// What lies at and above a score, the highest first: shares of all rows, of bads and of goods.
    let curve: [(score: Double, rows: Double, events: Double, others: Double)]

    init(_ json: JSONValue, name: String) {
        self.name = name
        measures = (json["measures"]?.object ?? [:]).compactMapValues(\.number)
        func list(_ member: String) -> [JSONValue] { json[member]?.array ?? [] }
        func number(_ value: JSONValue, _ member: String) -> Double { value[member]?.number ?? .nan }
        bands = list("bands").map {
            Band(
                rows: number($0, "rows"), rate: number($0, "rate"), lift: number($0, "lift"),
                gain: number($0, "gain"))
        }
        calibration = list("calibration").map {
            .init(x: number($0, "predicted"), y: number($0, "observed"))
        }
        curve = list("curve").map {
            (number($0, "score"), number($0, "rows"), number($0, "events"), number($0, "others"))
        }
    }

    /// What measures are called; others keep the names that the program gives them.
    static let names: [(key: String, words: Words)] = [
        ("auc", Words("Area under the curve (AUC)", "曲线下面积 (AUC)")),
        ("auc.low", Words("AUC, lower bound (95%)", "AUC 下限 (95%)")),
        ("auc.high", Words("AUC, upper bound (95%)", "AUC 上限 (95%)")),
        ("gini", Words("Gini", "基尼系数")),
        ("ks", Words("Kolmogorov–Smirnov (KS)", "KS 值")),
        ("ks.location", Words("Score of the largest distance", "KS 所在分值")),
        ("average_precision", Words("Average precision", "平均精确率")),
        ("brier", Words("Brier score", "Brier 分数")),
        ("log_loss", Words("Log loss", "对数损失")),
        ("calibration_error", Words("Calibration error", "校准误差")),
        ("accuracy", Words("Accuracy at 0.5", "准确率 (0.5)")),
        ("precision", Words("Precision at 0.5", "精确率 (0.5)")),
        ("recall", Words("Recall at 0.5", "召回率 (0.5)")),
        ("rmse", Words("Root mean squared error", "均方根误差")),
        ("mae", Words("Mean absolute error", "平均绝对误差")),
        ("bias", Words("Bias", "偏差")),
        ("r2", Words("R²", "R²")),
        ("events", Words("Events", "坏样本数")),
        ("rows", Words("Rows", "行数")),
    ]

    /// - Returns: nil for a measure that has no name of its own.
    static func words(_ key: String) -> Words? { names.first { $0.key == key }?.words }

    /// A measure's value: whole numbers as they are, others with four decimals.
    static func shown(_ value: Double) -> HTML {
        guard value.isFinite else { return plain("–") }
        if value == value.rounded(), value.magnitude >= 2, value.magnitude < 1e15 {
            return number(Int64(value))
        }
        return number(value, decimals: 4)
    }

    /// The measures of one or several evaluations side by side: the known ones in their order, then others by name.
    static func table(_ all: [Evaluation]) -> HTML {
        let known = names.map(\.key).filter { key in all.contains { $0.measures[key] != nil } }
        return table(all.map { ($0.name, $0.measures) }, keys: known)
    }

    /// Figures by name, in columns by what they are of.
    static func table(_ columns: [(name: String, figures: [String: Double])], keys: [String]) -> HTML {
        Table(
            Words("Measures", "指标"),
            [.init(Words("Measure", "指标"))]
                + columns.map { .init(Words($0.name, $0.name), isNumber: true) },
            rows: keys.map { key in
                [words(key).map { HTML($0) } ?? plain(key)]
                    + columns.map { column in column.figures[key].map(shown) ?? plain("–") }
            }
        ).html
    }
}
