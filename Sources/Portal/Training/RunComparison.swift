import Charts
import Hummingbird
import Resources

/// Jobs beside each other: what was asked for, what was measured, and the curves.
enum RunComparison {
    /// More are too many to look at.
    private static let most = 6

    /// How a job stands in the address.
    static func reference(_ job: JobView) -> String {
        [job.tenant ?? "", job.project ?? "", job.name].joined(separator: "/")
    }

    @Sendable static func page(_ visit: Visit) async throws -> Page {
        var jobs: [JobView] = []
        for reference in chosen(visit).prefix(most) {
            let parts = reference.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { continue }
            let query = [("tenant", parts[0]), ("project", parts[1])].map { ($0.0, $0.1.isEmpty ? nil : $0.1) }
            jobs.append(JobView(json: try await visit.api.get("/jobs/\(encoded(parts[2]))", query)))
        }
        let content: HTML
        if jobs.count < 2 {
            content = emptyState(Words("Choose two or more jobs in the list.", "请在列表中选择两个或更多任务。")) {
                link(Words("Jobs", "任务列表"), visit.link("/training"), class: "button")
            }
        } else {
            content = standing(jobs) + (try await measures(visit, jobs)) + parameters(visit, jobs)
        }
        return Page(
            title: .words(Words("Compare jobs", "任务对比")), section: .training,
            trail: [(HTML(Words("Training", "训练")), visit.link("/training"))], content)
    }

    private static func chosen(_ visit: Visit) -> [String] {
        visit.parameters.all("job")
    }

    private static func columns(_ first: Words, _ jobs: [JobView], isNumber: Bool = false) -> [Table.Column] {
        [.init(first)] + jobs.map { .init(Words($0.name, $0.name), isNumber: isNumber) }
    }

    private static func standing(_ jobs: [JobView]) -> HTML {
        section(Words("Jobs", "任务"), id: "jobs") {
            Table(
                Words("Jobs", "任务"), columns(Words("Fact", "项目"), jobs),
                rows: [
                    [HTML(Words("Page", "页面"))] + jobs.map { link($0.name, $0.path()) },
                    [HTML(Words("State", "状态"))] + jobs.map { JobState.html($0.stateName) },
                    [HTML(Words("Begun", "开始时间"))] + jobs.map { time($0.created) },
                    [HTML(Words("Operators", "算子"))]
                        + jobs.map { job in
                            plain(job.tasks.compactMap { $0["operator"]?.string }.joined(separator: ", "))
                        },
                ]
            ).html
        }
    }

    private static func measures(_ visit: Visit, _ jobs: [JobView]) async throws -> HTML {
        var all: [Evaluation] = []
        var uplifts = HTML()
        for (index, job) in jobs.enumerated() {
            let scope = [("tenant", job.tenant), ("project", job.project)]
            // Each against the first, where both are of one project.
            let isBeside = index > 0 && job.tenant == jobs[0].tenant && job.project == jobs[0].project
            let found = try await visit.api.listIfSeen(
                "/jobs/\(encoded(job.name))/evaluation", scope + [("against", isBeside ? jobs[0].name : nil)])
            for item in found {
                let name = found.count == 1 ? job.name : "\(job.name) (\(item["task"]?.string ?? ""))"
                all.append(Evaluation(item, name: name))
                if let uplift = item["uplift"] {
                    uplifts =
                        uplifts
                        + tag("div") {
                            tag("h3") { plain(job.name) }
                            UpliftView(uplift: uplift, other: link(jobs[0].name, jobs[0].path())).html
                        }
                }
            }
        }
        return section(
            Words("Measures", "评估指标"), id: "measures",
            Words(
                "Of predictions with labels that the jobs left at this site. Intervals compare with the first job, on the same rows.",
                "任务在本站点留下的、带标签的预测结果。区间为与第一个任务在相同样本上的对比。")
        ) {
            if all.isEmpty {
                tag("p") { Words("None of these jobs left predictions with labels here.", "这些任务均未在本站点留下带标签的预测结果。") }
            } else {
                uplifts
                Evaluation.table(all)
                MeasureCharts(all: all, prefix: "compared").html
            }
        }
    }

    // MARK: Parameters

    /// Every task's operator and parameters by `task.parameter`.
    private static func settings(_ job: JobView) -> [String: String] {
        var settings: [String: String] = [:]
        for task in job.tasks {
            let name = task["name"]?.string ?? ""
            settings["\(name).operator"] = task["operator"]?.string
            for (parameter, value) in task["parameters"]?.object ?? [:] {
                settings["\(name).\(parameter)"] = ParameterView.text(value)
            }
        }
        for (name, value) in job.spec["limits"]?.object ?? [:] {
            settings["limits.\(name)"] = ParameterView.text(value)
        }
        return settings
    }

    private static func parameters(_ visit: Visit, _ jobs: [JobView]) -> HTML {
        let settings = jobs.map(settings)
        let names = Set(settings.flatMap(\.keys)).sorted()
        let isAll = visit.query("all") != nil
        let shown = isAll ? names : names.filter { name in Set(settings.map { $0[name] ?? "" }).count > 1 }
        let query = chosen(visit).map { ("job", $0 as String?) }
        return section(
            isAll ? Words("All parameters", "全部参数") : Words("Parameters that differ", "不同的参数"), id: "parameters",
            Words("What is left out in a document takes its default.", "文档中未写的参数取默认值。")
        ) {
            if shown.isEmpty {
                tag("p") { Words("They are the same.", "参数相同。") }
            } else {
                Table(
                    Words("Parameters", "参数"), columns(Words("Parameter", "参数"), jobs),
                    rows: shown.map { name in [plain(name)] + settings.map { plain($0[name] ?? "–") } }
                ).html
            }
            tag("p") {
                link(
                    isAll
                        ? Words("Only those that differ", "仅显示不同的参数")
                        : Words("All \(names.count)", "显示全部 \(names.count) 个"),
                    visit.link("/training/compare", query + [("all", isAll ? nil : "yes")]))
            }
        }
    }
}
