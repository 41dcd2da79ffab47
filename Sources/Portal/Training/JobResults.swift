import Charts
import People
import Resources

/// What a job's tasks left at this site.
struct JobResults {
    let visit: Visit
    let job: JobView
    /// A report is kept and sent on: nothing in it is pressed, and no token of the browser stands in it.
    var isReport = false

    private var path: String { "/jobs/\(encoded(job.name))" }

    var html: HTML {
        get async throws {
            let outputs = try await visit.api.list(path + "/results", visit.placed())
            let measured = try await evaluation
            let others = try await columns
            if outputs.isEmpty {
                return emptyState(Words("No step has left anything yet.", "还没有步骤产生结果。")) {
                    link(Words("How it stands", "当前状态"), job.path())
                }
            }
            return measured + others + figures(outputs) + left(outputs)
        }
    }

    // MARK: Measures

    /// The job that this one is compared with: the one that is named, else what was computed of the own columns alone.
    private func compared() async throws -> String? {
        if let named = visit.query("against") { return named }
        let query = visit.placed([("selector", "\(JobView.baselineLabel)=\(job.name)")])
        return try await visit.api.list("/jobs", query).map { JobView(json: $0) }
            .filter { $0.state == .succeeded }.max { ($0.created ?? "") < ($1.created ?? "") }?.name
    }

    private var evaluation: HTML {
        get async throws {
            let other = try await compared()
            let found = try await visit.api.listIfSeen(path + "/evaluation", visit.placed([("against", other)]))
            guard !found.isEmpty else { return HTML() }
            let isMissing = !isReport && other == nil && visit.may(.manage(.jobs)) && Baseline.document(of: job) != nil
            var all = found.map { Evaluation($0, name: "\(job.name) (\($0["task"]?.string ?? ""))") }
            if let other {
                let theirs = try await visit.api.listIfSeen("/jobs/\(encoded(other))/evaluation", visit.placed())
                all += theirs.map { Evaluation($0, name: "\(other) (\($0["task"]?.string ?? ""))") }
            }
            return section(
                Words("How good it is", "模型效果"), id: "measures",
                Words(
                    "On the rows that no model has learnt from. No point of a curve and no band tells of fewer than 20 rows.",
                    "在未参与训练的样本上测量。曲线上的点和分组均不少于 20 行。")
            ) {
                for item in found {
                    if let uplift = item["uplift"], let other {
                        UpliftView(
                            uplift: uplift,
                            other: link(other, address("/training/jobs/\(encoded(other))", visit.placed()))
                        )
                        .html
                    }
                }
                if isMissing {
                    tag("p") {
                        Words(
                            "What the partner's columns are worth is not known yet. ", "尚不知道合作方变量的价值。")
                        visit.button(
                            job.path("/baseline"),
                            Words("Train on the own columns alone, on the same rows", "用相同样本、仅用本方变量训练"))
                    }
                }
                Evaluation.table(all)
                MeasureCharts(all: all, prefix: "curves").html
            }
        }
    }

    // MARK: Bins, selection

    private var columns: HTML {
        get async throws {
            let bins = try await visit.api.listIfSeen(path + "/bins", visit.placed())
            let decisions = try await visit.api.listIfSeen(path + "/selection", visit.placed())
            var result = HTML()
            if !bins.isEmpty { result = result + information(bins) }
            if !decisions.isEmpty { result = result + selection(decisions) }
            return result
        }
    }

    /// Columns by how much they tell, highest first.
    private func information(_ bins: [JSONValue]) -> HTML {
        let known = bins.compactMap { column -> (name: String, iv: Double)? in
            guard let name = column["column"]?.string, let iv = column["iv"]?.number else { return nil }
            return (name, iv)
        }.sorted { ($1.iv, $0.name) < ($0.iv, $1.name) }
        func isOthers(_ name: String) -> Bool { name.hasPrefix("host") && name.contains(".") }
        let chart = RankChart(
            Phrase("Information value", chinese: "信息值 (IV)"),
            summary: Phrase("How much each column tells of the label.", chinese: "各变量对标签的区分能力。"),
            item: Phrase("Column", chinese: "变量"), group: Phrase("Party", chinese: "参与方"),
            value: .init(Phrase("IV", chinese: "IV"), .fixed(4)),
            groups: [Phrase("this site", chinese: "本站点"), Phrase("others", chinese: "其他参与方")],
            bars: known.prefix(40).map { .init(Phrase($0.name), group: isOthers($0.name) ? 1 : 0, value: $0.iv) })
        return tag("div", .class("card")) { figure(chart, id: "information") }
    }

    private func selection(_ decisions: [JSONValue]) -> HTML {
        let dropped = decisions.filter { $0["kept"]?.bool == false }
        return section(
            Words("Columns that were dropped", "被剔除的变量"), id: "selection",
            Words(
                "Of this site's own columns: \(dropped.count) decisions against one.",
                "本站点变量中，共有 \(dropped.count) 项剔除决定。")
        ) {
            if !dropped.isEmpty { SelectionTable(decisions: dropped).html }
        }
    }

    // MARK: Figures and outputs

    private func figures(_ outputs: [JSONValue]) -> HTML {
        let rows = outputs.flatMap { output in
            (output["figures"]?.object ?? [:]).sorted { $0.key < $1.key }.map { name, value -> [Table.Cell] in
                let shown = value.number.map(Figures.short) ?? ParameterView.text(value)
                return [
                    .init(plain(name)), .init(plain(output["task"]?.string ?? "")),
                    .init(plain(shown), sortedBy: value.number.map { "\($0)" }),
                ]
            }
        }
        guard !rows.isEmpty else { return HTML() }
        return section(
            Words("Figures", "指标"), id: "figures", Words("What each step measured at this site.", "各步骤在本站点测得的数值。")
        ) {
            more(Words("All \(rows.count)", "全部 \(rows.count) 项")) {
                Table(
                    Words("Figures", "指标"),
                    [
                        .init(Words("Figure", "指标")), .init(Words("Step", "步骤")),
                        .init(Words("Value", "数值"), isNumber: true),
                    ], cells: rows
                ).html
            }
        }
    }

    private func left(_ outputs: [JSONValue]) -> HTML {
        section(
            Words("What is kept here", "本站点保存的结果"), id: "outputs",
            Words("The digests are what all parties agreed on.", "摘要为各参与方共同认可的结果。")
        ) {
            Table(
                Words("What is kept here", "本站点保存的结果"),
                [
                    .init(Words("Step", "步骤")), .init(Words("Time", "时间")),
                    .init(Words("Bytes", "字节"), isNumber: true), .init(Words("Digest", "摘要")),
                ],
                cells: outputs.map { output in
                    [
                        .init(plain(output["task"]?.string ?? "")), .init(time(output["time"]?.string)),
                        .bytes(output["bytes"]?.integer),
                        .init(tag("span", .class("id long")) { plain(output["digest"]?.string ?? "") }),
                    ]
                }
            ).html
            link(Words("Download the report of the job", "下载任务报告"), job.path("/report"), class: "button")
        }
    }
}
