/// What operators, their roles and their parameters are called. What operators say of themselves is in `OperatorTexts`.
enum OperatorWords {
    enum Group: String, CaseIterable {
        case align, features, train, score, evaluate, check, other

        var words: Words {
            switch self {
            case .align: Words("Common rows", "样本对齐")
            case .features: Words("Bins and selection of columns", "分箱与变量筛选")
            case .train: Words("Training", "训练")
            case .score: Words("Scoring", "评分")
            case .evaluate: Words("Evaluation and comparison", "评估与对比")
            case .check: Words("Checks of sites and links", "站点与链路检测")
            case .other: Words("Others", "其他")
            }
        }
    }

    static let groups: [String: Group] = [
        "align": .align, "bin": .features, "woe": .features, "woe.apply": .features, "select": .features,
        "select.signs": .features, "train.boosting": .train, "train.logistic": .train, "model.join": .train,
        "predict": .score, "predict.logistic": .score, "evaluate": .evaluate, "evaluate.points": .evaluate,
        "baseline.boosting": .evaluate, "verify": .check, "noop": .check,
    ]

    static let roles: [String: Words] = [
        "guest": Words("guest", "发起方"), "host": Words("host", "数据方"), "member": Words("member", "成员"),
    ]

    static func role(_ name: String?) -> HTML {
        roles[name ?? ""].map { HTML($0) } ?? plain(name ?? "")
    }

    static let titles: [String: Words] = [
        "align": Words("Find common rows", "样本对齐（求交）"), "bin": Words("Bins by quantiles", "分位数分箱"),
        "woe": Words("Weights of evidence between sites", "跨站点证据权重 (WOE)"),
        "woe.apply": Words("Columns as weights of evidence", "变量转换为证据权重"),
        "select": Words("Select columns", "变量筛选"), "select.signs": Words("Drop columns of the wrong sign", "剔除符号相反的变量"),
        "train.boosting": Words("Boosted trees between sites", "跨站点提升树"),
        "train.logistic": Words("Logistic regression between sites", "跨站点逻辑回归"),
        "model.join": Words("Bring a model's parts together", "合并模型各方部分"),
        "predict": Words("Score with trees", "提升树评分"),
        "predict.logistic": Words("Score in points", "评分卡打分"), "evaluate": Words("Measure predictions", "预测评估"),
        "evaluate.points": Words("Cut-offs and swap set", "阈值与置换集"),
        "baseline.boosting": Words("Trees of the own columns alone", "仅用本方变量的提升树"),
        "verify": Words("Measure sites and links", "测量站点与链路"), "noop": Words("Nothing, to try out jobs", "空操作（试运行）"),
    ]

    static let parameters: [String: Words] = [
        "guestDataset": Words("Dataset of the guest", "发起方数据集"), "hostDataset": Words("Dataset of the host", "数据方数据集"),
        "hostDatasets": Words("Datasets of the hosts", "数据方数据集"),
        "guestKey": Words("Id columns of the guest", "发起方标识列"),
        "hostKey": Words("Id columns of the host", "数据方标识列"), "hostKeys": Words("Id columns of the hosts", "数据方标识列"),
        "rules": Words("How ids are made alike", "标识规整规则"), "label": Words("Label", "标签列"),
        "weight": Words("Weights", "权重列"), "guestColumns": Words("Columns of the guest", "发起方变量"),
        "hostColumns": Words("Columns of the hosts", "数据方变量"), "rows": Words("Rows", "行数"),
        "test": Words("Tenths left out", "留作测试的十分之几"), "objective": Words("Objective", "目标"),
        "trees": Words("Trees", "树的数量"), "depth": Words("Depth", "深度"), "rate": Words("Learning rate", "学习率"),
        "bins": Words("Most bins", "最多箱数"), "binRows": Words("Fewest rows of a bin", "每箱最少行数"),
        "l1": Words("L1 penalty", "L1 惩罚"), "l2": Words("L2 penalty", "L2 惩罚"),
        "minimumGain": Words("Least gain of a split", "最小分裂增益"), "rowShare": Words("Share of rows", "行采样比例"),
        "columnShare": Words("Share of columns", "列采样比例"), "seed": Words("Seed", "随机种子"),
        "validationShare": Words("Share that validates", "验证集比例"), "patience": Words("Patience", "早停轮数"),
        "cellGuard": Words("Fewest rows of a sum", "求和的最少行数"), "keyBits": Words("Bits of the key", "密钥位数"),
        "profile": Words("Processors", "处理器共享情况"), "model": Words("Model", "模型"), "part": Words("Which rows", "哪些行"),
        "woe": Words("Weights of evidence", "证据权重"), "selection": Words("Selection", "筛选结果"),
        "iv": Words("Lowest information value", "最低信息值"), "correlation": Words("Highest correlation", "最高相关系数"),
        "vif": Words("Highest variance inflation", "最高方差膨胀因子"),
        "stability": Words("Highest stability index", "最高稳定性指数"),
        "missing": Words("Highest share missing", "最高缺失率"), "concentration": Words("Highest concentration", "最高集中度"),
        "rule": Words("Rule of bins", "分箱规则"), "trend": Words("Trend", "趋势"), "rounds": Words("Round trips", "往返次数"),
        "frames": Words("Frames", "帧数"), "dataset": Words("Dataset", "数据集"), "prediction": Words("Predictions", "预测列"),
        "scores": Words("Scores", "评分数据集"), "key": Words("Id columns", "标识列"), "score": Words("Score", "评分列"),
    ]

    /// Words that stand for themselves in documents.
    static let choices: [String: Words] = [
        "binary": Words("binary: a probability", "binary：概率"), "squared": Words("squared: a number", "squared：数值"),
        "shared": Words("shared with other programs", "与其他程序共享"), "dedicated": Words("dedicated to Atoll", "Atoll 专用"),
        "true": Words("yes", "是"), "false": Words("no", "否"), "all": Words("all", "全部"),
        "test": Words("those left out (test)", "留出的样本 (test)"), "learnt": Words("those learnt from", "训练样本"),
        "both": Words("both", "双方"), "guest-only": Words("the guest alone", "仅发起方"),
        "size-only": Words("only how many", "仅数量"),
        "optimal": Words("optimal", "最优"), "quantiles": Words("quantiles", "等频"),
        "equalWidth": Words("equal width", "等宽"),
        "monotone": Words("monotone", "单调"), "rising": Words("rising", "递增"), "falling": Words("falling", "递减"),
        "free": Words("free", "不限"), "path": Words("path", "path：逐层询问"), "bits": Words("bits", "bits：一次告知"),
        "chiMerge": Words("chiMerge", "chiMerge：卡方合并"),
    ]
}
