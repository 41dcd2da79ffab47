extension ReportText {
    /// The charts of the models.
    static let curveTexts: [(ReportText, (String, String))] = [
        (.curves, ("How well the models tell", "模型表现")),
        (
            .curvesNote,
            (
                "Each chart has its numbers below it. Where one model is shown, it is the {0} one.",
                "每张图下方附有数据。仅显示一个模型时，为“{0}”模型。"
            )
        ),
        (.roc, ("ROC curve", "ROC 曲线")),
        (
            .rocSummary,
            ("Events found against others taken for events. {0}", "命中的事件比例与误判比例的关系。{0}")
        ),
        (.falsePositives, ("False positive rate", "假阳性率")),
        (.truePositives, ("True positive rate", "真阳性率")),
        (.random, ("random order", "随机排序")),
        (.ks, ("Kolmogorov-Smirnov", "KS 曲线")),
        (
            .ksSummary,
            (
                "Share of events and of others with at most a score. They are furthest apart, by {0}, at {1}.",
                "得分不超过某值的事件与非事件的累计占比。在 {1} 处相差最大，为 {0}。"
            )
        ),
        (.score, ("Score", "得分")),
        (.cumulative, ("Cumulative share", "累计占比")),
        (.events, ("Events", "事件")),
        (.others, ("Others", "非事件")),
        (.largestGap, ("largest distance", "最大差距")),
        (.gain, ("Cumulative gain", "累计增益")),
        (
            .gainSummary,
            (
                "Share of all events among the rows with the highest scores. {0}",
                "得分最高的若干行中所含事件占全部事件的比例。{0}"
            )
        ),
        (.shareOfRows, ("Share of rows, highest scores first", "行占比（按得分从高到低）")),
        (.shareOfEvents, ("Share of events", "事件占比")),
        (.lift, ("Lift by tenth", "分段提升度")),
        (
            .liftSummary,
            (
                "How many times as many events a tenth of the rows has as all rows; tenth 1 has the highest scores.",
                "每十分之一行的事件率相对整体的倍数；第 1 段得分最高。"
            )
        ),
        (.band, ("Tenth of the rows", "十分位")),
        (.liftValue, ("Lift", "提升度")),
        (.noLift, ("average", "平均水平")),
        (.calibration, ("Calibration", "校准曲线")),
        (
            .calibrationSummary,
            ("What was predicted against what happened, by groups of rows.", "各组行的预测值与实际值。")
        ),
        (.predicted, ("Predicted", "预测值")),
        (.observed, ("Observed", "实际值")),
        (.perfect, ("perfect", "理想情形")),
        (.scores, ("Distribution of scores", "得分分布")),
        (
            .scoresSummary,
            (
                "Share of the events, and of the others, in each band of the predicted probability.",
                "各预测概率区间中事件与非事件各自的占比。"
            )
        ),
        (.shareOfClass, ("Share of each", "各类占比")),
        (.predictions, ("Distribution of predictions", "预测值分布")),
        (.predictionsSummary, ("How many rows have a prediction in each band.", "各预测值区间的行数。")),
        (.count, ("Rows", "行数")),
        (.scatter, ("Prediction and truth", "预测值与真实值")),
        (.scatterSummary, ("{0} of the test rows, a point each.", "{0} 行测试数据，每行一个点。")),
        (.label, ("Label", "标签")),
        (.importance, ("What the model looks at", "模型关注的特征")),
        (
            .importanceNote,
            (
                "By the gain of all splits of a column. A party’s columns have their names only where the trial may show them.",
                "按某列全部分裂的增益计算。仅在试运行允许时才显示各方的列名。"
            )
        ),
        (.importanceOf, ("Columns by gain", "按增益排序的特征")),
        (
            .importanceSummary,
            ("{0} is first with {1} of all gain.", "{0} 居首，占全部增益的 {1}。")
        ),
        (.importanceByParty, ("Gain by party", "各方的增益占比")),
        (
            .importanceByPartySummary,
            ("How much of the gain comes from whose columns.", "全部增益中来自各方特征的比例。")
        ),
        (.column, ("Column", "特征")),
        (.party, ("Party", "参与方")),
        (.gainShare, ("Share of gain", "增益占比")),
        (.columnCount, ("{0} columns", "{0} 个特征")),
        (
            .moreColumns,
            ("{0} more columns with {1} of the gain are in the JSON file.", "另有 {0} 个特征，占增益的 {1}，见 JSON 文件。")
        ),
        (.trees, ("Trees", "决策树")),
        (
            .treesNote,
            (
                "Each box says the question, and whose column it asks; rounded ends hold what the tree adds to the score.",
                "方框内为分裂条件及其所属方；圆角框为该树对得分的贡献。"
            )
        ),
        (.treesMore, ("{0} of {1} trees are drawn; all are in the JSON file.", "共 {1} 棵树，此处绘制 {0} 棵；全部见 JSON 文件。")),
        (.tree, ("Tree {0}", "第 {0} 棵树")),
        (.treeSummary, ("{0} splits and {1} leaves.", "{0} 个分裂节点，{1} 个叶节点。")),
        (.splitAt, ("{0}: hidden", "{0}：保密")),
        (.nodeRows, ("{0} rows", "{0} 行")),
        (.yes, ("yes", "是")),
        (.no, ("no", "否")),
    ]
}
