extension ReportText {
    /// Columns by their risk.
    static let scorecardTexts: [(ReportText, (String, String))] = [
        (.weights, ("Columns by risk", "特征与风险")),
        (
            .weightsNote,
            (
                "Bins of every site’s columns by the bad rate; a bin has at least 5 % of the rows, 20 bads and 20 goods. "
                    + "A positive weight of evidence is riskier than all rows together.",
                "按坏样本率对各方特征分箱；每箱至少含 5 % 的行、20 个坏样本与 20 个好样本。证据权重为正表示风险高于总体。"
            )
        ),
        (
            .onePlaceNote,
            (
                "The scorecard and its points were made in one place, for comparison.",
                "评分卡及其分值在一处计算，仅供比较。"
            )
        ),
        (
            .regressionNote,
            (
                "The scorecard was fitted between the sites in {0} passes: for sites of one group alone, since the guest sees "
                    + "the host’s part of every row’s score and with it nearly every bin.",
                "评分卡由站点之间经 {0} 轮拟合；仅限同一集团内的站点，因为发起方可见合作方对每行的部分得分，几乎等于其全部分箱。"
            )
        ),
        (
            .regressionEqualNote,
            ("Its coefficients are those of one place, bit for bit.", "其系数与集中计算逐位一致。")
        ),
        (
            .regressionDifferentNote,
            ("Its coefficients are not those of one place.", "其系数与集中计算不一致。")
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
        (.weightsOf, ("Weights of evidence by bin: {0}", "各箱证据权重：{0}")),
        (.weightsSummary, ("From {0} to {1}.", "从 {0} 到 {1}。")),
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
        (.scorecardOfAll, ("Scorecard of {0} columns in one place", "评分卡：集中计算，{0} 个特征")),
        (.scorecardBetween, ("Scorecard of {0} columns between the sites", "评分卡：站点之间，{0} 个特征")),
        (.cutoffs, ("What would be approved at each cut-off, of the test rows", "测试集上各截断分的通过情况")),
        (.approvedFrom, ("Approved from", "通过分数")),
        (.approvalRate, ("Approved", "通过率")),
        (.badsCaught, ("Bads rejected", "拒绝的坏样本占比")),
        (.goodsLost, ("Goods rejected", "拒绝的好样本占比")),
        (.selection, ("Decisions about columns", "特征筛选决定")),
        (
            .selectionSummary,
            ("Decisions about columns: {0} of {1} are kept", "特征筛选决定：{1} 个中保留 {0} 个")
        ),
        (.rule, ("Rule", "规则")),
        (.limit, ("Limit", "界限")),
        (.decision, ("Decision", "决定")),
        (.reason, ("Reason", "原因")),
        (.kept, ("keeps", "保留")),
        (.dropped, ("drops", "剔除")),
    ]
}
