import Charts
import Faults
import Hummingbird
import People
import Resources

/// Regressions on weights of evidence: each is a scorecard, of which every party has its own part.
enum ScorecardList {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let jobs = try await visit.api.listAll("/jobs", visit.placed()).filter { job in
            (job[path: "spec", "tasks"]?.array ?? []).contains {
                $0["operator"]?.string == "train.logistic"
            }
        }.sorted { created($0) > created($1) }
        return Page(
            Words("Scorecards", "评分卡"), in: .models,
            intro: Words(
                "Regressions on weights of evidence as points by bin; every party keeps the points of its columns.",
                "基于证据权重的回归，按分箱计分；每个参与方保存自己列的分值。"),
            live: visit.live(.jobs)
        ) {
            ModelsModule.sections(visit, chosen: 1)
            if jobs.isEmpty {
                emptyState(
                    Words(
                        "There is no scorecard here yet: a job with train.logistic makes one.",
                        "这里还没有评分卡，含 train.logistic 的任务会产生。")
                ) { link(Words("Go to trainings", "前往训练"), visit.link("/training"), class: "button") }
            } else {
                Table(
                    Words("Scorecards", "评分卡"),
                    [
                        .init(Words("Job", "任务")), .init(Words("Project", "项目")), .init(Words("State", "状态")),
                        .init(Words("Asked for", "提交时间")),
                    ],
                    cells: jobs.map { job in
                        let (name, text) = (
                            job[path: "metadata", "name"]?.string ?? "",
                            job[path: "status", "state"]?.string ?? ""
                        )
                        let (tenant, project) = (
                            job[path: "metadata", "tenant"]?.string, job[path: "metadata", "project"]?.string
                        )
                        let path = address(
                            "/scorecards/\(encoded(name))", [("tenant", tenant), ("project", project)])
                        return [
                            .init(text == "Succeeded" ? link(name, path) : plain(name)),
                            .init(plain("\(tenant ?? "") / \(project ?? "")")), .init(JobState.html(text)),
                            .init(time(created(job)), sortedBy: created(job)),
                        ]
                    }
                ).html
            }
        }
    }

    private static func created(_ job: JSONValue) -> String {
        job[path: "metadata", "creationTimestamp"]?.string ?? ""
    }
}

/// One scorecard: points with a what-if, how good it is, its bins, downloads.
enum ScorecardPage {
    private static func shell(
        _ visit: Visit, _ name: String, chosen: Int, @HTMLBuilder content: () throws -> HTML
    ) rethrows -> Page {
        let path = "/scorecards/\(encoded(name))"
        return Page(
            title: .name(name, kind: Words("Scorecard", "评分卡")), section: .models,
            trail: [(HTML(Words("Scorecards", "评分卡")), visit.link("/scorecards"))],
            tabs(
                [
                    (Words("Points", "分值"), visit.link(path)),
                    (Words("Evaluation", "评估"), visit.link("\(path)/evaluation")),
                    (Words("Columns and bins", "列与分箱"), visit.link("\(path)/columns")),
                ], chosen: chosen) + (try content()))
    }

    /// Why there are no points.
    private static func notMade(_ refusal: Refusal) -> HTML {
        let english = tag("div", .class("problem"), Attribute("role", "alert"), Attribute("lang", "en")) {
            tag("p") { plain("\(refusal.code): \(refusal.detail)") }
            refusal.fix.map { fix in tag("p") { plain(fix) } }
        }
        guard let text = FaultText(refusal) else { return english }
        let chinese = tag("div", .class("problem"), Attribute("role", "alert")) {
            tag("p") { plain("\(refusal.code): ") + text.chineseDetail }
            text.chineseFix.map { fix in tag("p") { fix } }
        }
        return HTML(english: english, chinese: chinese)
    }

    // MARK: Points

    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let scale = ScorecardScaleForm(visit)
        var card: Scorecard?
        var refusal: Refusal?
        do {
            card = Scorecard(
                try await visit.api.get(
                    "/jobs/\(encoded(name))/scorecard", visit.placed([("form", "json")] + scale.query)))
        } catch let problem as Refusal
            where problem.code == "\(PeopleFaults.notReleased.number)" || problem.status == 400
        {
            refusal = problem
        }
        let approvals = try await visit.api.every("/approvals", visit.placed())
            .filter { $0[path: "spec", "subject"]?.string == "jobs/\(name)" }
        return shell(visit, name, chosen: 0) {
            refusal.map(notMade)
            if let card {
                points(visit, name, card, scale)
                downloads(visit, name, scale)
            }
            Release.card(visit, path: "/scorecards/\(encoded(name))/release", approvals: approvals)
        }
    }

    /// Every column's bins with their points; one bin of each may be ticked, and the page says what that adds up to.
    private static func points(
        _ visit: Visit, _ name: String, _ card: Scorecard, _ scale: ScorecardScaleForm
    ) -> HTML {
        let chosen = card.columns.enumerated().map { index, column in
            visit.query("bin\(index)").flatMap { Int($0) }.flatMap {
                column.bins.indices.contains($0) ? $0 : nil
            }
        }
        let path = visit.link("/scorecards/\(encoded(name))")
        return tag("form", Attribute("method", "get"), .action("/scorecards/\(encoded(name))")) {
            visit.placeFields
            section(Words("Scale", "刻度"), id: "scale") {
                tag("div", .class("filter")) { scale.fields(visit) }
            }
            section(
                Words("What if", "试算"), id: "what-if",
                Words(
                    "Tick a bin of each column and show the points. Other parties add their columns' own.",
                    "为每列选择一个分箱后显示分值。仅含本站的列，其他参与方的分值另加。")
            ) {
                sum(card, chosen)
                tag("p", .class("actions")) {
                    tag("button", .class("primary")) { Words("Show the points", "显示分值") }
                    link(Words("Begin again", "重新选择"), path, class: "button")
                }
            }
            if let chart = card.reach {
                tag("div", .class("card")) { figure(chart, id: "reach") }
            }
            for (index, column) in card.columns.enumerated() {
                bins(index, column, chosen[index], card.decimals)
            }
        }
    }

    private static func sum(_ card: Scorecard, _ chosen: [Int?]) -> HTML {
        let picked = zip(card.columns, chosen).compactMap { column, bin in
            bin.map { (column, column.bins[$0]) }
        }
        let total = picked.reduce(card.base) { $0 + $1.1.points }
        func text(_ points: Double) -> HTML { plain(Figures.fixed(points, card.decimals)) }
        return facts {
            fact(Words("Base points", "基础分"), text(card.base))
            for (column, bin) in picked {
                fact(
                    Words(column.name, column.name),
                    HTML(BinRange.words(bin.range)) + plain(": ") + text(bin.points))
            }
            fact(
                picked.count == card.columns.count
                    ? Words("Points of this site", "本站分值合计") : Words("Points so far", "当前分值"),
                tag("strong", .id("total")) { text(total) })
            fact(
                Words("This site gives", "本站分值范围"),
                text(card.bounds.least) + plain(" … ") + text(card.bounds.most))
        }
    }

    private static func bins(
        _ index: Int, _ column: Scorecard.Column, _ chosen: Int?, _ decimals: Int
    ) -> HTML {
        section(Words(column.name, column.name), id: "column-\(index)") {
            Table(
                Words("Points of \(column.name)", "\(column.name) 的分值"),
                [
                    .init(Words("Bin", "分箱")), .init(Words("Weight of evidence", "证据权重"), isNumber: true),
                    .init(Words("Points", "分值"), isNumber: true),
                ],
                rows: column.bins.enumerated().map { place, bin in
                    [
                        tag("label", .class("box")) {
                            void(
                                "input", Attribute("type", "radio"), Attribute("name", "bin\(index)"),
                                Attribute("value", "\(place)"), .flag("checked", place == chosen))
                            BinRange.words(bin.range)
                        },
                        plain(Figures.signed(bin.woe, 3)), plain(Figures.fixed(bin.points, decimals)),
                    ]
                }
            ).html
        }
    }

    // MARK: Others

    @Sendable static func evaluation(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let found = try await Findings.measured(try await lineage(visit, name), visit)
        return shell(visit, name, chosen: 1) {
            if found.isEmpty {
                emptyState(
                    Words(
                        "This scorecard was not measured here yet: predict.logistic scores rows, evaluate.points "
                            + "and evaluate measure the scores.",
                        "此评分卡尚未在本站评估：predict.logistic 评分后，用 evaluate 和 evaluate.points 评估。")
                ) {}
            } else {
                found.measured
            }
        }
    }

    @Sendable static func columns(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let found = try await Findings.columns(try await lineage(visit, name), visit)
        return shell(visit, name, chosen: 2) {
            if found.bins.isEmpty, found.decisions.isEmpty {
                emptyState(Words("The bins of this scorecard are no longer here.", "此评分卡的分箱已不在本站。")) {}
            } else {
                found.divided
            }
        }
    }

    private static func lineage(_ visit: Visit, _ name: String) async throws -> [LineageTask] {
        try await visit.api.list("/jobs/\(encoded(name))/lineage", visit.placed()).map(LineageTask.init)
    }

    private static func downloads(_ visit: Visit, _ name: String, _ scale: ScorecardScaleForm) -> HTML {
        let forms: [(String, Words)] = [
            ("csv", Words("table", "表格")), ("sql", Words("one SELECT", "SQL 查询")),
            ("pmml", Words("PMML", "PMML")),
            ("json", Words("with its digest", "含摘要")),
        ]
        return section(Words("Take it out", "导出"), id: "downloads") {
            tag("p", .class("actions")) {
                for (form, words) in forms {
                    tag(
                        "a", .class("button"),
                        .href(
                            visit.link("/scorecards/\(encoded(name))/download", [("form", form)] + scale.query))
                    ) {
                        plain("\(form.uppercased()): ")
                        words
                    }
                }
            }
            commandLines(
                ["atoll job scorecard \(name) --form csv\(scale.options)\(visit.place.optionText)"], id: "command"
            )
        }
    }

    @Sendable static func download(_ visit: Visit) async throws -> Response {
        let name = try visit.part("name")
        let form = visit.query("form") ?? "csv"
        // SQL and PMML name the card; hyphens are no part of a name there.
        let inside = String(name.map { $0 == "-" ? "_" : $0 })
        return try await visit.api.download(
            "/jobs/\(encoded(name))/scorecard",
            visit.placed([("form", form), ("name", inside)] + ScorecardScaleForm(visit).query),
            as: "\(name).\(form == "pmml" ? "xml" : form)")
    }

    @Sendable static func ask(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let name = try visit.part("name")
        try await Release.ask(visit, form, subject: "jobs/\(name)")
        return .to(visit.link("/scorecards/\(encoded(name))"), .sent)
    }
}

/// How log-odds become points, as the address of the page says; what it does not say is the usual.
struct ScorecardScaleForm {
    private static let names: [(name: String, usual: String, words: Words)] = [
        ("pdo", "20", Words("Points that double the odds", "翻倍分值 (PDO)")),
        ("base", "600", Words("Score at the odds", "基准分")),
        ("odds", "20", Words("Goods per bad at the base", "基准好坏比")),
        ("decimals", "0", Words("Decimals", "小数位")),
    ]

    let query: [(String, String?)]

    init(_ visit: Visit) {
        query = Self.names.map { ($0.name, visit.query($0.name)) }
    }

    /// Of the command line.
    var options: String {
        query.compactMap { name, value in value.map { " --\(name) \($0)" } }.joined()
    }

    func fields(_ visit: Visit) -> HTML {
        var result = HTML()
        for (name, usual, words) in Self.names {
            result.append(
                visit.field(
                    name, words, type: "number", value: visit.query(name) ?? usual,
                    more: [Attribute("step", name == "decimals" ? "1" : "any"), Attribute("min", "0")]))
        }
        return result
    }
}
