import Charts
import People
import Resources

/// A dataset beside another version of the table: schema, missing values, and how far every column has moved.
enum DatasetComparison {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        try await DatasetPage.page(visit, .compare) { dataset in
            let others = try await visit.api.listAll("/datasets", dataset.placed)
                .map(ProjectThing.init).filter { $0.name != dataset.name }
            guard !others.isEmpty else {
                return emptyState(
                    Words(
                        "There is no other dataset in this project to compare with.", "此项目中没有其他数据集可供比较。"))
            }
            // Whoever may not compare is told so by the API before there is anything to choose.
            let chosen = visit.query("with") ?? (visit.may(.view(.rows)) ? nil : others.first?.name)
            let form = choose(dataset, among: others, chosen, visit)
            guard let chosen else { return form }
            let found = try await visit.api.get(
                "/datasets/\(encoded(dataset.name))/compare", dataset.placed + [("with", chosen)])
            return form + summary(found, dataset.name, chosen) + columns(found, dataset, chosen)
                + (column(found, wanted: visit.query("column")).map { bins($0, dataset.name, chosen) } ?? HTML())
        }
    }

    private static func choose(
        _ dataset: ProjectThing, among others: [ProjectThing], _ chosen: String?, _ visit: Visit
    ) -> HTML {
        tag(
            "form", Attribute("method", "get"), .action("\(DatasetPage.prefix)/\(encoded(dataset.name))/compare"),
            .class("filter")
        ) {
            for (name, value) in dataset.placed {
                void("input", Attribute("type", "hidden"), Attribute("name", name), Attribute("value", value ?? ""))
            }
            visit.choice(
                "with", Words("Compare with", "比较对象"), others.map { ($0.name, plain($0.name)) }, chosen: chosen,
                hint: Words(
                    "The bins are those of this dataset, the development sample.", "分箱取自本数据集（开发样本）。"))
            tag("button", .class("primary")) { Words("Compare", "比较") }
        }
    }

    static func verdict(_ word: String?) -> HTML {
        switch word {
        case "stable": state(Words("Stable", "稳定").html, .good)
        case "watch": state(Words("Watch", "需关注").html, .waiting)
        case "shifted": state(Words("Shifted: act", "已偏移：需处理").html, .bad)
        default: plain("–")
        }
    }

    private static func summary(_ found: JSONValue, _ first: String, _ second: String) -> HTML {
        let schema = found["schema"]
        func list(_ member: String) -> [String] { (schema?[member]?.array ?? []).compactMap(\.string) }
        func both(_ value: JSONValue?) -> HTML {
            func text(_ value: JSONValue?) -> HTML {
                names(value?.string.map { [$0] } ?? (value?.array ?? []).compactMap(\.string))
            }
            return text(value?["first"]) + plain(" → ") + text(value?["second"])
        }
        return section(Words("What has changed", "变化概览"), id: "summary") {
            facts {
                fact(Words("Furthest column", "偏移最大的列"), verdict(found["verdict"]?.string))
                fact(
                    Words("Rows", "行数"),
                    number(found[path: "rows", "first"]?.integer ?? 0) + plain(" → ")
                        + number(found[path: "rows", "second"]?.integer ?? 0))
                if found["isSame"] == true { fact(Words("Content", "内容"), Words("The same", "完全相同").html) }
                fact(Words("Columns added", "新增列"), names(list("added")))
                fact(Words("Columns removed", "移除列"), names(list("removed")))
                for one in schema?["retyped"]?.array ?? [] {
                    fact(
                        Words("Type changed", "类型变化"),
                        plain((one["column"]?.string ?? "") + ": ") + DatasetPage.type(one["first"]?.string ?? "")
                            + plain(" → ") + DatasetPage.type(one["second"]?.string ?? ""))
                }
                (schema?["ids"]).map { fact(Words("Ids", "标识列"), both($0)) }
                (schema?["label"]).map { fact(Words("Label", "标签列"), both($0)) }
                if schema?["isReordered"] == true {
                    fact(Words("Order", "列顺序"), Words("The columns stand in another order", "列的顺序不同").html)
                }
            }
            more(Words("By command", "命令行")) {
                copyable("atoll data compare \(first) \(second)", id: "compare-command", Words("Command", "命令"))
            }
        }
    }

    private static func columns(_ found: JSONValue, _ dataset: ProjectThing, _ with: String) -> HTML {
        Table(
            Words("Columns that both have", "共有的列"),
            [
                .init(Words("Column", "列")), .init(Words("Type", "类型")),
                .init(Words("Missing", "缺失率"), isNumber: true), .init(Words("Missing now", "当前缺失率"), isNumber: true),
                .init(Words("PSI", "PSI"), isNumber: true), .init(Words("Verdict", "判定")),
            ],
            cells: (found["columns"]?.array ?? []).map { column in
                let name = column["name"]?.string ?? ""
                let index = column["psi"]?.number
                let path = dataset.path(DatasetPage.prefix, "compare", [("with", with), ("column", name)]) + "#bins"
                return [
                    .init(index == nil ? plain(name) : link(name, path)),
                    .init(DatasetPage.type(column["type"]?.string ?? "")),
                    .init(percent(column[path: "missing", "firstShare"]?.number)),
                    .init(percent(column[path: "missing", "secondShare"]?.number)),
                    .init(number(index, decimals: 4), sortedBy: index.map { "\($0)" }),
                    .init(index == nil ? reason(column["notCompared"]?.string) : verdict(column["verdict"]?.string)),
                ]
            }
        ).html
    }

    private static func reason(_ word: String?) -> HTML {
        tag("span", .class("muted")) {
            switch word {
            case "id": Words("not compared: an id", "不比较：标识列")
            case "text": Words("not compared: text", "不比较：文本")
            case "type": Words("not compared: other types", "不比较：类型不同")
            default: Words("not compared: no rows", "不比较：没有数据行")
            }
        }
    }

    /// The column that is asked for, else the one that has moved furthest.
    private static func column(_ found: JSONValue, wanted: String?) -> JSONValue? {
        let compared = (found["columns"]?.array ?? []).filter { $0["psi"]?.number != nil }
        return wanted.flatMap { name in compared.first { $0["name"]?.string == name } }
            ?? compared.max { ($0["psi"]?.number ?? 0) < ($1["psi"]?.number ?? 0) }
    }

    private static func bins(_ column: JSONValue, _ first: String, _ second: String) -> HTML {
        let name = column["name"]?.string ?? ""
        let bins = column["bins"]?.array ?? []
        let chart = BarChart(
            Phrase("Shares by bin", chinese: "各分箱占比"),
            summary: Phrase("PSI {0} over {1} bins of {2}", chinese: "PSI {0}，{2} 的 {1} 个分箱")
                .filled(
                    Phrase(decimalText(column["psi"]?.number ?? 0, 4)), Phrase("\(bins.count)"),
                    Phrase(DatasetProfile.short(name, 40))),
            category: Phrase("Bin", chinese: "分箱"), categories: bins.map { words($0, most: 14).phrase },
            value: .init(Phrase("Share of rows", chinese: "行数占比"), .percent, includesZero: true),
            series: [
                .init(Phrase(first), bins.map { $0["firstShare"]?.number }),
                .init(Phrase(second), bins.map { $0["secondShare"]?.number }),
            ], width: 620)
        let table = Table(
            Words("Bins", "分箱"),
            [
                .init(Words("Bin", "分箱")), .init(Words("Rows", "行数"), isNumber: true),
                .init(Words("Share", "占比"), isNumber: true), .init(Words("Rows now", "当前行数"), isNumber: true),
                .init(Words("Share now", "当前占比"), isNumber: true),
                .init(Words("Part of the PSI", "PSI 分量"), isNumber: true),
            ],
            rows: bins.map { bin in
                [
                    HTML(words(bin, most: 128)), number(bin["first"]?.integer ?? 0), percent(bin["firstShare"]?.number),
                    number(bin["second"]?.integer ?? 0), percent(bin["secondShare"]?.number),
                    number(bin["psi"]?.number, decimals: 4),
                ]
            })
        return section(Words("Bins of one column", "单列分箱"), id: "bins") {
            tag("p") {
                tag("strong") { plain(name) }
                plain(" · PSI ")
                number(column["psi"]?.number, decimals: 4)
                plain(" · ")
                verdict(column["verdict"]?.string)
            }
            figure(chart, id: "bins-chart")
            table.html
            tag("p", .class("note")) {
                Words(
                    "PSI is the sum over bins of (now − before) · ln(now / before), shares of rows; a bin without rows counts as half a row. Below 0.1 stable, below 0.25 watch, else act.",
                    "PSI = Σ(当前占比 − 原占比) · ln(当前占比 / 原占比)；没有行的分箱按半行计。低于 0.1 稳定，低于 0.25 需关注，否则需处理。")
            }
        }
    }

    private static func words(_ bin: JSONValue, most: Int) -> Words {
        func name(_ text: String) -> Words { Words(DatasetProfile.short(text, most), DatasetProfile.short(text, most)) }
        return switch (bin["kind"]?.string, bin["above"]?.string, bin["upTo"]?.string) {
        case ("value", _, _): name(bin["value"]?.string ?? "")
        case ("missing", _, _): Words("(missing)", "（缺失）")
        case ("rest", _, _): Words("(other values)", "（其他值）")
        case (_, nil, nil): Words("(any)", "（全部）")
        case (_, let above?, nil): name("> \(above)")
        case (_, nil, let upTo?): name("≤ \(upTo)")
        case (_, let above?, let upTo?): name("\(above) … \(upTo)")
        }
    }
}
