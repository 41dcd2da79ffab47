import Charts
import Resources

/// What scores mean for who is approved, as `/jobs/:name/cutoffs` tells it: cut-offs, the swap set, scores by month.
struct PointsFindings {
    let report: JSONValue
    /// Unique in the page.
    let id: String

    @HTMLBuilder var html: HTML {
        cutoffs
        swap
        months
    }

    private static func percent(_ value: JSONValue?) -> HTML {
        plain(value?.number.map { Figures.percent($0) } ?? Figures.none)
    }

    private static func count(_ rows: JSONValue?) -> Int64 {
        (rows?["goods"]?.integer ?? 0) + (rows?["bads"]?.integer ?? 0)
    }

    @HTMLBuilder private var cutoffs: HTML {
        let lines = report["cutoffs"]?.array ?? []
        if lines.count > 1 {
            figure(
                PlotChart(
                    Words("Approval and bad rate by cut-off", "通过率与坏账率").phrase,
                    summary: Words(
                        "A higher cut-off approves fewer and loses less.", "截断分越高，通过越少，坏账越低。"
                    ).phrase,
                    x: .init(Words("Cut-off", "截断分").phrase),
                    y: .init(Words("Share", "占比").phrase, .percent, includesZero: true),
                    series: [
                        .init(Words("Approved", "通过率").phrase, points: Self.points(lines, "approvalRate")),
                        .init(
                            Words("Bad rate of the approved", "通过人群坏账率").phrase,
                            points: Self.points(lines, "badRate")),
                    ], width: 640), id: "\(id)-cutoffs")
        }
        Table(
            Words("Cut-offs", "截断分"),
            [
                .init(Words("Approved from", "截断分"), isNumber: true),
                .init(Words("Approval rate", "通过率"), isNumber: true),
                .init(Words("Bad rate", "坏账率"), isNumber: true),
                .init(Words("Bads rejected", "拒绝坏样本"), isNumber: true),
                .init(Words("Goods rejected", "误拒好样本"), isNumber: true),
            ],
            rows: lines.map { line in
                [number(line["score"]?.number, decimals: 2)]
                    + ["approvalRate", "badRate", "badsCaught", "goodsLost"].map { Self.percent(line[$0]) }
            }
        ).html
    }

    private static func points(_ lines: [JSONValue], _ member: String) -> [PlotChart.Point] {
        lines.compactMap { line in
            guard let x = line["score"]?.number, let y = line[member]?.number else { return nil }
            return .init(x: x, y: y)
        }
    }

    @HTMLBuilder private var swap: HTML {
        if let swap = report["swap"], swap != .null {
            let parts: [(Words, String)] = [
                (Words("Approved by both", "两者均通过"), "approvedByBoth"),
                (Words("Swapped in", "换入"), "swappedIn"),
                (Words("Swapped out", "换出"), "swappedOut"),
                (Words("Rejected by both", "两者均拒绝"), "rejectedByBoth"),
            ]
            tag("h3") { Words("Swap set with the existing score", "与现有评分的换入换出") }
            Table(
                Words("Swap set", "换入换出"),
                [
                    .init(Words("Part", "部分")), .init(Words("Goods", "好样本"), isNumber: true),
                    .init(Words("Bads", "坏样本"), isNumber: true),
                    .init(Words("Bad rate", "坏账率"), isNumber: true),
                ],
                rows: parts.map { words, member in
                    [
                        HTML(words), number(swap[member]?["goods"]?.integer ?? 0),
                        number(swap[member]?["bads"]?.integer ?? 0), Self.percent(swap[member]?["badRate"]),
                    ]
                }
            ).html
        }
    }

    /// The population stability index by month, with its verdict.
    @HTMLBuilder private var months: HTML {
        let months = report["months"]?.array ?? []
        if !months.isEmpty {
            tag("h3") { Words("Stability by month", "按月稳定性") }
            if months.count > 1 {
                figure(
                    BarChart(
                        Words("Population stability index (PSI) by month", "按月 PSI").phrase,
                        summary: Words(
                            "Below 0.1 scores are as they were; above 0.25 they are others.",
                            "低于 0.1 为稳定，高于 0.25 为显著变化。"
                        ).phrase,
                        category: Words("Months", "月份").phrase,
                        categories: months.map { Phrase(Self.span($0)) },
                        value: .init(Phrase("PSI"), .fixed(3), includesZero: true),
                        series: [.init(Phrase("PSI"), months.map { $0["stability"]?.number })],
                        reference: (Words("act from here", "需处理").phrase, 0.25), width: 640), id: "\(id)-months"
                )
            }
            Table(
                Words("Scores by month", "按月评分"),
                [
                    .init(Words("Months", "月份")), .init(Words("Rows", "行数"), isNumber: true),
                    .init(Words("Bad rate", "坏账率"), isNumber: true),
                    .init(Words("Mean score", "平均分"), isNumber: true),
                    .init(Words("PSI", "PSI"), isNumber: true), .init(Words("Verdict", "结论")),
                ],
                rows: months.map { month in
                    [
                        plain(Self.span(month)), number(Self.count(month["rows"])),
                        Self.percent(month["rows"]?["badRate"]),
                        number(month["meanScore"]?.number, decimals: 2),
                        number(month["stability"]?.number, decimals: 4),
                        Self.verdict(month["verdict"]?.string ?? ""),
                    ]
                }
            ).html
        }
    }

    private static func span(_ month: JSONValue) -> String {
        let (from, to) = (month["from"]?.string ?? "", month["to"]?.string ?? "")
        return from == to ? from : "\(from) … \(to)"
    }

    private static func verdict(_ text: String) -> HTML {
        switch text {
        case "stable": state(HTML(Words("stable", "稳定")), .good)
        case "watch": state(HTML(Words("watch", "关注")), .waiting)
        case "act", "shifted": state(HTML(Words("act", "处理")), .bad)
        default: plain(text)
        }
    }
}
