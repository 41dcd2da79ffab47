import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// `/federation/new-grant`: the form of a grant. The dataset is chosen first, in the address, so that its columns can be
/// ticked without scripts.
enum NewGrantPage {
    /// More columns than this are written, not ticked.
    private static let mostBoxes = 200
    private static let day: Int64 = 86_400_000
    private static let path = "/federation/new-grant"

    static func add(to routes: PortalRoutes) {
        routes.page("federation/new-grant", page)
        routes.form("federation/new-grant", on: page) { visit, form in
            let name = form["name"] ?? ""
            let document: JSONValue = [
                "apiVersion": .string(Resource.apiVersion), "kind": "Grant", "metadata": ["name": .string(name)],
                "spec": try spec(form, dataset: visit.query("dataset")),
            ]
            try await visit.api.send(.post, "/grants", visit.placed(), document, key: form.key)
            return .to(visit.link("/federation/grants/\(encoded(name))"), .created)
        }
    }

    /// What was typed, as the API takes it; what is missing or cannot be used it says itself.
    private static func spec(_ form: Form, dataset: String?) throws -> JSONValue {
        func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        let written = (form["columns-written"] ?? "").split(whereSeparator: \.isNewline).map { String($0).trimmed }
        let columns = form.all("columns") + written.filter { !$0.isEmpty }
        var spec: [String: JSONValue] = [
            "peer": .string(form["peer"] ?? ""), "dataset": .string(dataset ?? ""), "columns": list(columns),
            "purpose": .string(form["purpose"] ?? ""), "algorithms": list(form.all("algorithms")),
            "reveals": list(form.all("reveals")),
        ]
        for member in ["uses", "rows", "minimumIntersection", "minimumBin", "distinctIds"] {
            guard let text = form[member] else { continue }
            spec[member] = Int64(text).map { .integer($0) } ?? .string(text)
        }
        // Whole days of UTC, the last one until its end.
        if let from = form["notBefore"] { spec["notBefore"] = .string(moment(from, "T00:00:00Z")) }
        spec["notAfter"] = .string(form["notAfter"].map { moment($0, "T23:59:59Z") } ?? "")
        return .object(spec)
    }

    private static func moment(_ text: String, _ time: String) -> String {
        text.utf8.count == 10 ? text + time : text
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let content: HTML
        if visit.place.project == nil {
            content = emptyState(
                Words("A grant belongs to the project of its dataset.", "授权属于数据集所在的项目。")
            ) {
                link(
                    Words("Choose a project", "选择项目"), visit.link("/places", [("next", visit.here)]),
                    class: "button primary")
            }
        } else {
            content = try await inProject(visit)
        }
        return Page(
            title: .words(Words("New grant", "新建授权")), section: .federation,
            trail: FederationTab.grants.trail(visit),
            intro: Words(
                "Nothing of a grant changes later but that it is revoked: other terms are another grant.",
                "授权建立后不可修改，只能撤销；不同条件请另建授权。"), content)
    }

    private static func inProject(_ visit: Visit) async throws -> HTML {
        let datasets = try await visit.api.every("/datasets", visit.placed())
        let peers = try await KnownPeers.of(visit)
        guard !datasets.isEmpty, !peers.all.isEmpty else {
            return emptyState(
                Words(
                    "A grant is of a dataset of this project and to a peer; one of them is not there yet.",
                    "授权需要本项目的数据集和一个对等站点，目前缺少其一。")
            ) { link(Words("To the peers", "查看对等站点"), visit.link("/federation"), class: "button") }
        }
        let names = datasets.map(\.resourceName)
        let chosen = visit.query("dataset").flatMap { name in datasets.first { $0.resourceName == name } }
        let filter = visit.filter(path) {
            visit.query("peer").map { peer in
                void("input", Attribute("type", "hidden"), Attribute("name", "peer"), Attribute("value", peer))
            }
            visit.choice(
                "dataset", Words("Dataset", "数据集"), names.map { (value: $0, shown: plain($0)) },
                chosen: chosen?.resourceName)
        }
        guard let chosen else {
            return section(Words("What is granted", "授权内容"), id: "dataset") { filter }
        }
        let operators = try await visit.api.list("/operators")
        return section(Words("What is granted", "授权内容"), id: "dataset") { filter }
            + form(visit, chosen, peers, operators)
    }

    private static func form(
        _ visit: Visit, _ dataset: JSONValue, _ peers: KnownPeers, _ operators: [JSONValue]
    ) -> HTML {
        let name = dataset.resourceName
        return visit.form(visit.link(path, [("dataset", name), ("peer", visit.query("peer"))])) {
            visit.field(
                "name", Words("Name of the grant", "授权名称"), value: visit.query("peer").map { "\(name)-to-\($0)" },
                hint: Words("Lower-case letters, digits and -", "小写字母、数字和 -"), isRequired: true)
            visit.choice("peer", Words("To whom", "授予"), peers.options, chosen: visit.query("peer"))
            visit.field(
                "purpose", Words("What for", "用途"),
                hint: Words("Such as the agreement that allows it", "例如所依据的协议"), isRequired: true)
            columns(visit, dataset)
            algorithms(visit, operators)
            visit.boxes(
                "reveals", Words("What the peer may be told beyond that", "此外可告知对方的内容"),
                [
                    ("bins", Words("edges and counts of bins", "分箱的边界与计数")),
                    ("partial_scores", Words("this site's part of each row's score", "本站点对每行评分的部分")),
                    (
                        "model",
                        Words("this site's part of the model: names of columns, edges of splits", "本站点的模型部分：列名与分裂边界")
                    ),
                ].map { (value: $0.0, shown: HTML($0.1)) })
            visit.field(
                "uses", Words("Most jobs that may read it", "可读取的任务数上限"), type: "number", value: "1",
                isRequired: true, more: [Attribute("min", "1")])
            visit.field(
                "notAfter", Words("Last day (UTC)", "截止日期（UTC）"), type: "date",
                value: String(Timestamp(milliseconds: Timestamp.now.milliseconds + 90 * day).description.prefix(10)),
                isRequired: true)
            more(Words("Further limits", "更多限制")) {
                visit.field("notBefore", Words("First day (UTC)", "起始日期（UTC）"), type: "date")
                limit(visit, "rows", Words("Most rows that the dataset may have", "数据集行数上限"))
                limit(visit, "distinctIds", Words("Most ids that the peer may test, over all jobs", "对方可测试的标识总数上限"))
                limit(
                    visit, "minimumIntersection",
                    Words("Fewest common ids with which a job may go on", "任务继续所需的最少共同标识数"))
                limit(visit, "minimumBin", Words("Fewest rows in a bin that may be told", "可告知的分箱最少行数"))
            }
            tag("button", .class("primary")) { Words("Grant", "授予") }
        } + commandLines([command(visit, dataset)])
    }

    private static func limit(_ visit: Visit, _ name: String, _ label: Words) -> HTML {
        visit.field(
            name, label, type: "number", hint: Words("Empty for no limit", "留空表示不限"), more: [Attribute("min", "0")])
    }

    private static func columns(_ visit: Visit, _ dataset: JSONValue) -> HTML {
        let columns = dataset[path: "spec", "columns"]?.array ?? []
        guard columns.count <= mostBoxes else {
            return visit.area(
                "columns-written", Words("Columns that may be read", "可读取的列"), rows: 10,
                hint: Words(
                    "One in a line, the ids that align rows among them", "每行一列，包括用于对齐的标识列"), isRequired: true)
        }
        let ids = Set(dataset.texts("spec", "ids"))
        let label = dataset[path: "spec", "label"]?.string
        return visit.boxes(
            "columns", Words("Columns that may be read", "可读取的列"),
            columns.map { column in
                let name = column["name"]?.string ?? ""
                var shown =
                    code(name) + plain(" ") + tag("span", .class("muted")) { plain(column["type"]?.string ?? "") }
                if ids.contains(name) { shown.append(tag("span", .class("muted")) { Words(", id", "，标识") }) }
                if name == label { shown.append(tag("span", .class("muted")) { Words(", label", "，标签") }) }
                return (value: name, shown: tag("span") { shown })
            }, ticked: ids)
    }

    private static func algorithms(_ visit: Visit, _ operators: [JSONValue]) -> HTML {
        visit.boxes(
            "algorithms", Words("Operators that may read it", "可读取的算子"),
            operators.map { known in
                let name = known["name"]?.string ?? ""
                return (
                    value: name,
                    shown: tag("span") {
                        code(name)
                        plain(" ")
                        OperatorTexts.said(known["summary"]?.string ?? "", .class("muted"))
                    }
                )
            })
    }

    private static func command(_ visit: Visit, _ dataset: JSONValue) -> String {
        "atoll grant create NAME --peer \(shellWord(visit.query("peer") ?? "PEER")) "
            + "--dataset \(shellWord(dataset.resourceName)) --column COLUMN --purpose TEXT --algorithm OPERATOR "
            + "--until TIME" + visit.place.optionText
    }
}
