import Charts
import Resources

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
