/// 9xxx: observability.
extension FaultWords {
    static let observability: [Int: FaultChinese] = [
        9001: .init("日志级别未知。", "请使用 trace、debug、info、notice、warning、error、critical 之一。"),
        9002: .init("日志格式未知。", "请使用 json、human 或 auto（终端上为 human，否则为 JSON 行）。"),
        9003: .init("直方图的桶不可用。", "请给出至少一个有限的上界，且每个上界大于前一个。"),
        9004: .init("站点没有该名称的机器。", "`atoll top` 显示站点各机器的名称。"),
    ]
}
