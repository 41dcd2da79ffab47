import Resources

/// The step that asks for the algorithm and its settings. The settings of each come from the operators' own defaults and
/// bounds.
enum WizardModel {
    private struct Setting {
        let name: String
        let words: Words
        /// Which operator tells its bounds; nil for those of the job.
        let operatorName: String?
        var parameter: String?
    }

    static func html(_ visit: Visit, _ choice: TrainingChoice) async throws -> HTML {
        var operators: [String: OperatorView] = [:]
        for name in ["train.boosting", "woe", "select", "train.logistic"] {
            operators[name] = OperatorView(json: try await visit.api.get("/operators/\(name)"))
        }
        let partner = try await WizardPartner.read(visit, choice)
        return chooser(visit, choice) + form(visit, choice, operators, partner)
    }

    /// Which algorithm: links, so that the settings that follow are its own.
    private static func chooser(_ visit: Visit, _ choice: TrainingChoice) -> HTML {
        tabs(
            TrainingChoice.Algorithm.allCases.map {
                ($0.words, choice.address(visit, step: .model, ["algorithm": $0.rawValue, "bins": nil, "passes": nil]))
            }, chosen: TrainingChoice.Algorithm.allCases.firstIndex(of: choice.algorithm) ?? 0)
    }

    private static func form(
        _ visit: Visit, _ choice: TrainingChoice, _ operators: [String: OperatorView], _ partner: WizardPartner
    ) -> HTML {
        let settings = Self.settings(choice.algorithm)
        let suggested = Self.suggested(choice, partner)
        func field(_ setting: Setting) -> HTML {
            let parameter = setting.operatorName.flatMap { operators[$0] }?.parameter(setting.name)
            return ParameterField(parameter: parameter, name: setting.name, words: setting.words)
                .html(visit, value: choice[setting.name] ?? suggested[setting.name].map { "\($0)" })
        }
        let asked = Set(settings.map(\.name) + protection.map(\.name) + ["baseline", "test", "memory", "cores"])
        return tag("form", Attribute("method", "get"), .action("/training/new"), .class("form")) {
            TrainingWizard.hidden(visit, choice, but: asked, next: .plan)
            tag("p", .class("note")) { note(choice.algorithm) }
            visit.field(
                "test", Words("Tenths of the rows that are left out to measure", "留作测试的样本（十分之几）"), type: "number",
                value: choice["test"] ?? "\(TrainingChoice.testShare)",
                hint: Words("1 to 9; the same rows for every model", "1 到 9；各模型使用相同样本"), isRequired: true,
                more: [Attribute("min", "1"), Attribute("max", "9")])
            if choice.algorithm != .boosting, let note = room(choice, partner) { note }
            for setting in settings { field(setting) }
            visit.box(
                "baseline",
                HTML(
                    Words(
                        "Also grow trees of the own columns alone, to see what the partner's columns are worth",
                        "同时仅用本方变量训练提升树，以比较合作方变量的价值")),
                isTicked: choice["baseline"] != nil || choice["test"] == nil)
            more(Words("Protection and resources", "保护与资源")) {
                for setting in protection { field(setting) }
                visit.field(
                    "memory", Words("Memory of a worker in MiB", "每个工作进程的内存 (MiB)"), type: "number",
                    value: choice["memory"] ?? "1024", more: [Attribute("min", "64")])
                visit.field(
                    "cores", Words("Cores of a worker", "每个工作进程的核数"), type: "number", value: choice["cores"] ?? "1",
                    more: [Attribute("min", "1")])
            }
            tag("button", .class("primary")) { Words("Next: plan", "下一步：计划") }
        }
    }

    private static func note(_ algorithm: TrainingChoice.Algorithm) -> Words {
        switch algorithm {
        case .boosting:
            Words(
                "Trees over the columns of both. The partner learns no label and no score; the same model, bit for bit, as in one place.",
                "使用双方变量的提升树。合作方得不到标签和分数；所得模型与集中训练逐位相同。")
        case .scorecard:
            Words(
                "Bins by weight of evidence, columns selected by information value, correlation and stability, a regression, and points. For sites of one group: the partner's grant must say partial_scores.",
                "按证据权重分箱，按信息值、相关性和稳定性筛选变量，再做回归并给出分数。适用于同一集团的站点：合作方的授权须包含 partial_scores。")
        case .logistic:
            Words(
                "A regression on the weights of evidence of all columns. For sites of one group: the partner's grant must say partial_scores.",
                "对全部变量的证据权重做回归。适用于同一集团的站点：合作方的授权须包含 partial_scores。")
        }
    }

    private static func settings(_ algorithm: TrainingChoice.Algorithm) -> [Setting] {
        let trees = [
            Setting(name: "trees", words: Words("Trees", "树的数量"), operatorName: "train.boosting"),
            Setting(name: "depth", words: Words("Depth of a tree", "树的深度"), operatorName: "train.boosting"),
            Setting(name: "rate", words: Words("Learning rate", "学习率"), operatorName: "train.boosting"),
        ]
        let regression = [
            Setting(name: "bins", words: Words("Most bins of a column", "每个变量的最多箱数"), operatorName: "woe"),
            Setting(name: "l2", words: Words("L2 penalty", "L2 惩罚"), operatorName: "train.logistic"),
            Setting(name: "passes", words: Words("Most passes", "最多迭代次数"), operatorName: "train.logistic"),
        ]
        return switch algorithm {
        case .boosting:
            trees + [
                Setting(
                    name: "bins", words: Words("Most bins of a column", "每个变量的最多箱数"), operatorName: "train.boosting")
            ]
        case .logistic: regression
        case .scorecard:
            regression + [
                Setting(name: "iv", words: Words("Lowest information value", "最低信息值"), operatorName: "select"),
                Setting(name: "correlation", words: Words("Highest correlation", "最高相关系数"), operatorName: "select"),
            ]
        }
    }

    private static let protection = [
        Setting(name: "keyBits", words: Words("Bits of the key", "密钥位数"), operatorName: "train.boosting"),
        Setting(name: "profile", words: Words("Who shares the processors", "处理器共享情况"), operatorName: "train.boosting"),
        Setting(
            name: "hostColumnLimit", words: Words("Most columns of the partner", "合作方的最多变量数"),
            operatorName: "train.boosting"),
    ]

    /// Settings that fit what is known of the partner's columns and of the common rows.
    private static func suggested(_ choice: TrainingChoice, _ partner: WizardPartner) -> [String: Int64] {
        var values: [String: Int64] = [:]
        values["hostColumnLimit"] = partner.columns.flatMap { $0 > 0 ? min($0, 4_096) : nil }
        if let passes = passes(choice, partner) { values["passes"] = min(30, max(1, passes)) }
        return values
    }

    private static func passes(_ choice: TrainingChoice, _ partner: WizardPartner) -> Int64? {
        partner.passes(
            columns: choice["hostColumnLimit"].flatMap { Int64($0) },
            test: choice["test"].flatMap { Int64($0) } ?? TrainingChoice.testShare)
    }

    /// How many passes the common rows allow, where it is known.
    private static func room(_ choice: TrainingChoice, _ partner: WizardPartner) -> HTML? {
        guard let passes = passes(choice, partner), let rows = partner.rows else { return nil }
        let counts = (numberText(rows), numberText(passes))
        return tag("p", .class(passes < 9 ? "problem" : "note")) {
            Words(
                "Ten rows are asked for each of the partner's columns and each pass, so that it cannot compute a label: the \(counts.0) common rows allow \(counts.1) passes. Most regressions take 9 to 16.",
                "为使合作方无法推算标签，每个合作方变量、每次迭代至少需要 10 行样本：\(counts.0) 行共同样本允许 \(counts.1) 次迭代。多数回归需要 9 到 16 次。")
        }
    }
}
