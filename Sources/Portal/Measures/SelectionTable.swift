import Resources

/// Decisions about columns, as `/jobs/:name/selection` tells them: those that dropped one first.
struct SelectionTable {
    let decisions: [JSONValue]

    var html: HTML {
        let order =
            decisions.filter { $0["kept"]?.bool != true } + decisions.filter { $0["kept"]?.bool == true }
        return Table(
            Words("Decisions about columns", "列筛选决定"),
            [
                .init(Words("Column", "列")), .init(Words("Decision", "决定")), .init(Words("Rule", "规则")),
                .init(Words("Figure", "数值"), isNumber: true), .init(Words("Limit", "阈值"), isNumber: true),
                .init(Words("Reason", "原因")),
            ],
            rows: order.map { decision in
                [
                    plain(decision["column"]?.string ?? ""),
                    decision["kept"]?.bool == true
                        ? state(HTML(Words("kept", "保留")), .good) : state(HTML(Words("dropped", "剔除")), .plain),
                    plain(decision["rule"]?.string ?? ""), number(decision["figure"]?.number, decimals: 4),
                    number(decision["limit"]?.number, decimals: 4),
                    SelectionReasons.html(decision),
                ]
            }
        ).html
    }
}
