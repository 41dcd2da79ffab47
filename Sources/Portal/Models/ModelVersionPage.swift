import Charts
import Hummingbird
import Resources

/// What the pages of one version have in common: what it is, and the tabs.
struct ModelVersionPage {
    enum Tab: Int, CaseIterable {
        case overview, evaluation, columns, trees, scoring, export, history

        var title: Words {
            switch self {
            case .overview: Words("Overview", "概览")
            case .evaluation: Words("Evaluation", "评估")
            case .columns: Words("Columns and bins", "列与分箱")
            case .trees: Words("Trees", "树")
            case .scoring: Words("Batch scoring", "批量评分")
            case .export: Words("Export", "导出")
            case .history: Words("History", "历史")
            }
        }
    }

    /// What `/models/:name/facts` says.
    let facts: JSONValue

    var version: JSONValue { facts["version"] ?? [:] }
    var spec: JSONValue { version["spec"] ?? [:] }
    var content: JSONValue { facts["content"] ?? [:] }
    var model: String { spec["model"]?.string ?? "" }
    var number: Int64 { spec["version"]?.integer ?? 0 }
    var aliases: [String] { (facts["aliases"]?.array ?? []).compactMap(\.string) }
    var isGuest: Bool { spec["role"]?.string == "guest" }
    var isWhole: Bool { content["whole"]?.bool == true }
    /// Without the place.
    var path: String { "/models/\(encoded(model))/\(number)" }
    /// As the command line names it.
    var reference: String { "\(model):\(number)" }
    /// What the API's addresses of this version take.
    var which: (String, String?) { ("version", "\(number)") }

    /// The version that the address names; the newest where it names none.
    static func load(_ visit: Visit) async throws -> ModelVersionPage {
        let name = try visit.part("name")
        let version = visit.context.parameters.get("version")
        return ModelVersionPage(
            facts: try await visit.api.get(
                "/models/\(encoded(name))/facts", visit.placed([("version", version)])))
    }

    func page(
        _ visit: Visit, _ tab: Tab, live: Page.Live? = nil, actions: HTML = HTML(),
        @HTMLBuilder content: () throws -> HTML
    ) rethrows -> Page {
        Page(
            title: .name("\(model) \(number)", kind: Words("Version of a model", "模型版本")),
            section: .models,
            trail: [(HTML(Words("Models", "模型")), visit.link("/models"))], intro: nil, actions: actions,
            live: live,
            tabs(
                Tab.allCases.map { tab in
                    (tab.title, visit.link(tab == .overview ? path : "\(path)/\(tab)"))
                }, chosen: tab.rawValue) + (try content()))
    }

    /// The tasks that it was made of and that were made with it; none where the viewer may see no jobs.
    func lineage(_ visit: Visit) async throws -> [LineageTask] {
        try await visit.api.listIfSeen("/models/\(encoded(model))/lineage", visit.placed([which])).map(
            LineageTask.init)
    }
}

/// A task before or after another thing.
struct LineageTask: Sendable, Hashable {
    enum Relation: String, Sendable {
        case before, itself, after
    }

    let job: String
    /// The job's ULID.
    let id: String
    let task: String
    let operatorName: String
    let relation: Relation
    let state: String
    let asked: String?

    init(_ json: JSONValue) {
        job = json["job"]?.string ?? ""
        id = json["id"]?.string ?? ""
        task = json["task"]?.string ?? ""
        operatorName = json["operator"]?.string ?? ""
        relation = json["relation"]?.string.flatMap(Relation.init(rawValue:)) ?? .itself
        state = json["state"]?.string ?? ""
        asked = json["time"]?.string
    }

    /// The jobs of some tasks, each once, in their order.
    static func jobs(_ tasks: [LineageTask], _ operators: Set<String>) -> [String] {
        var seen: Set<String> = []
        return tasks.filter { operators.contains($0.operatorName) }.map(\.job).filter {
            seen.insert($0).inserted
        }
    }

    static func table(_ tasks: [LineageTask], _ visit: Visit) -> HTML {
        Table(
            Words("Jobs and tasks", "任务与步骤"),
            [
                .init(Words("Job", "任务")), .init(Words("Task", "步骤")), .init(Words("What it did", "内容")),
                .init(Words("Relation", "关系")), .init(Words("State", "状态")),
                .init(Words("Asked for", "提交时间")),
            ],
            cells: tasks.map { task in
                [
                    .init(link(task.job, visit.jobPath(task.job))), .init(plain(task.task)),
                    .init(plain(task.operatorName)),
                    .init(task.relation.words.map { HTML($0) } ?? plain("–")),
                    .init(JobState.html(task.state)), .init(time(task.asked), sortedBy: task.asked),
                ]
            }
        ).html
    }
}

extension LineageTask.Relation {
    fileprivate var words: Words? {
        switch self {
        case .before: Words("made what it learnt from", "产生训练数据")
        case .itself: Words("the training", "训练")
        case .after: Words("used it since", "之后的使用")
        }
    }
}

/// Words of models.
enum ModelWords {
    static func role(_ role: String) -> HTML { OperatorWords.role(role) }

    /// How much of a version is here.
    static func kept(_ version: JSONValue) -> HTML {
        guard version[path: "status", "state"]?.string == "Ready" else {
            return state(HTML(Words("nothing", "无内容")), .bad)
        }
        return version[path: "status", "whole"]?.bool == true
            ? state(HTML(Words("the whole model", "完整模型")), .good)
            : state(HTML(Words("this site's part", "本站部分")), .plain)
    }
}
