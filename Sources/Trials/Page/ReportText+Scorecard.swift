extension ReportText {
    /// Columns by their risk.
    static let scorecardTexts: [(ReportText, (String, String))] = [
        (.weights, ("Columns by risk", "特征与风险")),
        (
            .weightsNote,
            (
                "Bins of every site’s columns by the bad rate; a bin has at least 5 % of the rows, 20 bads and 20 goods. "
                    + "A positive weight of evidence is riskier than all rows together. The scorecard and its points were made in "
                    + "one place, for comparison.",
                "按坏样本率对各方特征分箱；每箱至少含 5 % 的行、20 个坏样本与 20 个好样本。证据权重为正表示风险高于总体。评分卡及其分值在一处计算，仅供比较。"
            )
        ),
        (
            .weightsEqualNote,
            (
                "Between the sites the bins and information values are those of one place, to the bit.",
                "站点之间得到的分箱与信息值同集中计算逐位一致。"
            )
        ),
        (
            .weightsDifferentNote,
            (
                "Between the sites the bins are not those of one place.",
                "站点之间得到的分箱与集中计算不一致。"
            )
        ),
        (.informationOf, ("Information value of columns", "特征信息值")),
        (.informationSummary, ("{0} tells most, with {1}.", "{0} 的信息值最高，为 {1}。")),
        (.informationValue, ("Information value", "信息值")),
        (.bin, ("Bin", "分箱")),
        (.rowsInBin, ("Rows", "行数")),
        (.bads, ("Bads", "坏样本")),
        (.badRate, ("Bad rate", "坏样本率")),
        (.woe, ("Weight of evidence", "证据权重")),
        (.points, ("Points", "分值")),
        (.missing, ("missing", "缺失")),
        (.rising, ("risk rises with the value", "风险随取值上升")),
        (.falling, ("risk falls with the value", "风险随取值下降")),
        (.undivided, ("Without two bins of enough rows: {0}.", "无法分出两个行数足够的分箱：{0}。")),
        (.comparedModels, ("Scorecards beside boosting", "评分卡与提升树对比")),
        (.modelKind, ("Model", "模型")),
        (.areaUnderCurve, ("AUC", "AUC（曲线下面积）")),
        (.boosting, ("Boosting", "提升树")),
        (.scorecardAlone, ("Scorecard of the guest’s {0} columns", "评分卡：发起方 {0} 个特征")),
        (.scorecardOfAll, ("Scorecard of all {0} columns", "评分卡：全部 {0} 个特征")),
    ]
}
