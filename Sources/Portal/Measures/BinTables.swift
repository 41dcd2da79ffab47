import Charts
import Resources

/// Bins and weights of evidence of columns, as `/jobs/:name/bins` tells them: by their information value, and a
/// table of each.
struct BinTables {
    /// As the API tells them, each with the job it is of.
    let columns: [(job: String, column: JSONValue)]

    private static let mostCharted = 15
    private static let mostOpen = 2

    @HTMLBuilder var html: HTML {
        let sorted = columns.sorted { Self.iv($0.column) > Self.iv($1.column) }
        let divided = sorted.filter { $0.column["iv"]?.number != nil }
        if let first = divided.first {
            figure(ranks(divided.prefix(Self.mostCharted).map(\.column), first.column), id: "information")
            overview(sorted)
            for (index, entry) in divided.enumerated() { details(entry.column, index) }
        } else {
            overview(sorted)
        }
    }

    private static func iv(_ column: JSONValue) -> Double { column["iv"]?.number ?? -1 }
    private static func name(_ column: JSONValue) -> String { column["column"]?.string ?? "" }

    /// `guest.amount` is the guest's; a host's own columns have no party before them.
    private static func party(_ column: JSONValue) -> String {
        let words = name(column).split(separator: ".", maxSplits: 1)
        return words.count == 2 && (words[0] == "guest" || words[0].hasPrefix("host"))
            ? String(words[0]) : "–"
    }

    private func ranks(_ shown: [JSONValue], _ first: JSONValue) -> RankChart {
        let parties = Set(shown.map(Self.party)).sorted()
        return RankChart(
            Words("Information value by column", "各列信息值").phrase,
            summary: Words("{0} tells most: {1}.", "{0} 的信息值最高：{1}。").phrase.filled(
                Phrase(Self.name(first)), Phrase(Figures.fixed(Self.iv(first), 3))),
            item: Words("Column", "列").phrase, group: Words("Party", "参与方").phrase,
            value: .init(Words("Information value", "信息值").phrase, .fixed(3)),
            groups: parties.map { Phrase($0) },
            bars: shown.map { column in
                .init(
                    Phrase(Self.name(column)), group: parties.firstIndex(of: Self.party(column)) ?? 0,
                    value: Self.iv(column))
            })
    }

    private func overview(_ sorted: [(job: String, column: JSONValue)]) -> HTML {
        Table(
            Words("Columns by information value", "按信息值排列的列"),
            [
                .init(Words("Column", "列")), .init(Words("Information value", "信息值"), isNumber: true),
                .init(Words("Strength", "强度")), .init(Words("Bins", "分箱数"), isNumber: true),
                .init(Words("Risk with the value", "风险随取值")), .init(Words("Job and task", "任务与步骤")),
            ],
            rows: sorted.map { job, column in
                [
                    plain(Self.name(column)), number(column["iv"]?.number, decimals: 4),
                    Self.strength(column["iv"]?.number),
                    number(Int64(column["bins"]?.array?.count ?? 0)),
                    Self.direction(column["direction"]?.string),
                    plain("\(job)/\(column["task"]?.string ?? "")"),
                ]
            }
        ).html
    }

    /// The usual words for information values (Siddiqi, "Credit Risk Scorecards", 2006).
    private static func strength(_ iv: Double?) -> HTML {
        guard let iv else { return HTML(Words("not divided", "未分箱")) }
        return switch iv {
        case ..<0.02: HTML(Words("none", "无"))
        case ..<0.1: HTML(Words("weak", "弱"))
        case ..<0.3: HTML(Words("medium", "中"))
        case ..<0.5: HTML(Words("strong", "强"))
        default: HTML(Words("very strong: check it", "极强，请核查"))
        }
    }

    private static func direction(_ text: String?) -> HTML {
        switch text {
        case "rising": HTML(Words("rises", "递增"))
        case "falling": HTML(Words("falls", "递减"))
        default: plain("–")
        }
    }

    private func details(_ column: JSONValue, _ index: Int) -> HTML {
        let bins = column["bins"]?.array ?? []
        let name = Self.name(column)
        return tag("details", .class("more"), .flag("open", index < Self.mostOpen)) {
            tag("summary") {
                plain("\(name) · ")
                Words("information value", "信息值")
                plain(" \(Figures.fixed(Self.iv(column), 3))")
            }
            figure(
                BarChart(
                    Words("Weights of evidence of {0}", "{0} 的证据权重").phrase.filled(Phrase(name)),
                    summary: Words(
                        "Above zero a bin holds more of the bads than of the goods.", "大于零的分箱中坏样本占比更高。"
                    ).phrase,
                    category: Words("Bin", "分箱").phrase, categories: bins.map(BinRange.phrase),
                    value: .init(Words("Weight of evidence", "证据权重").phrase, .fixed(2)),
                    series: [.init(Phrase("WOE"), bins.map { $0["woe"]?.number })], width: 640, height: 240),
                id: "woe-\(index + 1)")
            Table(
                Words("Bins of \(name)", "\(name) 的分箱"),
                [
                    .init(Words("Bin", "分箱")), .init(Words("Rows", "行数"), isNumber: true),
                    .init(Words("Bads", "坏样本"), isNumber: true),
                    .init(Words("Bad rate", "坏账率"), isNumber: true),
                    .init(Words("WOE", "证据权重"), isNumber: true),
                    .init(Words("Information value", "信息值"), isNumber: true),
                ],
                rows: bins.map { bin in
                    [
                        HTML(BinRange.words(bin)), number(bin["rows"]?.integer ?? 0),
                        number(bin["bads"]?.integer ?? 0),
                        plain(bin["rate"]?.number.map { Figures.percent($0) } ?? Figures.none),
                        plain(bin["woe"]?.number.map { Figures.signed($0, 3) } ?? Figures.none),
                        number(bin["iv"]?.number, decimals: 4),
                    ]
                }
            ).html
        }
    }
}

/// What values a bin holds.
enum BinRange {
    static func phrase(_ bin: JSONValue) -> Phrase { words(bin).phrase }

    static func words(_ bin: JSONValue) -> Words {
        var parts: [Words] = []
        func add(_ text: String) { parts.append(Words(text, text)) }
        if let fine = bin["fineBins"]?.array {
            // Another party's: its edges are not told.
            let numbers = fine.compactMap(\.integer)
            let text =
                numbers.count > 3
                ? "\(numbers.first ?? 0) … \(numbers.last ?? 0)"
                : numbers.map(String.init).joined(separator: ", ")
            parts.append(Words("fine bins \(text)", "细分箱 \(text)"))
        } else if bin["isApart"]?.bool != true {
            add(interval(bin["from"]?.number, bin["below"]?.number))
        }
        let values = (bin["values"]?.array ?? []).compactMap(\.number)
        if !values.isEmpty { add(values.map(Figures.short).joined(separator: ", ")) }
        if bin["missing"]?.bool == true { parts.append(Words("missing", "缺失")) }
        guard let first = parts.first else { return Words("other values", "其他取值") }
        return parts.dropFirst().reduce(first) {
            Words("\($0.english), \($1.english)", "\($0.chinese)、\($1.chinese)")
        }
    }

    /// From an edge, which belongs to it, to below another one.
    static func interval(_ from: Double?, _ below: Double?) -> String {
        switch (from, below) {
        case (nil, nil): "−∞ … ∞"
        case (nil, let below?): "< \(Figures.short(below))"
        case (let from?, nil): "≥ \(Figures.short(from))"
        case (let from?, let below?): "\(Figures.short(from)) … < \(Figures.short(below))"
        }
    }
}
