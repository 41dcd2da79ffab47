import Resources

/// Why columns were kept or dropped, in Chinese: by the sentence of the decision, as `OperatorTexts`.
enum SelectionReasons {
    static let chinese: [String: String] = [
        "no two bins meet the guard": "没有两个符合最低要求的分箱",
        "share of missing rows is at most the limit": "缺失比例未超过阈值",
        "share of missing rows is above the limit": "缺失比例超过阈值",
        "share of the fullest fine bin is at most the limit": "最满细分箱的比例未超过阈值",
        "share of the fullest fine bin is above the limit": "最满细分箱的比例超过阈值",
        "information value is at least the limit": "信息值达到阈值",
        "information value is below the limit": "信息值低于阈值",
        "stability between samples is at most the limit": "样本间稳定性指数未超过阈值",
        "stability between samples is above the limit": "样本间稳定性指数超过阈值",
        "the variance inflation is at most the limit": "方差膨胀因子未超过阈值",
        "the other columns kept nearly determine it": "其他已保留的变量几乎可以确定它",
        "the coefficient of the weights of evidence is not above 0: the column works against its own bins":
            "证据权重的系数不大于 0：该变量与自身分箱方向相反",
        "the coefficient is above 0": "系数大于 0",
        "the coefficient is not above 0; kept by hand": "系数不大于 0；人工保留",
    ]

    /// - Returns: nil for what a person wrote, and for a sentence of another build.
    static func words(_ decision: JSONValue) -> Words? {
        let english = decision["reason"]?.string ?? ""
        if decision["rule"]?.string == "manual" { return nil }
        if let text = chinese[english] { return Words(english, text) }
        if let other = english.wholeMatch(of: /correlates with (.+), which is kept/)?.1 {
            return Words(english, "与已保留的 \(other) 相关")
        }
        if let other = english.wholeMatch(of: /the highest correlation, with (.+), is at most the limit/)?.1 {
            return Words(english, "最高相关系数（与 \(other)）未超过阈值")
        }
        return nil
    }

    static func html(_ decision: JSONValue) -> HTML {
        let words = words(decision)
        return tag("span", OperatorTexts.language(words)) {
            words.map { HTML($0) } ?? plain(decision["reason"]?.string ?? "")
        }
    }
}
