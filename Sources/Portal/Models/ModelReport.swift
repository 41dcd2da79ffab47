import Charts
import HTTPTypes
import Hummingbird
import NIOCore
import Resources

/// A version as one file: what it is made of and how good it is, with charts and tables, that asks nothing of anybody.
enum ModelReport {
    private static let mostTrees: Int64 = 3

    @Sendable static func file(_ visit: Visit) async throws -> Response {
        let version = try await ModelVersionPage.load(visit)
        let lineage = try await version.lineage(visit)
        let trees = try await visit.api.get(
            "/models/\(encoded(version.model))/trees",
            visit.placed([version.which, ("first", "1"), ("limit", "\(mostTrees)")]))
        let measured = try await Findings.measured(lineage, visit)
        let columns = try await Findings.columns(lineage, visit)
        let body = tag("main") {
            head(version)
            ModelOverview.kept(version).asCard(Words("What it is", "基本信息"), id: "kept")
            ModelOverview.parties(version)
            ModelOverview.columns(version)
            measured.measured
            columns.divided
            drawnTrees(version, trees)
            section(Words("Where it comes from", "来源"), id: "lineage") { sources(version, lineage) }
            section(Words("Parameters and figures of the training", "训练参数与指标"), id: "training") {
                ModelOverview.parameters(version)
            }
        }
        let style = String(decoding: Assets(folder: nil).css.bytes, as: UTF8.self)
        var headers = HTTPFields()
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentDisposition] = SiteCalls.attachment(
            "\(version.model)-\(version.number)-report.html")
        headers[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'"
        return Response(
            status: .ok, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: document(version, body, style, visit.language))))
    }

    /// The whole file; the style is the product's own.
    static func document(
        _ version: ModelVersionPage, _ body: HTML, _ style: String, _ language: Language
    ) -> String {
        let title = Markup.escape("\(version.model) \(version.number)")
        return """
            <!doctype html>
            <html lang="\(language.tag)"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title) · Atoll</title><style>\(style)
            main{max-width:70rem;margin:0 auto}[hidden]{display:none}</style></head>
            <body>\(body.write(language))</body></html>
            """
    }

    private static func head(_ version: ModelVersionPage) -> HTML {
        tag("header") {
            tag("p", .class("kind")) { Words("Report of a version of a model", "模型版本报告") }
            tag("h1") { plain("\(version.model) \(version.number)") }
            tag("p", .class("asof")) { time(Timestamp.now) }
        }
    }

    @HTMLBuilder private static func drawnTrees(_ version: ModelVersionPage, _ answer: JSONValue)
        -> HTML
    {
        let parties = (version.content["parties"]?.array ?? []).compactMap { $0["party"]?.string }
        let trees = answer["items"]?.array ?? []
        if !trees.isEmpty {
            section(
                Words("Trees", "树"), id: "trees",
                Words(
                    "The first \(trees.count) of \(answer["trees"]?.integer ?? 0).",
                    "共 \(answer["trees"]?.integer ?? 0) 棵，显示前 \(trees.count) 棵。")
            ) {
                for tree in trees {
                    figure(ModelCharts.tree(tree, parties: parties), id: "tree-\(tree["tree"]?.integer ?? 0)")
                }
            }
        }
    }

    private static func sources(_ version: ModelVersionPage, _ lineage: [LineageTask]) -> HTML {
        let datasets = Table(
            Words("Datasets that this side read", "本方读取的数据集"),
            [.init(Words("Dataset", "数据集")), .init(Words("Digest", "摘要"))],
            rows: (version.spec["datasets"]?.array ?? []).map {
                [
                    plain($0["name"]?.string ?? ""),
                    tag("span", .class("id"), content: code($0["digest"]?.string)),
                ]
            }
        ).html
        guard !lineage.isEmpty else { return datasets }
        return datasets
            + Table(
                Words("Jobs and tasks", "任务与步骤"),
                [
                    .init(Words("Job", "任务")), .init(Words("Task", "步骤")), .init(Words("What it did", "内容")),
                    .init(Words("State", "状态")),
                ],
                rows: lineage.map {
                    [plain($0.job), plain($0.task), plain($0.operatorName), JobState.html($0.state)]
                }
            ).html
    }

    private static func code(_ text: String?) -> () -> HTML { { plain(text ?? "–") } }
}

extension HTML {
    /// In a section of its own.
    fileprivate func asCard(_ title: Words, id: String) -> HTML {
        section(title, id: id) { self }
    }
}
