import Charts

/// Names that the document uses, as people read them. What is not known stands as it is.
enum ReportNames {
    static func model(_ name: String) -> Phrase {
        switch name {
        case "guest": ReportText.guest.phrase
        case "federated": ReportText.federated.phrase
        case "centralised": ReportText.centralised.phrase
        default: Phrase(name)
        }
    }

    static func phase(_ name: String) -> Phrase {
        Phrase(name, chinese: phases[name])
    }

    static func role(_ name: String) -> Phrase {
        Phrase(name, chinese: ["guest": "发起方", "host": "合作方", "member": "成员"][name])
    }

    static func environment(_ name: String) -> Phrase {
        guard let (english, chinese) = environments[name] else { return Phrase(name) }
        return Phrase(english, chinese: chinese)
    }

    static func outcome(_ name: String) -> Phrase {
        Phrase(name, chinese: ["pass": "通过", "warn": "警告", "fail": "失败"][name])
    }

    /// `bits_per_row`, and `host.1.bits_per_row` for what one of several hosts told.
    static func counted(_ name: String) -> Phrase {
        for (end, text) in counts where name == end || name.hasSuffix("." + end) {
            let whose = name.dropLast(end.count + 1)
            return whose.isEmpty || whose == "label" ? text.phrase : text.phrase + Phrase(" (\(whose))")
        }
        return Phrase(name)
    }

    private static let counts: [(String, ReportText)] = [
        ("bits_per_row", .bitsPerRow), ("separation", .separation), ("sums", .sums), ("common", .commonIDs),
        ("splits", .ownSplits), ("fine_bins", .fineBinsSeen), ("bins", .ratesSeen),
        ("scores_per_row", .partialScoresSeen), ("residual_sums", .residualSumsSeen),
    ]

    /// Of a selection of columns.
    static func rule(_ name: String) -> Phrase { Phrase(name, chinese: rules[name]) }

    private static let rules = [
        "bins": "分箱", "missing": "缺失率", "concentration": "集中度", "iv": "信息值", "stability": "稳定性",
        "correlation": "相关性", "vif": "方差膨胀", "sign": "系数符号", "manual": "人工",
    ]

    private static let phases = [
        "deploy": "部署", "check": "检查", "measure": "测量", "upload": "上传", "align": "对齐", "train": "训练",
        "predict": "预测", "evaluate": "评估", "report": "报告", "tear-down": "拆除", "teardown": "拆除", "job": "作业",
    ]

    private static let environments = [
        "program": ("Program", "程序"), "processor": ("Processor", "处理器"), "cores": ("Cores", "核数"),
        "kernel": ("Kernel of arithmetic", "算术内核"), "system": ("System", "系统"), "memory": ("Memory", "内存"),
    ]
}

/// A measure of a model: how it is called, written and read.
struct ReportMeasure {
    let key: String
    let name: Phrase
    let format: ValueFormat
    /// nil for what is neither better nor worse.
    let higherIsBetter: Bool?

    /// Those of a kind of model that any of the models has, the most important first; others by their keys after them.
    static func all(of models: [TrialDocument.Model]) -> [ReportMeasure] {
        let keys = Set(models.flatMap(\.measures.keys))
        let isKnown = Set(known.map(\.key)).union(parts)
        return known.filter { keys.contains($0.key) }
            + keys.subtracting(isKnown).sorted().map {
                ReportMeasure(key: $0, name: Phrase($0), format: .number, higherIsBetter: nil)
            }
    }

    static func format(_ key: String) -> ValueFormat { known.first { $0.key == key }?.format ?? .number }

    /// Shown with others, not by themselves.
    private static let parts: Set = [
        "auc.low", "auc.high", "auc.standard_error", "ks.location", "rows", "events", "brier.reliability",
        "brier.resolution", "brier.uncertainty",
    ]

    private static let known: [ReportMeasure] = [
        .init(key: "auc", name: "AUC", format: .fixed(4), higherIsBetter: true),
        .init(key: "ks", name: "KS", format: .fixed(4), higherIsBetter: true),
        .init(
            key: "lift", name: Phrase("Lift of the highest tenth", chinese: "最高十分位提升度"), format: .fixed(2),
            higherIsBetter: true),
        .init(key: "gini", name: Phrase("Gini", chinese: "基尼系数"), format: .fixed(4), higherIsBetter: true),
        .init(
            key: "average_precision", name: Phrase("Average precision", chinese: "平均精确率"), format: .fixed(4),
            higherIsBetter: true),
        .init(key: "log_loss", name: Phrase("Log loss", chinese: "对数损失"), format: .fixed(4), higherIsBetter: false),
        .init(key: "brier", name: Phrase("Brier score", chinese: "Brier 分数"), format: .fixed(4), higherIsBetter: false),
        .init(
            key: "calibration_error", name: Phrase("Calibration error", chinese: "校准误差"), format: .fixed(4),
            higherIsBetter: false),
        .init(
            key: "accuracy", name: Phrase("Accuracy at 0.5", chinese: "准确率（阈值 0.5）"), format: .fixed(4),
            higherIsBetter: true),
        .init(
            key: "precision", name: Phrase("Precision at 0.5", chinese: "精确率（阈值 0.5）"), format: .fixed(4),
            higherIsBetter: true),
        .init(
            key: "recall", name: Phrase("Recall at 0.5", chinese: "召回率（阈值 0.5）"), format: .fixed(4),
            higherIsBetter: true),
        .init(key: "rmse", name: "RMSE", format: .number, higherIsBetter: false),
        .init(key: "mae", name: "MAE", format: .number, higherIsBetter: false),
        .init(key: "r2", name: "R²", format: .fixed(4), higherIsBetter: true),
        .init(key: "bias", name: Phrase("Bias", chinese: "偏差"), format: .number, higherIsBetter: nil),
    ]
}
