import Faults
import HTTPTypes
import Hummingbird
import Models
import People
import Resources

/// Scoring rows by a version, with its hosts: the job that `atoll model predict` submits.
enum ModelScoring {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let version = try await ModelVersionPage.load(visit)
        let scorings = try await version.lineage(visit).filter {
            $0.relation == .after && $0.operatorName == "predict"
        }
        let datasets = try await visit.api.every("/datasets", visit.placed())
        return version.page(visit, .scoring, live: visit.live(.jobs, .datasets)) {
            if !version.isGuest {
                emptyState(
                    Words(
                        "Rows are scored at the guest's site: it has the structure of the model.",
                        "评分由发起方站点进行，模型结构保存在那里。")
                ) {}
            } else if visit.may(.manage(.jobs)) {
                form(visit, version)
            }
            section(Words("Scorings", "评分任务"), id: "scorings") {
                if scorings.isEmpty {
                    tag("p") { Words("No rows were scored by this version yet.", "尚未用此版本评分。") }
                } else {
                    table(visit, scorings, datasets)
                }
            }
        }
    }

    private static func form(_ visit: Visit, _ version: ModelVersionPage) -> HTML {
        let hosts = version.spec["parties"]?.array?.filter { $0["peer"] != nil } ?? []
        let peers = hosts.compactMap { $0["peer"]?.string }
        let order = peers.joined(separator: ", ")
        return section(
            Words("Score rows", "评分"), id: "score",
            Words(
                "A job between the sites: every host must have granted its dataset. The scores are a new dataset here.",
                "评分是站点间的任务：每个数据方须已授权其数据集用于 predict。评分结果是本站的新数据集。")
        ) {
            visit.form(visit.link("\(version.path)/scoring")) {
                visit.field(
                    "job", Words("Name of the job", "任务名称"),
                    value: "score-\(version.model.prefix(40))-\(ULID.make().suffix(8).lowercased())",
                    isRequired: true)
                visit.field(
                    "dataset", Words("Aligned dataset of this site", "本站已对齐的数据集"),
                    hint: Words(
                        "Such as loans@align-1/match; empty for the rows of the training.",
                        "例如 loans@align-1/match；留空则为训练所用的行。"))
                if !hosts.isEmpty {
                    visit.area(
                        "hosts", Words("Aligned dataset of each host, a line each", "各数据方已对齐的数据集，每行一个"),
                        rows: max(2, hosts.count),
                        hint: Words(
                            "In this order: \(order). Empty as above.", "顺序：\(order)。上一项留空时也留空。"))
                }
                visit.field(
                    "label", Words("Column to write beside the scores", "与评分一起写出的列"),
                    hint: Words("Such as the label, so that the scores can be evaluated.", "例如标签列，以便评估评分。"))
                visit.choice(
                    "part", Words("Which rows", "哪些行"),
                    [
                        ("all", HTML(Words("all", "全部"))),
                        ("test", HTML(Words("those left out of the training", "未参与训练的行"))),
                        ("learnt", HTML(Words("those it learnt from", "参与训练的行"))),
                    ])
                visit.choice(
                    "method", Words("How hosts are asked", "询问数据方的方式"),
                    [
                        (
                            "path",
                            HTML(Words("node by node along each row's path: fewest messages", "沿每行的路径逐节点询问，消息最少"))
                        ),
                        ("bits", HTML(Words("every split at once: hosts learn no paths", "一次询问所有分裂，数据方不知道路径"))),
                    ])
                tag("button", .class("primary")) { Words("Submit the job", "提交任务") }
            }
            commandLines(
                [
                    "atoll model predict \(version.reference)\(visit.place.optionText)",
                    "atoll model predict \(version.reference) "
                        + "--dataset DATASET\(hosts.map { _ in " --host-dataset DATASET" }.joined())\(visit.place.optionText)",
                ],
                id: "command")
        }
    }

    private static func table(
        _ visit: Visit, _ scorings: [LineageTask], _ datasets: [JSONValue]
    ) -> HTML {
        Table(
            Words("Scorings by this version", "使用此版本的评分"),
            [
                .init(Words("Job", "任务")), .init(Words("Task", "步骤")), .init(Words("State", "状态")),
                .init(Words("Asked for", "提交时间")), .init(Words("Scores", "评分结果")),
            ],
            cells: scorings.reversed().map { task in
                let left = datasets.filter {
                    $0[path: "spec", "lineage", "job"]?.string == task.id
                        && $0[path: "spec", "lineage", "task"]?.string == task.task
                }
                return [
                    .init(link(task.job, visit.jobPath(task.job))), .init(plain(task.task)),
                    .init(JobState.html(task.state)), .init(time(task.asked), sortedBy: task.asked),
                    .init(links(visit, left)),
                ]
            }
        ).html
    }

    private static func links(_ visit: Visit, _ datasets: [JSONValue]) -> HTML {
        guard !datasets.isEmpty else { return plain("–") }
        var result = HTML()
        for dataset in datasets {
            let name = dataset[path: "metadata", "name"]?.string ?? ""
            result.append(link(name, visit.datasetPath(name)))
            if visit.may(.view(.rows)) {
                result.append(plain(" "))
                result.append(
                    link(Words("CSV", "CSV"), visit.link("/scores/\(encoded(name))"), class: "button quiet"))
            }
        }
        return result
    }

    @Sendable static func scores(_ visit: Visit) async throws -> Response {
        let name = try visit.part("name")
        return try await visit.api.download(
            "/datasets/\(encoded(name))/export", visit.placed(), as: "\(name).csv")
    }

    @Sendable static func submit(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let version = try await ModelVersionPage.load(visit)
        var scoring = ModelJob.Scoring()
        scoring.guestDataset = form["dataset"]
        scoring.hostDatasets = (form["hosts"] ?? "").split(whereSeparator: \.isNewline).map {
            String($0).trimmed
        }
        .filter { !$0.isEmpty }
        guard (scoring.guestDataset == nil) == scoring.hostDatasets.isEmpty else {
            throw Fault(
                ProgramFaults.badRequest, "Name the datasets of all parties, or none.", at: "dataset",
                wanted: "one dataset of this site and one of every host")
        }
        scoring.label = form["label"]
        scoring.part = form["part"] ?? "all"
        scoring.method = form["method"] ?? "path"
        let job = try ModelJob.predict(version.spec, scoring)
        try await visit.submit(job, named: form["job"] ?? "", key: form.key)
        return .to(visit.link("\(version.path)/scoring"), .sent)
    }
}

extension Visit {
    /// Submits a job of a model in the place of the page.
    func submit(_ spec: JSONValue, named name: String, key: String?) async throws {
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": "Job",
            "metadata": ["name": .string(name)],
            "spec": spec,
        ]
        try await api.send(.post, "/jobs/submit", placed(), document, key: key)
    }
}
