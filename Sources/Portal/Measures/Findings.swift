import Resources

/// What the tasks after a training have found about it, gathered from their jobs.
struct Findings: Sendable {
    /// Jobs that are read of each kind: the newest.
    static let mostJobs = 5

    var evaluations: [Evaluation] = []
    var points: [(name: String, report: JSONValue)] = []
    /// Figures of measurements by task, and of scorings whose table is no longer here.
    var figures: [(name: String, figures: [String: Double])] = []
    var bins: [(job: String, column: JSONValue)] = []
    var decisions: [JSONValue] = []

    var isEmpty: Bool { evaluations.isEmpty && points.isEmpty && figures.isEmpty }

    /// What was measured since.
    ///
    /// - Parameter tasks: the lineage of what was trained.
    static func measured(_ tasks: [LineageTask], _ visit: Visit) async throws -> Findings {
        var found = Findings()
        let measuring = tasks.filter { $0.relation == .after && $0.state == "Succeeded" }.reversed()
        func jobs(_ operators: Set<String>) -> [String] {
            Array(LineageTask.jobs(Array(measuring), operators).prefix(mostJobs))
        }
        func isIn(_ job: String, _ item: JSONValue) -> Bool {
            measuring.contains { $0.job == job && $0.task == item["task"]?.string }
        }
        for job in jobs(["predict", "predict.logistic"]) {
            for item in try await visit.api.listIfSeen("/jobs/\(encoded(job))/evaluation", visit.placed())
            where isIn(job, item) {
                let evaluation = Evaluation(item, name: "\(job)/\(item["task"]?.string ?? "")")
                found.evaluations.append(evaluation)
                found.figures.append((evaluation.name, evaluation.measures))
            }
        }
        for job in jobs(["evaluate.points"]) {
            for item in try await visit.api.listIfSeen("/jobs/\(encoded(job))/cutoffs", visit.placed())
            where isIn(job, item) {
                found.points.append(("\(job)/\(item["task"]?.string ?? "")", item))
            }
        }
        for job in jobs(["evaluate", "predict", "predict.logistic"]) {
            for item in try await visit.api.listIfSeen("/jobs/\(encoded(job))/results", visit.placed())
            where isIn(job, item) {
                let name = "\(job)/\(item["task"]?.string ?? "")"
                let figures = (item["figures"]?.object ?? [:]).compactMapValues(\.number)
                guard figures.keys.contains(where: { Evaluation.words($0) != nil }),
                    !found.figures.contains(where: { $0.name == name })
                else { continue }
                found.figures.append((name, figures))
            }
        }
        return found
    }

    /// Bins and decisions about columns that the training was made of, or that belong to its own job.
    static func columns(_ tasks: [LineageTask], _ visit: Visit) async throws -> Findings {
        var found = Findings()
        let earlier = tasks.filter { $0.relation != .after }.reversed()
        for job in LineageTask.jobs(Array(earlier), ["woe"]).prefix(mostJobs) {
            found.bins += try await visit.api.listIfSeen("/jobs/\(encoded(job))/bins", visit.placed()).map { (job, $0) }
        }
        let choosing = LineageTask.jobs(Array(tasks.reversed()), ["select", "select.signs"])
        for job in choosing.prefix(mostJobs) {
            found.decisions += try await visit.api.listIfSeen(
                "/jobs/\(encoded(job))/selection", visit.placed())
        }
        return found
    }

    /// Measures, curves, cut-offs and stability, in sections.
    @HTMLBuilder var measured: HTML {
        if !figures.isEmpty {
            section(Words("Measures", "指标"), id: "measures") {
                Evaluation.table(
                    figures,
                    keys: Evaluation.names.map(\.key).filter { key in
                        figures.contains { $0.figures[key] != nil }
                    })
            }
        }
        if !evaluations.isEmpty {
            section(Words("Curves", "曲线"), id: "curves") { MeasureCharts(all: evaluations).html }
        }
        for (index, point) in points.enumerated() {
            section(Words("Cut-offs of \(point.name)", "\(point.name) 的截断分"), id: "points-\(index)") {
                PointsFindings(report: point.report, id: "points-\(index)").html
            }
        }
    }

    /// Bins and decisions, in sections.
    @HTMLBuilder var divided: HTML {
        if !bins.isEmpty {
            section(
                Words("Bins and weights of evidence", "分箱与证据权重"), id: "bins",
                Words(
                    "Of other parties' columns the numbers of fine bins are told, and no edges.",
                    "其他参与方的列只给出细分箱编号，不给出切分点。")
            ) { BinTables(columns: bins).html }
        }
        if !decisions.isEmpty {
            section(Words("Selection of columns", "列筛选"), id: "selection") {
                SelectionTable(decisions: decisions).html
            }
        }
    }
}
