import Charts
import Resources

/// What the columns of a dataset are like: a table of all, and charts of some at a time.
enum DatasetProfile {
    private static let charts = 12

    @Sendable static func page(_ visit: Visit) async throws -> Page {
        try await DatasetPage.page(visit, .profile) { dataset in
            let profile = try await visit.api.get("/datasets/\(encoded(dataset.name))/profile", dataset.placed)
            let columns = profile["columns"]?.array ?? []
            let paging = Paging(Array(columns.enumerated()), visit, size: charts)
            return table(columns, rows: profile["rows"]?.integer ?? 0)
                + section(
                    Words("Distributions", "分布"), id: "charts",
                    Words(
                        "Bins of equal width for numbers, the most frequent values for categories and days. Text columns have none.",
                        "数值列按等宽分箱，类别和日期列显示最常见的值；文本列没有图。")
                ) {
                    tag("div", .class("grid")) { for (index, column) in paging.shown { chart(column, index) } }
                    paging.links(visit, "\(DatasetPage.prefix)/\(encoded(dataset.name))/profile")
                }
        }
    }

    private static func table(_ columns: [JSONValue], rows: Int64) -> HTML {
        Table(
            Words("Columns", "列"),
            [
                .init(Words("Column", "列")), .init(Words("Type", "类型")),
                .init(Words("Missing", "缺失"), isNumber: true), .init(Words("Distinct", "不同值"), isNumber: true),
                .init(Words("Least", "最小值"), isNumber: true), .init(Words("Median", "中位数"), isNumber: true),
                .init(Words("Greatest", "最大值"), isNumber: true), .init(Words("Mean", "均值"), isNumber: true),
            ],
            cells: columns.map { column in
                let missing = column["missing"]?.integer ?? 0
                let share = rows > 0 ? Double(missing) / Double(rows) : 0
                let distinct = column[path: "distinct", "count"]?.integer ?? 0
                let isExact = column[path: "distinct", "isExact"]?.bool ?? true
                let median = (column["quantiles"]?.array ?? []).first { $0["at"]?.number == 0.5 }?["value"]?.string
                return [
                    .init(plain(column["name"]?.string ?? "")),
                    .init(DatasetPage.type(column["type"]?.string ?? "")),
                    .init(percent(share), sortedBy: "\(missing)"),
                    .init(plain(isExact ? "" : "≈ ") + number(distinct), sortedBy: "\(distinct)"),
                    .init(plain(column["least"]?.string ?? "–")), .init(plain(median ?? "–")),
                    .init(plain(column["greatest"]?.string ?? "–")),
                    .init(number(column["mean"]?.number, decimals: 3)),
                ]
            }
        ).html
    }

    private static func chart(_ column: JSONValue, _ index: Int) -> HTML {
        let name = column["name"]?.string ?? ""
        let title = Phrase(short(name, 40))
        let id = "column-\(index)"
        let bins = (column["histogram"]?.array ?? []).compactMap { bin -> HistogramChart.Bin? in
            guard let from = bin["from"]?.number, let to = bin["to"]?.number else { return nil }
            return .init(from: from, to: to, count: Double(bin["count"]?.integer ?? 0))
        }
        let missing = column["missing"]?.integer ?? 0
        if !bins.isEmpty {
            let chart = HistogramChart(
                title,
                summary: Phrase("{0} bins of equal width, {1} rows missing", chinese: "{0} 个等宽分箱，缺失 {1} 行")
                    .filled(Phrase("\(bins.count)"), Phrase("\(missing)")),
                value: .init(title), bins: bins, missing: missing > 0 ? Double(missing) : nil)
            return figure(chart, id: id)
        }
        let frequent = (column["frequent"]?.array ?? []).prefix(12)
        if column["type"]?.string == "date", column[path: "distinct", "count"]?.integer ?? 0 > 12 {
            return days(column, name)
        }
        guard !frequent.isEmpty else {
            return tag("div") {
                tag("h3") { plain(name) }
                tag("p", .class("note")) {
                    Words("No chart: its values tell rows apart, or there are none.", "没有图：其值用于区分行，或没有值。")
                }
            }
        }
        let chart = RankChart(
            title,
            summary: Phrase("The {0} most frequent values, {1} rows missing", chinese: "最常见的 {0} 个值，缺失 {1} 行")
                .filled(Phrase("\(frequent.count)"), Phrase("\(missing)")),
            item: Phrase("Value", chinese: "值"), group: Phrase("Column", chinese: "列"),
            value: .init(Phrase("Rows", chinese: "行数")), groups: [title],
            bars: frequent.map {
                .init(Phrase(short($0["value"]?.string ?? "", 28)), group: 0, value: Double($0["count"]?.integer ?? 0))
            })
        return figure(chart, id: id)
    }

    /// Days by their quantiles: of many days none is frequent.
    private static func days(_ column: JSONValue, _ name: String) -> HTML {
        tag("div") {
            tag("h3") { plain(name) }
            Table(
                Words("Quantiles", "分位数"),
                [.init(Words("Share of rows", "行数占比")), .init(Words("Up to the day", "截至日期"))],
                rows: (column["quantiles"]?.array ?? []).map {
                    [percent($0["at"]?.number), plain($0["value"]?.string ?? "–")]
                }
            ).html
        }
    }

    static func short(_ text: String, _ most: Int) -> String {
        text.count > most ? text.prefix(most - 1) + "…" : text
    }
}
