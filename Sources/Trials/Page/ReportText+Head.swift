extension ReportText {
    /// The head of the page and the comparison of the models.
    static let headTexts: [(ReportText, (String, String))] = [
        (.report, ("Trial report", "试运行报告")),
        (.held, ("Everything held", "全部符合预期")),
        (.notHeld, ("Did not hold", "未达预期")),
        (.summary, ("What federation was worth", "联邦学习带来了什么")),
        (.wrong, ("What went wrong", "出现的问题")),
        (.notAsExpected, ("Not as expected", "未达预期的项目")),
        (.found, ("found {0}", "实际为 {0}")),
        (
            .better,
            (
                "With the partners’ columns the model ranks better: AUC {0} instead of {1}, on {2} test rows.",
                "加入合作方的特征后，模型的排序能力更强：在 {2} 行测试数据上，AUC 从 {1} 升至 {0}。"
            )
        ),
        (
            .worse,
            (
                "With the partners’ columns the model ranks worse: AUC {0} instead of {1}, on {2} test rows.",
                "加入合作方的特征后，模型的排序能力反而变弱：在 {2} 行测试数据上，AUC 从 {1} 降至 {0}。"
            )
        ),
        (
            .unclear,
            (
                "With the partners’ columns AUC is {0}, without them {1}; on {2} test rows that may still be chance.",
                "加入合作方的特征后 AUC 为 {0}，发起方单独建模为 {1}；就 {2} 行测试数据而言，差别仍可能出于偶然。"
            )
        ),
        (
            .betterNumbers,
            (
                "With the partners’ columns the model errs less: RMSE {0} instead of {1}, on {2} test rows.",
                "加入合作方的特征后，模型误差更小：在 {2} 行测试数据上，RMSE 从 {1} 降至 {0}。"
            )
        ),
        (
            .worseNumbers,
            (
                "With the partners’ columns the model errs more: RMSE {0} instead of {1}, on {2} test rows.",
                "加入合作方的特征后，模型误差反而更大：在 {2} 行测试数据上，RMSE 从 {1} 升至 {0}。"
            )
        ),
        (
            .unclearNumbers,
            (
                "With the partners’ columns RMSE is {0}, without them {1}; on {2} test rows that may still be chance.",
                "加入合作方的特征后 RMSE 为 {0}，发起方单独建模为 {1}；就 {2} 行测试数据而言，差别仍可能出于偶然。"
            )
        ),
        (
            .allHeld,
            ("{0} sites ran together, and everything that was expected of them held.", "{0} 个站点协同运行，所有预期均已满足。")
        ),
        (
            .someFailed,
            (
                "{0} sites ran together, and not everything that was expected of them held.",
                "{0} 个站点协同运行，但并非所有预期都得到满足。"
            )
        ),
        (
            .nothingMeasured,
            ("The models of this trial could not be compared.", "本次试运行的模型无法比较。")
        ),
        (.upliftAUC, ("AUC gained by federation", "联邦带来的 AUC 提升")),
        (.upliftRMSE, ("RMSE saved by federation", "联邦减少的 RMSE")),
        (.interval, ("95% interval {0} to {1}", "95% 置信区间 {0} 至 {1}")),
        (
            .independent,
            (
                "95% interval {0} to {1}, as if measured on different rows: the true one is narrower",
                "95% 置信区间 {0} 至 {1}（按独立样本估计，真实区间更窄）"
            )
        ),
        (.sameModel, ("Same model as in one place?", "与集中训练的模型相同？")),
        (.equal, ("Identical", "完全相同")),
        (.different, ("Different", "不相同")),
        (
            .equalNote,
            ("bit for bit: digest {0} on both ways", "逐位一致：两种方式的摘要均为 {0}")
        ),
        (.differentNote, ("digest {0} between the sites, {1} in one place", "联邦训练摘要 {0}，集中训练摘要 {1}")),
        (.noDigest, ("no digest of both was taken", "未同时取得两者的摘要")),
        (.time, ("Time of the whole trial", "试运行总用时")),
        (.ofWhichTraining, ("of which {0} for training", "其中训练 {0}")),
        (.expectations, ("Expectations", "预期")),
        (.ofHeld, ("{0} of {1} held", "{1} 项中 {0} 项符合")),
        (.sites, ("Sites", "站点")),
        (.routesPassed, ("{0} of {1} routes pass", "{1} 条路由中 {0} 条通过")),

        (.models, ("Models side by side", "模型对比")),
        (
            .modelsNote,
            (
                "Three models with the same settings, measured on the same {0} rows that none of them learnt from: the guest’s "
                    + "columns alone; all parties’ columns, trained between the sites; all columns in one place, which is "
                    + "only possible in a trial.",
                "三个模型使用相同的设置，并在相同的、均未参与训练的 {0} 行数据上测量：仅发起方的特征；各方特征在站点之间联合训练；"
                    + "全部特征集中于一处训练（仅在试运行中可行）。"
            )
        ),
        (.measure, ("Measure", "指标")),
        (.difference, ("Federated − guest", "联邦 − 仅发起方")),
        (.higherIsBetter, ("higher is better", "越高越好")),
        (.lowerIsBetter, ("lower is better", "越低越好")),
        (.guest, ("Guest alone", "仅发起方")),
        (.federated, ("Federated", "联邦")),
        (.centralised, ("In one place", "集中训练")),
    ]
}
